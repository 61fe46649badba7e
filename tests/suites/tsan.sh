#!/bin/bash
. "$(dirname "$0")/lib.sh"
layers=()
for layer in storage node; do
  ! compgen -G "tests/unit/$layer/*_test.cc" >/dev/null || layers+=("$layer")
done
[ ${#layers[@]} -gt 0 ] || close
build tsan "${layers[@]/#/unit_}" || close
export TSAN_OPTIONS="suppressions=$PWD/tests/support/tsan.supp halt_on_error=1 second_deadlock_stack=1"
for program in $(unit_programs tsan "${layers[@]}"); do
  run_catch "$program"
done
close
