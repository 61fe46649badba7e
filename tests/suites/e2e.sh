#!/bin/bash
. "$(dirname "$0")/lib.sh"
build release simpul e2e || close
run_catch build/release/tests/e2e
close
