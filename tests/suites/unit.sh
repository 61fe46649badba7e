#!/bin/bash
. "$(dirname "$0")/lib.sh"
build release || close
for program in $(unit_programs release); do
  run_catch "$program" '~[property]'
done
close
