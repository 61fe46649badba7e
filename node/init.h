// Makes a node's home: keys, configuration, and on the hub that issues rosters the root key,
// the founding roster and the federation.json that members begin with. Never overwrites.
// Also opens what was made: the identity a node runs with.
#pragma once

#include <string>

#include "node/config.h"
#include "node/federation_file.h"
#include "node/home.h"
#include "node/identity.h"
#include "node/passphrase.h"

namespace simpul {

struct InitOptions {
  std::string home;
  Config config;  // member, name, kind, listen, endpoint, ...; federation comes from the file
  PassphraseSource passphrase;
  // Instead of asking for a passphrase, draw one and keep it in keys/passphrase. Protects only
  // backups that leave that file out.
  bool keep_passphrase = false;
  bool insecure_fast_keys = false;  // least work for whoever guesses: demonstrations and tests
};

struct InitReport {
  std::string member;
  std::string fingerprint;  // to be compared by telephone
  std::string home;
  std::string federation_file;  // what to hand to members (on a hub), else what was taken in
};

// `federation_path`: the federation.json from the hub's administrator.
Result<InitReport> init_member(const InitOptions& options, const std::string& federation_path);

// A new federation with this node as its hub: REQUIRES config.federation and config.endpoint.
Result<InitReport> init_hub(const InitOptions& options);

// Reads and decrypts what the above made. Error::kConflict when the files contradict each other.
Result<Identity> open_identity(const Home& home, const Config& config,
                               const SecretBytes& passphrase);

}  // namespace simpul
