#!/bin/bash
# A week of twenty-four members, twice, in two processes and folders: it holds, both histories are the
# same to the byte, and every kind of fault and every race came about.
. "$(dirname "$0")/lib.sh"
build release simpul-sim || close
[ -d /dev/shm ] && export TMPDIR=/dev/shm
program=build/release/tests/simpul-sim

folders=$(mktemp -d)
trap 'rm -rf "$scratch" "$folders"' EXIT

# week NAME FOLDER [PADDING]: a run there, and its report. What else is in the environment, and
# where the data is, must make no difference.
week() {
  mkdir -p "$folders/$2" "$scratch/$1" || return
  PADDING=${3-} TMPDIR=$folders/$2 "$program" --seed 1 --members 24 --days 7 --progress |
    tee "$scratch/$1/report"
}
digest() { sed -nE '1s/.* digest ([0-9a-f]{64})$/\1/p' "$scratch/$1/report"; }

# none_is_zero WHAT: of the counts in the report's line of that name.
none_is_zero() {
  local counts
  counts=$(sed -nE "s/^  $1: //p" "$scratch/one/report")
  [ -n "$counts" ] || { echo "the report counts no $1"; return 1; }
  ! grep -oE '[a-z-]+ 0( |$)' <<<"$counts"
}

check "a week of twenty-four members holds" week one a
check "it holds elsewhere" week other b/longer/path "$(head -c 5000 /dev/zero | tr '\0' x)"
same() { [ -n "$(digest one)" ] && [ "$(digest one)" = "$(digest other)" ]; }
check "both histories are the same to the byte" same
check "every kind of fault happened" none_is_zero faults
check "every race came about" none_is_zero races
close
