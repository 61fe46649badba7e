#!/bin/bash
. "$(dirname "$0")/lib.sh"
rule=tests/checks/purity
check "crypto and protocol are pure" "$rule" .

# planted LINE: the rule must refuse a file that holds LINE.
planted() {
  mkdir -p "$scratch/tree/crypto" "$scratch/tree/protocol"
  printf '%s\n' "$1" >"$scratch/tree/protocol/a.cc"
  ! "$rule" "$scratch/tree"
}
accepted() { ! planted "$@"; }
while read -r line; do
  check "refuses: $line" planted "$line"
done <<'LINES'
auto now = std::chrono::system_clock::now();
auto now = time(nullptr);
int dice = std::rand();
std::random_device entropy;
getrandom(buffer, size, 0);
randombytes_buf(buffer, size);
crypto_secretbox_keygen(key);
crypto_sign_keypair(public_key, secret_key);
crypto_box_seal(out, in, size, public_key);
FILE* file = fopen(path, "rb");
std::ifstream file(path);
#include <fstream>
#include <sys/socket.h>
int fd = ::socket(AF_INET, SOCK_STREAM, 0);
const char* home = std::getenv("HOME");
std::this_thread::sleep_for(delay);
LINES
while read -r line; do
  check "accepts: $line" accepted "$line"
done <<'LINES'
// reads no std::chrono::system_clock::now() by itself
crypto_sign_seed_keypair(public_key, secret_key, seed);
crypto_box_seal_open(out, in, size, public_key, secret_key);
auto at = event.time();
if (operand(left) < brand(right)) return;
LINES
close
