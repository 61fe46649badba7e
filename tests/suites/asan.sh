#!/bin/bash
. "$(dirname "$0")/lib.sh"
# The node's tests under sanitizers take as long as all others together: by name, --only asan-node.
layers=(crypto protocol storage)
build asan "${layers[@]/#/unit_}" || close
export ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1
for program in $(unit_programs asan "${layers[@]}"); do
  run_catch "$program"
done
close
