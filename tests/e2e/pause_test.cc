// A process that stands still (SIGSTOP) holds its connections and answers nothing.
#include <catch2/catch.hpp>

#include "tests/support/audit.h"
#include "tests/support/traffic.h"

namespace simpul {
namespace {

const std::vector<std::string> kPausedMembers = {"51", "51.03", "34"};

// Links end after four seconds of silence instead of 45.
void be_impatient(FederationFixture& federation, const std::string& id) {
  federation.configure(id, "ping_interval_seconds", "1");
  federation.configure(id, "link_dead_after_seconds", "4");
  federation.restart(id);
}

bool links_with(FederationFixture& federation, const std::string& id, const std::string& peer) {
  const auto status = federation.try_call(id, "status");
  REQUIRE(status);
  return std::ranges::any_of((*status)["peers"], [&](const Json& one) {
    return one["member"] == peer && one["link"] == "open";
  });
}

TEST_CASE("a node that stands still holds up nobody and catches up when it goes on",
          "[e2e][pause]") {
  const std::string still = GENERATE("hub", "51");
  const std::string watcher = still == "hub" ? "51.03" : "hub";
  INFO(still << " stands still");
  FederationFixture federation(SIMPUL_BINARY);
  federation.add({.id = "51", .kind = "province", .listens = true});
  federation.add({.id = "51.03"});
  federation.add({.id = "34", .kind = "province"});
  for (const std::string id : {"hub", "51", "51.03", "34"}) be_impatient(federation, id);
  for (const std::string& id : kPausedMembers) {
    federation.wait_for(id, "status", Json::object(),
                        [](const Json& status) { return status["may_author"] == true; });
  }
  std::vector<std::string> working = kPausedMembers;
  std::erase(working, still);
  federation.signal(still, SIGSTOP);
  std::vector<Traffic::Recorded> recorded;
  {
    Traffic traffic(federation, working, 3);
    // The others see that it is gone, and go on for as long again.
    REQUIRE(holds_within(FederationFixture::kLimit,
                         [&] { return !links_with(federation, watcher, still); }));
    const std::size_t before = traffic.count();
    CHECK(holds_within(FederationFixture::kLimit, [&] { return traffic.count() > before + 50; }));
    federation.signal(still, SIGCONT);
    traffic.finish();
    recorded = traffic.recorded();
  }
  INFO(federation.log(watcher) << "\n\n" << federation.log(still));
  REQUIRE(holds_within(FederationFixture::kLimit,
                       [&] { return links_with(federation, watcher, still); }));
  CHECK(settle(federation, kPausedMembers));
  CHECK(check_running(federation, kPausedMembers) == std::vector<std::string>{});
  for (const std::string& id : kPausedMembers) federation.stop(id);
  federation.stop("hub");
  const AuditReport report = audit(federation, kPausedMembers, recorded);
  INFO(report.text());
  CHECK(report.violations.empty());
}

}  // namespace
}  // namespace simpul
