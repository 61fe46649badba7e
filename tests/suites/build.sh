#!/bin/bash
. "$(dirname "$0")/lib.sh"
build release && pass || close

# Every suite builds what it needs: that must cost nothing when it is there.
nothing_to_do() {
  build release || return
  cat "$scratch/build.log"
  [ "$(tail -n 1 "$scratch/build.log")" = "ninja: no work to do." ]
}
check "what is built is not built again" nothing_to_do
close
