# Sourced by every suite: counts checks, runs test programs, prints the closing line.
# A suite runs from the repository's root; SIMPUL_QUICK is 1 under tests/run --quick.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1

passed=0 failed=0 skipped=0
quick=${SIMPUL_QUICK:-0}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

pass() { passed=$((passed + 1)); }
fail() { failed=$((failed + 1)); echo "FAIL: $*"; }
skip() { skipped=$((skipped + 1)); echo "SKIP: $*"; }

# check NAME COMMAND...: one check; what the command prints is shown when it fails.
check() {
  local name=$1
  shift
  if "$@" >"$scratch/check.log" 2>&1; then
    pass
  else
    cat "$scratch/check.log"
    fail "$name"
  fi
}

# The last command of a suite.
close() {
  local line="$passed passed, $failed failed"
  [ "$skipped" -eq 0 ] || line+=", $skipped skipped"
  echo "$line"
  [ "$failed" -eq 0 ]
  exit
}

# build PRESET [TARGET...]: configures and builds; false, and one failure counted, when it breaks.
build() {
  local preset=$1
  shift
  if ! cmake --preset "$preset" >"$scratch/configure.log" 2>&1; then
    cat "$scratch/configure.log"
    fail "configuring $preset"
    return 1
  fi
  if ! cmake --build --preset "$preset" ${1:+--target "$@"} -- -k 0 >"$scratch/build.log" 2>&1; then
    grep -vE '^\[[0-9]+/[0-9]+\] ' "$scratch/build.log" | head -n 200
    fail "building $preset"
    return 1
  fi
}

# unit_programs PRESET [LAYER...]: the unit test programs of a built preset.
unit_programs() {
  local preset=$1 layer
  shift
  for layer in "${@:-*}"; do
    find "build/$preset/tests" -maxdepth 1 -type f -perm -u+x -name "unit_$layer" | sort
  done
}

# run_catch PROGRAM [ARGUMENT...]: runs a Catch2 program and adds its test cases to the counts.
# A test that cannot run here prints a line "SKIP: reason" and returns: it counts as skipped.
# What it measured it prints as "FIGURE: sentence".
run_catch() {
  "$@" >"$scratch/catch.log" 2>&1
  count_catch $? "$scratch/catch.log" "$@"
}

# run_catches PROGRAM...: the same for several, as many at a time as there are processors.
run_catches() {
  local logs=$scratch/catches program log
  mkdir -p "$logs"
  printf '%s\0' "$@" | xargs -0 -P "$(nproc)" -I{} \
    bash -c '"$1" >"$0/${1//\//+}" 2>&1; echo $? >"$0/${1//\//+}.status"' "$logs" {}
  for program in "$@"; do
    log=$logs/${program//\//+}
    count_catch "$(cat "$log.status" || echo 1)" "$log" "$program"
  done
}

# count_catch STATUS LOG PROGRAM [ARGUMENT...]: counts what a Catch2 program that has ended says.
count_catch() {
  local status=$1 log=$2 cases bad skips
  shift 2
  skips=$(grep -c '^SKIP: ' "$log")
  cases=$(sed -nE -e 's/^test cases: +([0-9]+) .*/\1/p' \
    -e 's/^All tests passed .* in ([0-9]+) test cases?\)$/\1/p' "$log" | tail -n 1)
  if [ -z "$cases" ] && [ "$status" -eq 0 ] && grep -qE '^No test(s ran| cases matched)' "$log"; then
    return 0
  fi
  bad=$(sed -nE 's/^test cases: .*\| +([0-9]+) failed( \|.*)?$/\1/p' "$log" | tail -n 1)
  bad=${bad:-0} cases=${cases:-0}
  # A program that died, or that a sanitizer stopped, failed even if its cases did not say so.
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
    bad=1
    [ "$cases" -gt 0 ] || cases=1
  fi
  if [ "$bad" -gt 0 ]; then
    grep -v '^SKIP: ' "$log" | tail -n 300
    echo "FAIL: $* (exit $status)"
  fi
  grep -E '^(SKIP|FIGURE): ' "$log"
  passed=$((passed + cases - bad - skips)) failed=$((failed + bad)) skipped=$((skipped + skips))
  return 0
}
