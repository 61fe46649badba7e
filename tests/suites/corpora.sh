#!/bin/bash
# Every input that a fuzz target was ever given to keep, through all targets' checks.
. "$(dirname "$0")/lib.sh"
build asan fuzz_replay || close
export ASAN_OPTIONS=abort_on_error=1:detect_stack_use_after_return=1
export UBSAN_OPTIONS=print_stacktrace=1:abort_on_error=1
for corpus in tests/fuzz/corpus/*/; do
  target=$(basename "$corpus")
  check "the inputs of $target" build/asan/tests/fuzz_replay tests/fuzz/corpus "$target"
done
check "every target has inputs" test "$(build/asan/tests/fuzz_replay --list | wc -l)" \
  -eq "$(ls tests/fuzz/corpus | wc -l)"

# An input that breaks a claim must be named, and count as a failure.
broken_input_is_named() {
  local log
  mkdir -p "$scratch/planted/self-test" && printf broken >"$scratch/planted/self-test/input"
  log=$(build/asan/tests/fuzz_replay "$scratch/planted" self-test 2>&1) && return 1
  grep -q "broken by .*planted/self-test/input" <<<"$log"
}
check "an input that breaks a claim is found and named" broken_input_is_named
close
