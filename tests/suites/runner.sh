#!/bin/bash
# tests/run over planted suites: what must fail does, and the closing line adds up.
. "$(dirname "$0")/lib.sh"
planted=$scratch/suites
mkdir "$planted"

# suite NAME BODY: a suite with a line in the table.
suite() {
  printf '#!/bin/bash\n%s\n' "$2" >"$planted/$1.sh"
  chmod +x "$planted/$1.sh"
  echo "$1 quick 1 planted" >>"$planted/table"
}
# ends LINE ARGUMENT...: tests/run ends with LINE, and with status 0 exactly when nothing failed.
ends() {
  local line=$1 status
  shift
  SIMPUL_SUITES=$planted tests/run "$@" >"$scratch/run.log"
  status=$?
  cat "$scratch/run.log"
  [ "$(tail -n 1 "$scratch/run.log")" = "$line" ] || return 1
  if [[ $line == *" 0 failed"* ]]; then [ "$status" -eq 0 ]; else [ "$status" -ne 0 ]; fi
}
suite good 'echo "3 passed, 0 failed"'
suite skipping 'echo "SKIP: no such file"; echo "1 passed, 0 failed, 1 skipped"'
check "sums and skips" ends "4 passed, 0 failed, 1 skipped"
check "names what was skipped" grep -q "  skipping: no such file" "$scratch/run.log"
check "one suite" ends "3 passed, 0 failed" --only good
check "an unknown suite" ends "3 passed, 1 failed" --only good,absent
suite bad 'echo "2 passed, 1 failed"; exit 1'
suite crash 'kill -SEGV $$'
suite mute 'echo hello'
suite liar 'echo "1 passed, 0 failed"; exit 3'
check "a failing suite" ends "2 passed, 1 failed" --only bad
check "a suite that crashes" ends "0 passed, 1 failed" --only crash
check "a suite that says nothing" ends "0 passed, 1 failed" --only mute
check "a suite whose status contradicts it" ends "1 passed, 1 failed" --only liar
printf '#!/bin/bash\n' >"$planted/unlisted.sh"
check "a suite that is not in the table" ends "3 passed, 1 failed" --only good

# programs NAME: a stand-in for a Catch2 program, counted by run_catch.
counts() {
  local expected=$1
  printf '#!/bin/bash\n%s\n' "$2" >"$scratch/program"
  chmod +x "$scratch/program"
  (
    passed=0 failed=0 skipped=0
    run_catch "$scratch/program"
    echo "counted $passed $failed $skipped"
    [ "$passed $failed $skipped" = "$expected" ]
  )
}
check "Catch2: all passed" counts "2 0 0" 'echo "All tests passed (5 assertions in 2 test cases)"'
check "Catch2: some failed" counts "1 2 0" \
  'echo "test cases: 3 | 1 passed | 2 failed"; echo "assertions: 9 | 7 passed | 2 failed"; exit 2'
check "Catch2: all failed" counts "0 1 0" 'echo "test cases: 1 | 1 failed"; exit 1'
check "Catch2: a skipped case" counts "1 0 1" \
  'echo "SKIP: absent"; echo "All tests passed (5 assertions in 2 test cases)"'
check "Catch2: no case matches" counts "0 0 0" 'echo "No tests ran"'
check "Catch2: a crash" counts "0 1 0" 'kill -SEGV $$'
check "Catch2: a sanitizer's verdict" counts "1 1 0" \
  'echo "All tests passed (5 assertions in 2 test cases)"; exit 23'

several() {
  printf '#!/bin/bash\necho "All tests passed (5 assertions in 2 test cases)"\n' >"$scratch/sound"
  printf '#!/bin/bash\nkill -SEGV $$\n' >"$scratch/crashing"
  chmod +x "$scratch/sound" "$scratch/crashing"
  (
    passed=0 failed=0 skipped=0
    run_catches "$scratch/sound" "$scratch/crashing"
    echo "counted $passed $failed $skipped"
    [ "$passed $failed $skipped" = "2 1 0" ]
  )
}
check "Catch2: several programs at once" several
close
