#include <catch2/catch.hpp>

#include "tests/support/audit.h"
#include "tests/support/traffic.h"

namespace simpul {
namespace {

const std::vector<std::string> kRecoveringMembers = {"51", "51.03", "34"};

void add_recovering_members(FederationFixture& federation) {
  federation.add({.id = "51", .kind = "province", .listens = true});
  federation.add({.id = "51.03"});
  federation.add({.id = "34", .kind = "province"});
}

std::vector<Traffic::Recorded> some_traffic(FederationFixture& federation, std::uint64_t seed) {
  Traffic traffic(federation, kRecoveringMembers, seed);
  REQUIRE(holds_within(FederationFixture::kLimit, [&] { return traffic.count() >= 150; }));
  traffic.finish();
  return traffic.recorded();
}

void append(std::vector<Traffic::Recorded>& all, const std::vector<Traffic::Recorded>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

bool writes_in_generation(FederationFixture& federation, const std::string& id,
                          const std::string& journal) {
  return holds_within(FederationFixture::kLimit, [&] {
    const auto status = federation.try_call(id, "status");
    if (!status || (*status)["may_author"] != true) return false;
    for (const Json& held : (*status)["journals"]) {
      if (held["journal"] == journal) return true;
    }
    return false;
  });
}

void check_all(FederationFixture& federation, const std::vector<Traffic::Recorded>& recorded) {
  CHECK(settle(federation, kRecoveringMembers));
  for (const std::string& violation :
       check_running(federation, kRecoveringMembers, {"restored", "recovered"})) {
    FAIL_CHECK(violation);
  }
  for (const std::string& id : kRecoveringMembers) federation.stop(id);
  federation.stop(federation.hub());
  const AuditReport report = audit(federation, kRecoveringMembers, recorded);
  INFO(report.text());
  CHECK(report.violations.empty());
  CHECK(report.cases > 10);
}

TEST_CASE("a node whose data folder is deleted comes back with every acknowledged event",
          "[.restore]") {
  FederationFixture federation(SIMPUL_BINARY);
  add_recovering_members(federation);
  std::vector<Traffic::Recorded> recorded = some_traffic(federation, 1);
  REQUIRE(settle(federation, kRecoveringMembers));
  federation.stop("51.03");
  federation.wipe_data("51.03");
  federation.start("51.03");
  REQUIRE(writes_in_generation(federation, "51.03", "51.03/2"));
  append(recorded, some_traffic(federation, 2));
  check_all(federation, recorded);
}

TEST_CASE("a node restored from an older copy comes back with every acknowledged event",
          "[.restore]") {
  FederationFixture federation(SIMPUL_BINARY);
  add_recovering_members(federation);
  std::vector<Traffic::Recorded> recorded = some_traffic(federation, 3);
  federation.stop("51.03");
  federation.copy_data("51.03", "older");
  federation.start("51.03");
  append(recorded, some_traffic(federation, 4));
  REQUIRE(settle(federation, kRecoveringMembers));
  federation.stop("51.03");
  federation.restore_data("51.03", "older");
  federation.start("51.03");
  REQUIRE(writes_in_generation(federation, "51.03", "51.03/2"));
  append(recorded, some_traffic(federation, 5));
  check_all(federation, recorded);
}

TEST_CASE("a restored node writes nothing before a hub has told it where its journal ended",
          "[.restore]") {
  FederationFixture federation(SIMPUL_BINARY);
  add_recovering_members(federation);
  std::vector<Traffic::Recorded> recorded = some_traffic(federation, 6);
  federation.stop("51.03");
  federation.copy_data("51.03", "older");
  federation.start("51.03");
  append(recorded, some_traffic(federation, 7));
  REQUIRE(settle(federation, kRecoveringMembers));
  federation.stop("51.03");
  federation.restore_data("51.03", "older");
  federation.stop("hub");
  federation.stop("51");
  federation.start("51.03");
  const auto refused = federation.try_call(
      "51.03", "case.open", {{"category", "infrastructure"}, {"text", "Terlalu dini"}});
  CHECK_FALSE(refused);
  federation.start("hub");
  federation.start("51");
  REQUIRE(writes_in_generation(federation, "51.03", "51.03/2"));
  check_all(federation, recorded);
}

TEST_CASE("a hub whose data folder is deleted gets every journal back from its members",
          "[.restore]") {
  FederationFixture federation(SIMPUL_BINARY);
  add_recovering_members(federation);
  std::vector<Traffic::Recorded> recorded = some_traffic(federation, 8);
  REQUIRE(settle(federation, kRecoveringMembers));
  federation.stop("hub");
  federation.wipe_data("hub");
  federation.start("hub");
  append(recorded, some_traffic(federation, 9));
  check_all(federation, recorded);
}

}  // namespace
}  // namespace simpul
