#!/bin/bash
# 100 MB and 5,000 cases over a bad line between network namespaces; about an hour. Needs root.
. "$(dirname "$0")/lib.sh"
build release simpul e2e || close
run_catch build/release/tests/e2e "[.badline]"
close
