#!/bin/bash
. "$(dirname "$0")/lib.sh"
build asan unit_node || close
export ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1
run_catch build/asan/tests/unit_node
close
