// A node whose database has filled its map.
#include <catch2/catch.hpp>
#include <set>

#include "tests/support/federation.h"

using namespace simpul;
using simpul::test::Federation;

namespace {

std::set<std::string> codes_logged(Federation& federation, const std::string& node) {
  std::set<std::string> codes;
  for (const LogOut& log : federation.node(node).logs()) codes.insert(log.event);
  return codes;
}

}  // namespace

TEST_CASE("a node whose database is full blames nobody, and goes on once it has room",
          "[engine][hostile]") {
  Federation federation(83, {{"hub", MemberKind::kHub}, {"51", MemberKind::kProvince}});
  const auto may_author = [&] {
    return (*federation.call("51", "status", {}))["may_author"] == true;
  };
  REQUIRE(federation.run_until(may_author));
  const auto used = federation.node("hub").store().environment().stats().used_bytes;
  federation.kill("hub");
  std::string last;
  for (int i = 0; i < 40; ++i) {
    const auto opened = federation.call(
        "51", "case.open",
        {{"category", "roads"}, {"privacy", "anonymous"}, {"text", std::string(300, 'x')}});
    REQUIRE(opened);
    last = (*opened)["case"];
  }
  // Where in a step its room ends differs.
  for (std::uint64_t room = 32u << 10; room <= 256u << 10; room += 16u << 10) {
    federation.limit_room("hub", used + room);
    federation.start("hub");
    federation.run_for(std::chrono::seconds{20});
    federation.kill("hub");
  }
  const auto codes = codes_logged(federation, "hub");
  CHECK(codes.contains("commit-failed"));
  for (const char* blame : {"link-refused", "records-skipped", "event-unreadable", "fork"}) {
    CAPTURE(blame);
    CHECK_FALSE(codes.contains(blame));
  }

  federation.limit_room("hub", 1u << 30);
  federation.start("hub");
  CHECK(federation.run_until([&] { return federation.state("hub", last).has_opened(); }));
}
