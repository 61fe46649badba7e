#!/bin/bash
# Fresh seeds of the simulation, for two minutes: tests/simulation/README.md lists what is open.
. "$(dirname "$0")/lib.sh"
build release simpul-sim || close
[ -d /dev/shm ] && export TMPDIR=/dev/shm
fresh=$(($(date +%s) * 100))
check "fresh seeds from $fresh hold" build/release/tests/simpul-sim --seed "$fresh" \
  --hours 0.033 --members 4 --members-max 9 --days 0.5
close
