#!/bin/bash
# Every deliberate bug of the simulator is found by the invariant that is there for it, and the same
# runs without a bug hold; tests/simulation/README.md says so in the same words.
. "$(dirname "$0")/lib.sh"
build release simpul-sim || close
[ -d /dev/shm ] && export TMPDIR=/dev/shm
check "every bug is found" build/release/tests/simpul-sim --bugs
cp "$scratch/check.log" "$scratch/table"

# The committed table names the same bugs and invariants.
table_of_readme() { sed -nE 's/^\| `([a-z-]+)` \| `([a-z-]+)` \|.*/\1 \2/p' tests/simulation/README.md; }
table_of_run() { awk '$1 != "(none)" { print $1, $2 }' "$scratch/table"; }
same_table() { diff <(table_of_readme | sort) <(table_of_run | sort); }
check "the table of bugs in the README is the one that runs" same_table
invariants() { grep -oP '= "\K[a-z-]+(?=";)' tests/simulation/invariants.h; }
no_invariant_untested() {
  local missing=0 invariant
  for invariant in $(invariants); do
    table_of_run | grep -q " $invariant\$" || { echo "no bug tests $invariant"; missing=1; }
  done
  return "$missing"
}
check "every invariant has a bug that it finds" no_invariant_untested
close
