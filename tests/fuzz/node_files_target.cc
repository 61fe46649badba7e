// Files that a node reads: configuration, federation file, policy, marker, mapping, and the
// messages of the control socket. What is accepted is written and read again to the same value, and
// keeps the limits that its header states.
#include "node/config.h"
#include "node/control_wire.h"
#include "node/federation_file.h"
#include "node/import/agency_map.h"
#include "node/policy_file.h"
#include "node/restore_marker.h"
#include "protocol/endpoint.h"
#include "tests/fuzz/script.h"
#include "tests/fuzz/targets.h"

namespace simpul::fuzz {

namespace {

bool same(const Config& one, const Config& other) {
  const auto parts = [](const Config& c) {
    return std::tie(c.member, c.federation, c.name, c.kind, c.listen, c.endpoint, c.direct_links,
                    c.journals, c.log_level, c.log_format, c.map_size_gib, c.ping_interval_seconds,
                    c.link_dead_after_seconds, c.confirm_wait_seconds, c.index_lag_max,
                    c.network_threads);
  };
  return parts(one) == parts(other);
}

bool same(const FederationFile& one, const FederationFile& other) {
  const auto same_hub = [](const HubAddress& left, const HubAddress& right) {
    return left.member == right.member && left.endpoint == right.endpoint &&
           left.transport == right.transport;
  };
  return one.federation == other.federation && one.root == other.root &&
         std::ranges::equal(one.hubs, other.hubs, same_hub);
}

}  // namespace

void fuzz_config(BytesView input) {
  const auto config = parse_config(as_text(input), "simpul.toml");
  if (!config) {
    SIMPUL_CHECK(config.error().message.starts_with("simpul.toml"));
    return;
  }
  SIMPUL_CHECK(!config->member.empty() && is_federation_id(config->federation));
  SIMPUL_CHECK(config->endpoint.empty() || is_endpoint(config->endpoint));
  SIMPUL_CHECK(config->link_dead_after_seconds > config->ping_interval_seconds);
  SIMPUL_CHECK(config->map_size_gib >= 1 && config->map_size_gib <= 65'536);
  const auto again = parse_config(to_toml(*config), "simpul.toml");
  SIMPUL_CHECK(again.has_value() && same(*config, *again));
}

void fuzz_federation_file(BytesView input) {
  const auto file = parse_federation(as_text(input), "federation.json");
  if (!file) {
    SIMPUL_CHECK(file.error().message.starts_with("federation.json"));
    return;
  }
  SIMPUL_CHECK(is_federation_id(file->federation) && !file->hubs.empty());
  for (const HubAddress& hub : file->hubs) SIMPUL_CHECK(is_endpoint(hub.endpoint));
  const auto again = parse_federation(to_json_text(*file), "federation.json");
  SIMPUL_CHECK(again.has_value() && same(*file, *again));
}

void fuzz_policy_file(BytesView input) {
  const auto policy = read_policy_file(as_text(input), Policy{});
  if (!policy) {
    SIMPUL_CHECK(policy.error().message.starts_with("policy"));
    return;
  }
  for (const std::uint32_t limit :
       {policy->clocks.verify, policy->clocks.follow_up, policy->clocks.information,
        policy->clocks.complaint, policy->clocks.oversight, policy->clocks.reply}) {
    SIMPUL_CHECK(limit >= 1 && limit <= kClockDaysMax);
  }
  SIMPUL_CHECK(policy->max_declines >= 1 && policy->days_off.size() <= kDaysOffMax);
  SIMPUL_CHECK(std::ranges::adjacent_find(policy->days_off, std::ranges::greater_equal{}) ==
               policy->days_off.end());
  const auto key = [](const CategoryOwner& owner) {
    return std::pair(owner.category, owner.region);
  };
  SIMPUL_CHECK(policy->owners.size() <= kCategoryOwnersMax);
  SIMPUL_CHECK(std::ranges::adjacent_find(policy->owners, std::ranges::greater_equal{}, key) ==
               policy->owners.end());
  // What the file left out stays as it was: reading it again over its own result changes nothing.
  const auto again = read_policy_file(as_text(input), *policy);
  SIMPUL_CHECK(again.has_value() && *again == *policy);
}

void fuzz_restore_marker(BytesView input) {
  if (const auto marker = parse_marker(as_text(input))) {
    const auto again = parse_marker(to_text(*marker));
    SIMPUL_CHECK(again.has_value() && again->nonce == marker->nonce);
    SIMPUL_CHECK(again->next_nonce == marker->next_nonce);
    SIMPUL_CHECK(!judge_restore(*marker, std::nullopt, {.nonce = marker->nonce, .head = {}}));
  }
  if (const auto head = parse_own_head(as_text(input))) {
    SIMPUL_CHECK(parse_own_head(to_text(*head)) == *head);
  }
}

void fuzz_agency_map(BytesView input) {
  const auto map = read_agency_map(as_text(input));
  if (!map) return;
  SIMPUL_CHECK(!map->agencies.empty() && map->privacy <= Privacy::kConfidential);
  SIMPUL_CHECK(!map->jurisdiction.empty() && map->jurisdiction.size() <= 128);
  for (const auto& [agency, member] : map->agencies) {
    SIMPUL_CHECK(!member.empty() && map->find(agency) == member);
  }
}

void fuzz_control_wire(BytesView input) {
  if (const auto request = decode_request(input)) {
    SIMPUL_CHECK(request->arguments.is_object());
    const std::string text = encode_request(request->name, request->arguments);
    const auto again = decode_request(as_bytes(text));
    SIMPUL_CHECK(again.has_value() && again->name == request->name);
    SIMPUL_CHECK(again->arguments == request->arguments);
  }
  const auto reply = decode_reply(input);
  const std::string text = encode_reply(reply);
  const auto again = decode_reply(as_bytes(text));
  SIMPUL_CHECK(again.has_value() == reply.has_value());
  if (reply) SIMPUL_CHECK(*again == *reply);
  if (!reply) SIMPUL_CHECK(again.error().code == reply.error().code);
}

}  // namespace simpul::fuzz
