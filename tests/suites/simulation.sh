#!/bin/bash
# A federation on virtual time: fixed seeds, and one seed twice in two folders. What a seed does
# changes with nearly every change of the program, so those that broke once are not kept: what they
# found has unit tests. Fresh seeds are a suite of their own: --only seeds.
. "$(dirname "$0")/lib.sh"
check "the model knows nothing of the product" tests/simulation/independent .
planted() {
  mkdir -p "$scratch/tree/tests"
  cp -r tests/simulation "$scratch/tree/tests"
  echo '#include "protocol/custody.h"' >>"$scratch/tree/tests/simulation/model.cc"
  ! tests/simulation/independent "$scratch/tree"
}
check "a model that does is found out" planted
build release simpul-sim || close
program=build/release/tests/simpul-sim
[ -d /dev/shm ] && export TMPDIR=/dev/shm

# digest_of ARGUMENT...: of the run's whole history.
digest_of() {
  "$program" "$@" | sed -nE 's/.* digest ([0-9a-f]{64})$/\1/p'
}

check "forty-eight seeds of four to nine members hold" \
  "$program" --seed 1 --seeds 48 --members 4 --members-max 9 --days 0.5
check "six seeds without liars hold" \
  "$program" --seed 1 --seeds 6 --members 4 --members-max 9 --days 0.5 --honest
check "two days of nine members hold" "$program" --seed 7 --members 9 --days 2

mkdir -p "$scratch/a/longer/path" "$scratch/b"
one=$(TMPDIR=$scratch/a/longer/path digest_of --seed 11 --days 0.5)
other=$(TMPDIR=$scratch/b PADDING=$(head -c 5000 /dev/zero | tr '\0' x) digest_of --seed 11 --days 0.5)
if [ -n "$one" ] && [ "$one" = "$other" ]; then
  pass
else
  fail "the same seed gave two histories: '$one' and '$other'"
fi

close
