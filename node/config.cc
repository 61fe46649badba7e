#include "node/config.h"

#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <sstream>

#include "node/federation_file.h"
#include "node/files.h"
#include "protocol/endpoint.h"
#include "protocol/roster.h"

namespace simpul {
namespace {

constexpr std::size_t kConfigSizeMax = 1 << 20;

std::string shown(const toml::node& node) {
  std::ostringstream out;
  node.visit([&](const auto& value) { out << value; });
  return out.str();
}

// Reads keys one by one, keeps the first error, and knows which keys nobody asked for.
class Reader {
 public:
  Reader(const toml::table& table, const std::string& file) : table_(table), file_(file) {}

  void text(const char* key, std::string& out, std::string_view allowed,
            bool (*valid)(std::string_view)) {
    take<std::string>(key, out, allowed, [&](const std::string& value) { return valid(value); });
  }

  void flag(const char* key, bool& out) {
    take<bool>(key, out, "true or false", [](bool) { return true; });
  }

  template <class Number>
  void number(const char* key, Number& out, std::int64_t least, std::int64_t most) {
    std::int64_t value = static_cast<std::int64_t>(out);
    take<std::int64_t>(key, value, std::to_string(least) + " to " + std::to_string(most),
                       [&](std::int64_t v) { return v >= least && v <= most; });
    out = static_cast<Number>(value);
  }

  void member(const char* key, MemberId& out) {
    std::string value;
    text(key, value, kMemberForm,
         [](std::string_view v) { return MemberId::parse(v).has_value(); });
    if (const auto parsed = MemberId::parse(value)) out = *parsed;
  }

  void members(const char* key, std::vector<MemberId>& out) {
    const toml::node* node = find(key);
    if (!node) return;
    const toml::array* list = node->as_array();
    if (!list) return refuse(key, *node, kMembersForm);
    for (const toml::node& entry : *list) {
      const auto value = entry.value<std::string>();
      const auto parsed = value ? MemberId::parse(*value) : fail(ErrorCode::kMalformed, "");
      if (!parsed) return refuse(key, entry, kMembersForm);
      out.push_back(*parsed);
    }
  }

  void required(const char* key, bool is_set) {
    if (!is_set && !error_) complain(std::string("the key \"") + key + "\" is missing");
  }

  void complain(std::string what) {
    if (!error_) error_ = Error{ErrorCode::kMalformed, file_ + ": " + std::move(what)};
  }

  Result<void> finish() {
    for (const auto& [key, node] : table_) {
      if (known_.contains(std::string(key.str()))) continue;
      complain("line " + std::to_string(node.source().begin.line) + ": unknown key \"" +
               std::string(key.str()) + "\"; known are " + known_keys());
    }
    if (error_) return std::unexpected(*error_);
    return {};
  }

 private:
  static constexpr std::string_view kMemberForm =
      "a region code such as 51 or 51.03, or a slug such as kemenpanrb";
  static constexpr std::string_view kMembersForm = "a list of member ids, such as [\"51.03\"]";

  const toml::node* find(const char* key) {
    known_.insert(key);
    return table_.get(key);
  }

  template <class Value, class Out, class Valid>
  void take(const char* key, Out& out, std::string_view allowed, Valid valid) {
    const toml::node* node = find(key);
    if (!node) return;
    const auto value = node->value_exact<Value>();
    if (!value || !valid(*value)) return refuse(key, *node, allowed);
    out = *value;
  }

  void refuse(const char* key, const toml::node& node, std::string_view allowed) {
    complain("line " + std::to_string(node.source().begin.line) + ": " + key + " = " + shown(node) +
             " is not allowed; it must be " + std::string(allowed));
  }

  std::string known_keys() const {
    std::string list;
    for (const std::string& key : known_) list += (list.empty() ? "" : ", ") + key;
    return list;
  }

  const toml::table& table_;
  const std::string& file_;
  std::set<std::string> known_;
  std::optional<Error> error_;
};

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kNameSizeMax;
}
// Unlike an endpoint, a wildcard or a device of this machine.
bool is_listen_address(std::string_view text) {
  constexpr std::string_view kScheme = "tcp://";
  if (!text.starts_with(kScheme) || text.size() > kEndpointSizeMax) return false;
  text.remove_prefix(kScheme.size());
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  unsigned port = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, port);
  return error == std::errc{} && rest == end && port >= 1 && port <= 65535 &&
         std::ranges::none_of(text, [](unsigned char c) { return c <= ' ' || c >= 127; });
}

