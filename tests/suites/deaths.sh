#!/bin/bash
# A hundred kills and a hundred power cuts under traffic, and restored copies.
. "$(dirname "$0")/lib.sh"
build release simpul e2e || close
run_catch build/release/tests/e2e "[.deaths],[.restore]"
close
