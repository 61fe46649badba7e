#!/bin/bash
. "$(dirname "$0")/lib.sh"
build tsan || close
export TSAN_OPTIONS="suppressions=$PWD/tests/support/tsan.supp halt_on_error=1 second_deadlock_stack=1"
for program in $(unit_programs tsan storage node); do
  run_catch "$program"
done
close
