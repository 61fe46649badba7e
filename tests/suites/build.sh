#!/bin/bash
. "$(dirname "$0")/lib.sh"
build release && pass || close

# Every suite builds what it needs: that must cost nothing when it is there.
again() { cmake --preset release && cmake --build --preset release -- -n -d explain; }
nothing_to_do() { again | tee /dev/stderr | grep -q '^ninja: no work to do'; }
check "what is built is not built again" nothing_to_do
close
