#!/bin/bash
# A federation on virtual time: fixed seeds, fresh seeds, and one seed twice in two folders.
. "$(dirname "$0")/lib.sh"
build release simpul-sim || close
program=build/release/tests/simpul-sim
[ -d /dev/shm ] && export TMPDIR=/dev/shm

# digest_of ARGUMENT...: of the run's whole history.
digest_of() {
  "$program" "$@" | sed -nE 's/.* digest ([0-9a-f]{64})$/\1/p'
}

check "fixed seeds hold" "$program" --seed 1 --seeds 3 --days 0.5
check "a federation of four holds" "$program" --seed 21 --members 4 --days 0.5
check "a week of nine members holds" "$program" --seed 7 --members 9 --days 7

mkdir -p "$scratch/a/longer/path" "$scratch/b"
one=$(TMPDIR=$scratch/a/longer/path digest_of --seed 11 --days 0.5)
other=$(TMPDIR=$scratch/b PADDING=$(head -c 5000 /dev/zero | tr '\0' x) digest_of --seed 11 --days 0.5)
if [ -n "$one" ] && [ "$one" = "$other" ]; then
  pass
else
  fail "the same seed gave two histories: '$one' and '$other'"
fi

fresh=$(($(date +%s) * 100))
hours=0.008
[ "$quick" = 1 ] && hours=0.003
check "fresh seeds from $fresh hold" "$program" --seed "$fresh" --hours-real "$hours" --days 0.5
close