bool is_listen_address_or_none(std::string_view text) {
  return text.empty() || is_listen_address(text);
}

bool is_endpoint_or_none(std::string_view text) {
  return text.empty() || is_endpoint(text);
}
bool is_level(std::string_view text) {
  return text == "debug" || text == "info" || text == "warning" || text == "error";
}
bool is_kind(std::string_view text) {
  return member_kind_of(text).has_value();
}

Result<Config> read_table(const toml::table& table, const std::string& file) {
  Config config;
  Reader reader(table, file);
  reader.member("member", config.member);
  reader.text("federation", config.federation, "1 to 40 of a-z, 0-9 and -", is_federation_id);
  reader.text("name", config.name, "1 to 120 bytes", is_name);
  std::string kind = name_of(config.kind);
  reader.text("kind", kind, "hub, ministry, province, regency or auditor", is_kind);
  reader.text("listen", config.listen, "tcp://address:port or empty", is_listen_address_or_none);
  reader.text("endpoint", config.endpoint, "tcp://host:port or empty", is_endpoint_or_none);
  reader.flag("direct_links", config.direct_links);
  reader.members("journals", config.journals);
  reader.text("log_level", config.log_level, "debug, info, warning or error", is_level);
  std::string format = "text";
  reader.text("log_format", format, "text or json",
              [](std::string_view v) { return v == "text" || v == "json"; });
  reader.number("map_size_gib", config.map_size_gib, 1, 65'536);
  reader.number("ping_interval_seconds", config.ping_interval_seconds, 1, 3'600);
  reader.number("link_dead_after_seconds", config.link_dead_after_seconds, 2, 86'400);
  reader.number("confirm_wait_seconds", config.confirm_wait_seconds, 0, 86'400);
  reader.number("index_lag_max", config.index_lag_max, 1, 10'000'000);
  reader.number("network_threads", config.network_threads, 1, 16);
  reader.required("member", !config.member.empty());
  reader.required("federation", !config.federation.empty());
  reader.required("name", !config.name.empty());
  if (config.link_dead_after_seconds <= config.ping_interval_seconds) {
    reader.complain("link_dead_after_seconds = " + std::to_string(config.link_dead_after_seconds) +
                    " must be more than ping_interval_seconds = " +
                    std::to_string(config.ping_interval_seconds));
  }
  SIMPUL_TRY_VOID(reader.finish());
  config.kind = *member_kind_of(kind);
  config.log_format = format == "json" ? LogFormat::kJson : LogFormat::kText;
  return config;
}

}  // namespace

Result<Config> parse_config(std::string_view text, const std::string& file_name) {
  try {
    return read_table(toml::parse(text), file_name);
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::kMalformed, file_name + ": line " +
                                           std::to_string(error.source().begin.line) + ": " +
                                           std::string(error.description()));
  }
}

Result<Config> read_config(const std::string& path) {
  SIMPUL_TRY(bytes, read_file(path, kConfigSizeMax));
  return parse_config(as_text(bytes), path);
}

std::string to_toml(const Config& config) {
  toml::array journals;
  for (const MemberId& member : config.journals) journals.push_back(member.text());
  const auto number = [](auto value) { return static_cast<std::int64_t>(value); };
  std::ostringstream out;
  const auto line = [&out](const char* key, const auto& value) {
    out << key << " = " << toml::value{value} << "\n";
  };
  out << "# Configuration of a Simpul node. Read at start; a wrong or unknown key stops it.\n\n";
  line("member", config.member.text());
  line("federation", config.federation);
  line("name", config.name);
  line("kind", std::string(name_of(config.kind)));
  out << "\n# Where to accept links (empty: only dial), and where others reach this node.\n";
  line("listen", config.listen);
  line("endpoint", config.endpoint);
  out << "\n# Link to members that have an endpoint, besides the hubs; follow whole journals.\n";
  line("direct_links", config.direct_links);
  out << "journals = " << journals << "\n";
  out << "\n";
  line("log_level", config.log_level);
  line("log_format", std::string(config.log_format == LogFormat::kJson ? "json" : "text"));
  out << "\n# Address space for the database (not disk), and timing.\n";
  line("map_size_gib", number(config.map_size_gib));
  line("ping_interval_seconds", number(config.ping_interval_seconds));
  line("link_dead_after_seconds", number(config.link_dead_after_seconds));
  line("confirm_wait_seconds", number(config.confirm_wait_seconds));
  line("index_lag_max", number(config.index_lag_max));
  line("network_threads", number(config.network_threads));
  return out.str();
}

}  // namespace simpul
