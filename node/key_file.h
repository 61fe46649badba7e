// The file that a node's keys rest in, for as long as the node runs: each writing replaces it
// whole, synced, with the passphrase and the work for guessers that it had. A crash leaves the old
// keys or the new ones, never less. Used on the engine's thread.
#pragma once

#include <string>

#include "crypto/keystore.h"
#include "node/home.h"

namespace simpul {

class KeyFile {
 public:
  // Of a keystore that `passphrase` opens.
  static Result<KeyFile> open(const Home& home, SecretBytes passphrase);

  Result<void> keep(const Keystore& keys) const;

 private:
  KeyFile(std::string path, SecretBytes passphrase, KeystoreCost cost)
      : path_(std::move(path)), passphrase_(std::move(passphrase)), cost_(cost) {}

  std::string path_;
  SecretBytes passphrase_;
  KeystoreCost cost_;
};

}  // namespace simpul
