#!/bin/bash
# A smoke test: the benchmarks run through and print every table. Their figures are not judged.
. "$(dirname "$0")/lib.sh"
build release simpul-bench || close
log=$scratch/bench.log
check "simpul-bench --quick ends well" bash -c "build/release/tests/simpul-bench --quick >'$log'"
for table in limits ingest growth latency footprint startup disk catch-up listings reports; do
  check "simpul-bench prints its table of $table" grep -A1 "^$table: " "$log"
done
cat "$log"
close
