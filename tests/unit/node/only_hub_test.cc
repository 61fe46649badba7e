// The only hub of a federation, put back from a copy: it has no other hub to ask what it wrote
// since, and must not write any of it a second time.
#include <catch2/catch.hpp>

#include "tests/support/hostile_peer.h"

using namespace simpul;
using namespace simpul::test;

namespace {

using std::chrono::seconds;

const std::vector<Federation::Seat> kHubAndTwo = {
    {"hub", MemberKind::kHub}, {"51", MemberKind::kProvince}, {"51.03", MemberKind::kRegency}};

bool hub_writes(Federation& federation, const std::string& id) {
  return (*federation.call(id, "status", {}))["may_author"] == true;
}

std::uint32_t generation_of(Federation& federation, const std::string& author,
                            const std::string& at) {
  ReadTransaction transaction(federation.node(at).store().environment());
  Tables tables(transaction);
  return own_head(tables, *MemberId::parse(author)).generation;
}

// Put back from the same copy twice. 51.03 has seen what it wrote before, and 51 the generation
// that it began when it was put back the first time.
struct PutBackTwice {
  explicit PutBackTwice(std::uint64_t seed) : federation(seed, kHubAndTwo) {
    REQUIRE(federation.run_until([&] { return hub_writes(federation, "51.03"); }));
    id = (*federation.call("51.03", "case.open", {{"category", "roads"}, {"text", "x"}}))["case"];
    REQUIRE(federation.run_until([&] { return events_at("hub") == 1; }));
    federation.kill("hub");
    copy = federation.copy_data("hub");
    federation.start("hub");
    REQUIRE(federation.run_until([&] { return hub_writes(federation, "hub"); }));
    REQUIRE(federation.call("hub", "case.note", {{"case", id}, {"text", "Dari pusat"}}));
    REQUIRE(federation.run_until([&] { return events_at("51.03") == 2; }));
    federation.kill("51.03");
    put_back();
    federation.start("hub");
    REQUIRE(federation.run_until([&] { return generation_of(federation, "hub", "51") == 2; }));
    federation.kill("51");
    put_back();
  }
  void put_back() {
    federation.kill("hub");
    federation.restore_data("hub", copy);
  }
  std::size_t events_at(const std::string& node) {
    return federation.state(node, id).events.size();
  }
  void check_that_it_goes_on() {
    REQUIRE(federation.run_until([&] { return hub_writes(federation, "hub"); }));
    CHECK(generation_of(federation, "hub", "hub") == 3);
    CHECK(federation.run_until([&] { return events_at("hub") == 2; }));
    federation.run_for(std::chrono::minutes(2));
    for (const char* node : {"hub", "51", "51.03"}) {
      INFO(node);
      CHECK(alerts(federation, node, "fork") == 0);
      CHECK(alerts(federation, node, "withheld") == 0);
      CHECK(generation_of(federation, "hub", node) == 3);
    }
  }
  Federation federation;
  std::string id, copy;
};

}  // namespace

TEST_CASE("the only hub hears its members out before it goes on, whatever the first one shows",
          "[engine][recovery]") {
  PutBackTwice scene(81);
  scene.federation.forget_marker("hub");
  scene.federation.start("hub");
  scene.federation.start("51.03");
  scene.federation.run_for(seconds(4));
  CHECK_FALSE(hub_writes(scene.federation, "hub"));
  scene.federation.start("51");
  scene.check_that_it_goes_on();
}

TEST_CASE("a generation that the data has forgotten, and no member shows, is not begun again",
          "[engine][recovery]") {
  PutBackTwice scene(82);
  scene.federation.start("hub");
  scene.federation.start("51.03");
  REQUIRE(scene.federation.run_until([&] { return hub_writes(scene.federation, "hub"); }));
  scene.federation.run_for(seconds(30));
  scene.federation.start("51");
  scene.check_that_it_goes_on();
}

TEST_CASE("a hub beside a suspended one is the only one there is to hear", "[engine][recovery]") {
  Federation federation(
      83,
      {{"hub", MemberKind::kHub}, {"hub-2", MemberKind::kHub}, {"51.03", MemberKind::kRegency}});
  REQUIRE(federation.run_until([&] { return hub_writes(federation, "51.03"); }));
  REQUIRE(federation.run_until([&] {
    return federation.call("hub", "hub.suspend", {{"member", "hub-2"}}).has_value();
  }));
  federation.run_for(seconds(30));
  federation.kill("hub");
  const std::string copy = federation.copy_data("hub");
  federation.restore_data("hub", copy);
  federation.start("hub");
  const Instant started = federation.now();
  REQUIRE(federation.run_until([&] { return hub_writes(federation, "hub"); }));
  CHECK(federation.now() - started >= seconds(10));
  CHECK(generation_of(federation, "hub", "hub") == 2);
}
