#!/bin/bash
# Checkpoints, cosignatures and proofs verified by Go's sumdb/note and sumdb/tlog, from Debian's
# golang-go and golang-golang-x-mod-dev.
. "$(dirname "$0")/lib.sh"

go_path=/usr/share/gocode
if ! command -v go >/dev/null || [ ! -d $go_path/src/golang.org/x/mod/sumdb/note ]; then
  skip "golang-go or golang-golang-x-mod-dev is not installed"
  close
fi
build release emit_vectors || close
export GO111MODULE=off GOPATH=$go_path GOCACHE=$PWD/build/go-cache GOFLAGS=-p=1

go build -o "$scratch/check" tests/go/check.go || { fail "building tests/go/check.go"; close; }
build/release/tests/emit_vectors >"$scratch/vectors" || { fail "emit_vectors"; close; }
"$scratch/check" <"$scratch/vectors" >"$scratch/results"
status=$?
passed=$(grep -c '^ok ' "$scratch/results")
failed=$(grep -c '^FAIL ' "$scratch/results")
grep '^FAIL ' "$scratch/results"
[ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || fail "tests/go/check.go ended with $status"

# Every fact was judged, and a checker that accepts anything would be found out.
check "one verdict for each fact" \
  [ "$((passed + failed))" -eq "$(wc -l <"$scratch/vectors")" ]
sed -E '/^note 100 /s/A/B/' "$scratch/vectors" >"$scratch/tampered"
check "a tampered note is refused" \
  bash -c "! '$scratch/check' <'$scratch/tampered' >'$scratch/refused' && grep '^FAIL note' '$scratch/refused'"
close
