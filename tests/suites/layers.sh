#!/bin/bash
. "$(dirname "$0")/lib.sh"
rule=tests/checks/layers
check "the layer rule" "$rule" .

# planted FILE LINE: the rule must refuse a tree in which FILE holds LINE.
planted() {
  local tree=$scratch/tree
  rm -rf "$tree"
  mkdir -p "$tree"/{crypto,protocol,storage,node,tests} "$tree/$(dirname "$1")"
  printf '%s\n' "$2" >"$tree/$1"
  ! "$rule" "$tree"
}
accepted() { ! planted "$@"; }
check "protocol including storage" planted protocol/a.h '#include "storage/b.h"'
check "node including tests" planted node/a.cc '#include "tests/support/b.h"'
check "sodium outside crypto" planted node/a.cc '#include <sodium.h>'
check "sodium in a header" planted crypto/a.h '#include <sodium.h>'
check "crypto's own way to sodium outside crypto" planted node/a.cc '#include "crypto/sodium.h"'
check "libcrypto outside crypto" planted protocol/a.cc '#include <openssl/sha.h>'
check "Cap'n Proto in a header" planted protocol/a.h '#include <capnp/message.h>'
check "a generated header in storage" planted storage/a.cc '#include "schema/event.capnp.h"'
check "LMDB in node" planted node/a.cc '#include <lmdb.h>'
check "ZeroMQ in storage" planted storage/a.cc '#include <zmq.hpp>'
check "a header including itself" planted node/a.h '#include "node/a.h"'
check "what is allowed" accepted crypto/a.cc '#include <sodium.h>'

cycle_of_two() {
  planted node/a.h '#include "node/b.h"' && return 1  # one edge alone is no cycle
  printf '#include "node/a.h"\n' >"$scratch/tree/node/b.h"
  ! "$rule" "$scratch/tree"
}
check "a cycle of two headers" cycle_of_two
close
