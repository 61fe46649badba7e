// The configuration, HOME/simpul.toml: parsed once, validated whole. Every error names the
// file, the key, the value and what is allowed; a key that is not known is an error.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"
#include "protocol/ids.h"
#include "protocol/roster.h"

namespace simpul {

enum class LogFormat : std::uint8_t { kText, kJson };

struct Config {
  MemberId member;         // required: who this node is
  std::string federation;  // required: the federation's id
  std::string name;        // as shown to people; required
  MemberKind kind = MemberKind::kRegency;

  std::string listen;              // "tcp://address:port" to bind; empty: dials only
  std::string endpoint;            // "tcp://host:port" that others can reach; empty: none
  bool direct_links = true;        // dial members that have an endpoint
  std::vector<MemberId> journals;  // members whose whole journals are followed, besides a hub's

  std::string log_level = "info";  // debug, info, warning, error
  LogFormat log_format = LogFormat::kText;

  std::uint64_t map_size_gib = 1024;  // address space for the database, not disk
  std::int64_t ping_interval_seconds = 15;
  std::int64_t link_dead_after_seconds = 45;
  // How long to wait for a hub to confirm the journal before writing without its word.
  std::int64_t confirm_wait_seconds = 10;
  std::uint64_t index_lag_max = 20'000;  // events journalled but not yet folded
  std::uint64_t network_threads = 1;     // encryption; a busy hub may want two
};

// Error::kMalformed. `file_name` is for the messages.
Result<Config> parse_config(std::string_view text, const std::string& file_name);
Result<Config> read_config(const std::string& path);

// A commented file that parse_config() reads back to the same values.
std::string to_toml(const Config& config);

}  // namespace simpul
