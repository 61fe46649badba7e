#include "node/federation_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "crypto/encoding.h"
#include "node/files.h"
#include "protocol/endpoint.h"
#include "protocol/roster.h"

namespace simpul {
namespace {

using Json = nlohmann::json;
constexpr std::size_t kFederationFileSizeMax = 1 << 20;

class Fields {
 public:
  Fields(const Json& object, std::string where) : object_(object), where_(std::move(where)) {}

  Result<std::string> text(const char* name) const {
    const auto found = object_.find(name);
    if (found == object_.end() || !found->is_string()) return wrong(name, "a text is missing");
    return found->get<std::string>();
  }

  template <class Key>
  Result<Key> key(const char* name) const {
    SIMPUL_TRY(hex, text(name));
    const auto bytes = from_hex(hex);
    auto key = bytes ? Key::from(*bytes) : fail(ErrorCode::kMalformed, "");
    if (!key) return wrong(name, "must be a key in 64 hex digits");
    return key;
  }

  std::unexpected<Error> wrong(const std::string& name, const std::string& why) const {
    return fail(ErrorCode::kMalformed, where_ + ": \"" + name + "\": " + why);
  }

 private:
  const Json& object_;
  std::string where_;
};

Result<HubAddress> parse_hub(const Json& json, const std::string& where) {
  if (!json.is_object()) return fail(ErrorCode::kMalformed, where + ": must be an object");
  const Fields fields(json, where);
  SIMPUL_TRY(name, fields.text("member"));
  const auto member = MemberId::parse(name);
  if (!member) return fields.wrong("member", member.error().message);
  SIMPUL_TRY(endpoint, fields.text("endpoint"));
  if (!is_endpoint(endpoint)) return fields.wrong("endpoint", "must be tcp://host:port");
  SIMPUL_TRY(transport, fields.key<TransportKey>("transport"));
  return HubAddress{*member, endpoint, transport};
}

}  // namespace

bool is_federation_id(std::string_view text) {
  return !text.empty() && text.size() <= 40 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

Result<FederationFile> parse_federation(std::string_view text, const std::string& file_name) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) {
    return fail(ErrorCode::kMalformed, file_name + " is not a federation file: no JSON object");
  }
  const Fields fields(json, file_name);
  FederationFile file;
  SIMPUL_TRY(federation, fields.text("federation"));
  if (!is_federation_id(federation)) {
    return fields.wrong("federation", "must be 1 to 40 of a-z, 0-9 and -");
  }
  file.federation = federation;
  SIMPUL_TRY(root, fields.key<VerifyKey>("root"));
  file.root = root;
  const auto hubs = json.find("hubs");
  if (hubs == json.end() || !hubs->is_array() || hubs->empty()) {
    return fields.wrong("hubs", "must list at least one hub");
  }
  for (const Json& entry : *hubs) {
    SIMPUL_TRY(hub, parse_hub(entry, file_name + ": a hub"));
    file.hubs.push_back(std::move(hub));
  }
  return file;
}

Result<FederationFile> read_federation(const std::string& path) {
  SIMPUL_TRY(bytes, read_file(path, kFederationFileSizeMax));
  return parse_federation(as_text(bytes), path);
}

std::string to_json_text(const FederationFile& federation) {
  Json hubs = Json::array();
  for (const HubAddress& hub : federation.hubs) {
    hubs.push_back({{"member", hub.member.text()},
                    {"endpoint", hub.endpoint},
                    {"transport", to_hex(hub.transport.view())}});
  }
  const Json json = {{"federation", federation.federation},
                     {"root", to_hex(federation.root.view())},
                     {"hubs", hubs}};
  return json.dump(2) + "\n";
}

}  // namespace simpul
