#!/bin/bash
# ThreadSanitizer over what has threads: the database with its readers, transport, control socket and
# queues, then whole nodes as processes. What libraries do among themselves is not looked at, for
# they are not built for it: messages handed over inside ZeroMQ look unordered.
. "$(dirname "$0")/lib.sh"
build tsan unit_storage unit_node e2e simpul || close
export TSAN_OPTIONS="ignore_noninstrumented_modules=1 halt_on_error=1 second_deadlock_stack=1"
# One test asks for more address space than the sanitizer leaves.
run_catch build/tsan/tests/unit_storage "~[map]"
run_catch build/tsan/tests/unit_node "[transport],[control],[input-queue],[admission],[queries]"
run_catch build/tsan/tests/e2e "[story],a node that is stopped*"
close
