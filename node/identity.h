// Who this node is: its member id, its federation and its keys. Built once by the program's
// wiring from configuration and keystore; owned by the wiring, borrowed by the engine, which alone
// touches the signing key and the coming one (key_rotation.h). All else is constant.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/keystore.h"
#include "protocol/ids.h"

namespace simpul {

// Where a hub is found before there is a roster; afterwards the roster says.
struct HubAddress {
  MemberId member;
  std::string endpoint;  // "tcp://host:port"
  TransportKey transport;
};

struct Identity {
  MemberId member;
  std::string federation;
  VerifyKey root;  // the roster's signer
  Keystore keys;
  std::optional<SigningKey> root_key;  // only where rosters are issued
  std::vector<HubAddress> hubs;

  const SecretBytes& vault_key() const { return keys.vault.rbegin()->second; }
  std::uint32_t vault_version() const { return keys.vault.rbegin()->first; }
};

}  // namespace simpul
