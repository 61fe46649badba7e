#include "node/config.h"

#include <catch2/catch.hpp>

namespace simpul {
namespace {

const std::string kLeast = "member = \"51.03\"\nfederation = \"id-pilot\"\nname = \"Badung\"\n";

std::string error_of(const std::string& text) {
  const auto config = parse_config(text, "/x/simpul.toml");
  return config ? "" : config.error().message;
}

TEST_CASE("a configuration of the required keys alone gets the defaults", "[config]") {
  const auto config = parse_config(kLeast, "simpul.toml");
  REQUIRE(config);
  CHECK(config->member.text() == "51.03");
  CHECK(config->kind == MemberKind::kRegency);
  CHECK(config->direct_links);
  CHECK(config->ping_interval_seconds == 15);
  CHECK(config->log_format == LogFormat::kText);
}

TEST_CASE("a configuration that is written reads back the same", "[config]") {
  Config config;
  config.member = *MemberId::parse("51");
  config.federation = "id-pilot";
  config.name = "Provinsi \"Bali\" \\ é";
  config.kind = MemberKind::kProvince;
  config.listen = "tcp://127.0.0.1:7000";
  config.endpoint = "tcp://bali.example:7000";
  config.direct_links = false;
  config.journals = {*MemberId::parse("51.03"), *MemberId::parse("51.04")};
  config.log_format = LogFormat::kJson;
  config.confirm_wait_seconds = 0;
  const auto read = parse_config(to_toml(config), "simpul.toml");
  REQUIRE(read);
  CHECK(read->name == config.name);
  CHECK(read->kind == config.kind);
  CHECK(read->listen == config.listen);
  CHECK(read->endpoint == config.endpoint);
  CHECK_FALSE(read->direct_links);
  CHECK(read->journals == config.journals);
  CHECK(read->log_format == config.log_format);
  CHECK(read->confirm_wait_seconds == 0);
  CHECK(to_toml(*read) == to_toml(config));
}

TEST_CASE("a wrong configuration names file, key, value and what is allowed", "[config]") {
  struct Case {
    const char* line;
    std::vector<const char*> named;
  };
  const Case cases[] = {
      {"ping_interval_seconds = 0", {"ping_interval_seconds = 0", "1 to 3600"}},
      {"ping_interval_seconds = '15'", {"ping_interval_seconds = '15'", "1 to 3600"}},
      {"map_size_gib = 1.5", {"map_size_gib = 1.5", "1 to 65536"}},
      {"kind = 'village'", {"kind = 'village'", "hub, ministry, province"}},
      {"listen = '127.0.0.1:7000'", {"listen = '127.0.0.1:7000'", "tcp://address:port"}},
      {"endpoint = \"tcp://host:99999\"", {"endpoint", "99999"}},
      {"endpoint = \"tcp://*:7000\"", {"endpoint", "tcp://*:7000"}},
      {"direct_links = 'yes'", {"direct_links = 'yes'", "true or false"}},
      {"journals = [\"51.03\", 7]", {"journals = 7", "list of member ids"}},
      {"journals = '51.03'", {"journals = '51.03'", "list of member ids"}},
      {"log_level = \"loud\"", {"log_level", "debug, info, warning or error"}},
      {"link_dead_after_seconds = 10", {"link_dead_after_seconds = 10", "more than"}},
      {"colour = \"red\"", {"unknown key \"colour\"", "line 4", "confirm_wait_seconds"}},
      {"colour = ", {"line 4"}},
  };
  for (const Case& wrong : cases) {
    INFO(wrong.line);
    const std::string error = error_of(kLeast + wrong.line + "\n");
    CHECK_THAT(error, Catch::Contains("/x/simpul.toml"));
    for (const char* part : wrong.named) CHECK_THAT(error, Catch::Contains(part));
  }
}

TEST_CASE("a configuration without a required key says which one", "[config]") {
  CHECK_THAT(error_of("member = \"51.03\"\nname = \"Badung\"\n"),
             Catch::Contains("\"federation\""));
  CHECK_THAT(error_of(""), Catch::Contains("\"member\""));
}

}  // namespace
}  // namespace simpul
