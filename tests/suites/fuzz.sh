#!/bin/bash
# Fuzzes every target for a short while, as many at a time as there are processors, and measures how
# much of its decoder the kept corpus reaches: tests/fuzz/floors. SIMPUL_FUZZ_SECONDS=600 for long.
. "$(dirname "$0")/lib.sh"
command -v clang++-19 >/dev/null || { skip "clang-19 is not installed: nothing is fuzzed"; close; }
build fuzz simpul-fuzz || close
export SIMPUL_FUZZ_BUILT=1
seconds=${SIMPUL_FUZZ_SECONDS:-3}
mapfile -t targets < <(tests/fuzz/run --list)

fuzz_one() { tests/fuzz/run --seconds "$1" "$3" >"$2/$3.log" 2>&1 && touch "$2/$3.held"; }
export -f fuzz_one
held() { cat "$1.log"; [ -e "$1.held" ]; }
mkdir "$scratch/fuzz"
printf '%s\0' "${targets[@]}" |
  xargs -0 -P "$(nproc)" -I{} bash -c 'fuzz_one "$0" "$1" {}' "$seconds" "$scratch/fuzz"
for target in "${targets[@]}"; do
  sed -n '1s/^/FIGURE: /p' "$scratch/fuzz/$target.log"
  check "$target holds for $seconds s" held "$scratch/fuzz/$target"
done

# The floor of a target, and the files of its decoder.
reaches_floor() {
  local target=$1 floor=$2 reached
  shift 2
  reached=$(tests/fuzz/run --coverage "$target" "$@")
  echo "$target reaches $reached % of the lines of $*; the floor is $floor %"
  awk -v reached="$reached" -v floor="$floor" 'BEGIN {exit !(reached >= floor)}'
}
floors() { grep -vE '^(#|$)' tests/fuzz/floors; }
if command -v llvm-cov-19 >/dev/null && command -v llvm-profdata-19 >/dev/null; then
  while read -r target floor files; do
    check "the coverage of $target" reaches_floor "$target" "$floor" $files
  done < <(floors)
  unreachable() { ! reaches_floor "$1" 100.1 $3; }
  check "a floor that is not reached is found" unreachable $(floors | head -n 1)
  check "every target has a floor" diff <(printf '%s\n' "${targets[@]}" | sort) \
    <(floors | awk '{print $1}' | sort)
else
  skip "llvm-19 is not installed: coverage is not measured"
fi
close
