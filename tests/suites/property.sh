#!/bin/bash
# Tests that use RapidCheck carry the tag [property].
. "$(dirname "$0")/lib.sh"
build release || close
[ "$quick" = 1 ] || export RC_PARAMS="max_success=1000"
for program in $(unit_programs release); do
  run_catch "$program" '[property]'
done
close
