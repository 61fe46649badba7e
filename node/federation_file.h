// federation.json: what a new node must know before it can dial: the federation's id, the key
// that signs its rosters, and where its hubs are. Handed out by the hub's administrator; holds
// no secret, but whoever can change it on the way can mislead a new node.
//
//   {"federation": "id-pilot", "root": "<hex>",
//    "hubs": [{"member": "hub", "endpoint": "tcp://host:port", "transport": "<hex>"}]}
#pragma once

#include <string>
#include <vector>

#include "node/identity.h"

namespace simpul {

struct FederationFile {
  std::string federation;
  VerifyKey root;
  std::vector<HubAddress> hubs;
};

// Error::kMalformed naming the file and the field.
Result<FederationFile> parse_federation(std::string_view text, const std::string& file_name);
Result<FederationFile> read_federation(const std::string& path);
std::string to_json_text(const FederationFile& federation);

// A federation's id: [a-z0-9-]{1,40}.
bool is_federation_id(std::string_view text);

}  // namespace simpul
