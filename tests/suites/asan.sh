#!/bin/bash
. "$(dirname "$0")/lib.sh"
layers=(crypto protocol storage node)
build asan "${layers[@]/#/unit_}" || close
export ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1
run_catches $(unit_programs asan "${layers[@]}")
close
