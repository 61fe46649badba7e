#!/bin/bash
# A federation on virtual time: fixed seeds, those that broke once, and one seed twice in two
# folders. Fresh seeds are a suite of their own: --only seeds.
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

check "fixed seeds hold" "$program" --seed 1 --seeds 3 --days 0.5
for seed in 4 16 20 23 41 1009 1012 1020 1052 121; do
  check "seed $seed, which broke once, holds" "$program" --seed "$seed" --days 0.5
done
for seed in 300003 300031 300035 300060 330013; do
  check "seed $seed of four members, which broke once, holds" \
    "$program" --seed "$seed" --members 4 --days 0.5
done
for seed in 310000 340006; do
  check "seed $seed of five members, which broke once, holds" \
    "$program" --seed "$seed" --members 5 --days 0.5
done
check "a federation of four holds" "$program" --seed 21 --members 4 --days 0.5
for seed in 400005 400012 400015 400026; do
  check "seed $seed with liars, which broke once, holds" \
    "$program" --liars --seed "$seed" --members 9 --days 0.5
done
for seed in 400055 400072; do
  check "seed $seed with liars, which broke once, holds" \
    "$program" --liars --seed "$seed" --members 9 --days 0.3
done
for seed in 400219 400225; do
  check "seed $seed with liars, which broke once, holds" \
    "$program" --liars --seed "$seed" --members 6 --days 0.3
done
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
