// What nodes do by their clocks, and that they do it once.
#include <catch2/catch.hpp>

#include "protocol/timers.h"
#include "tests/support/federation.h"

using namespace simpul;
using simpul::test::Federation;
using std::chrono::hours, std::chrono::minutes;

namespace {

// The federation's time begins on a Thursday at 08:00 in Bali: a limit of one working day that
// begins then ends with the Friday.
constexpr Duration kEndOfFriday = hours{40};

struct ClockScene {
  explicit ClockScene(std::uint64_t seed)
      : federation(seed, {{"hub", MemberKind::kHub},
                          {"51", MemberKind::kProvince},
                          {"51.03", MemberKind::kRegency}}) {
    REQUIRE(federation.run_until([&] {
      return (*federation.call("51.03", "status", {}))["may_author"] == true &&
             (*federation.call("hub", "status", {}))["may_author"] == true;
    }));
    call("hub", "hub.policy",
         {{"policy", "[clocks]\nverify = 1\nfollow_up = 1\ncomplaint = 1\nreply = 1\n"}});
    const auto opened =
        federation.call("51.03", "case.open", {{"category", "roads"}, {"text", "Jalan berlubang"}});
    REQUIRE(opened);
    id = (*opened)["case"];
    REQUIRE(federation.run_until([&] { return federation.state("hub", id).has_opened(); }));
  }
  void call(const std::string& node, const std::string& name, Json arguments) {
    if (name.starts_with("case.")) arguments["case"] = id;
    const auto result = federation.call(node, name, std::move(arguments));
    INFO(node << " " << name << ": " << (result ? "" : result.error().message));
    REQUIRE(result);
  }
  std::int64_t in(Duration time) { return (federation.now() + time).time_since_epoch().count(); }
  // How many events of a kind count in the case, as the hub sees it.
  std::size_t count(EventKind kind) {
    ReadTransaction transaction(federation.node("hub").store().environment());
    const auto events = Tables(transaction).cases.events_of(*CaseId::parse(id));
    return static_cast<std::size_t>(std::ranges::count_if(
        events, [&](const CaseEvent& held) { return held.event.kind == kind; }));
  }
  CaseState state() { return federation.state("hub", id); }

  Federation federation;
  std::string id;
};

}  // namespace

TEST_CASE("an answer that nobody replies to closes the case, once, whenever its node crashes",
          "[engine][timers]") {
  ClockScene scene(51);
  scene.call("51.03", "case.answer", {{"text", "Sudah diperbaiki"}});
  scene.federation.run_for(kEndOfFriday - hours{1});
  CHECK(scene.state().status == CaseStatus::kAnswered);
  scene.federation.kill("51.03");
  scene.federation.run_for(hours{2});
  scene.federation.start("51.03");
  REQUIRE(scene.federation.run_until([&] { return scene.state().status == CaseStatus::kClosed; }));
  CHECK(scene.state().outcome == Outcome::kExpired);
  scene.federation.kill("51.03");
  scene.federation.start("51.03");
  scene.federation.run_for(minutes{10});
  CHECK(scene.count(EventKind::kClosed) == 1);
  CHECK(scene.count(EventKind::kEscalated) == 0);
}

TEST_CASE("a reply keeps the case open", "[engine][timers]") {
  ClockScene scene(52);
  scene.call("51.03", "case.answer", {{"text", "Sudah diperbaiki"}});
  scene.call("51.03", "case.reply", {{"text", "Belum"}});
  scene.federation.run_for(kEndOfFriday + hours{1});
  CHECK(scene.state().status == CaseStatus::kAnswered);
}

TEST_CASE("an offer that nobody answers in time comes back when its offeree's node hears of it",
          "[engine][timers]") {
  ClockScene scene(53);
  scene.call("51.03", "case.forward", {{"to", "51"}, {"due", scene.in(hours{2})}});
  scene.federation.run_for(hours{1});
  CHECK(scene.state().offer);
  scene.federation.run_for(hours{1} + minutes{1});
  const CaseState state = scene.state();
  CHECK_FALSE(state.offer);
  CHECK_FALSE(state.referral);
  REQUIRE(state.declines.size() == 1);
  CHECK(state.declines[0].reason == "recalled");
}

TEST_CASE("an offer that its offeree's node never heard of is referred", "[engine][timers]") {
  ClockScene scene(54);
  scene.federation.kill("51");
  scene.call("51.03", "case.forward", {{"to", "51"}, {"due", scene.in(hours{2})}});
  scene.federation.run_for(hours{2} + minutes{30});
  REQUIRE(scene.state().offer);
  CHECK(scene.state().offer->recalled_at);
  CHECK_FALSE(scene.state().referral);
  scene.federation.run_for(kRecallWait);
  CHECK(scene.state().referral);
  CHECK(scene.count(EventKind::kRecalled) == 1);
  CHECK(scene.count(EventKind::kReferred) == 1);
}

TEST_CASE("clocks that run out are told to the federation once each", "[engine][timers]") {
  ClockScene scene(55);
  scene.federation.run_for(kEndOfFriday - hours{1});
  CHECK(scene.state().escalations.empty());
  scene.federation.run_for(hours{2});
  const auto escalations = scene.state().escalations;
  REQUIRE(escalations.size() == 2);
  CHECK(escalations[0].stage == Stage::kVerify);
  CHECK(escalations[1].stage == Stage::kComplete);
  scene.federation.kill("51.03");
  scene.federation.start("51.03");
  scene.federation.run_for(hours{1});
  CHECK(scene.count(EventKind::kEscalated) == 2);
}

TEST_CASE("what was postponed is taken up again on its date", "[engine][timers]") {
  ClockScene scene(56);
  scene.call("51.03", "case.postpone", {{"until", scene.in(hours{3})}});
  scene.federation.run_for(hours{2});
  CHECK(scene.state().status == CaseStatus::kPostponed);
  scene.federation.run_for(hours{2});
  CHECK(scene.state().status == CaseStatus::kReceived);
  CHECK(scene.count(EventKind::kResumed) == 1);
}

TEST_CASE("a node that nobody confirms the time to does nothing by its clock", "[engine][timers]") {
  ClockScene scene(57);
  scene.call("51.03", "case.forward", {{"to", "51"}, {"due", scene.in(hours{2})}});
  scene.federation.run_for(minutes{1});
  scene.federation.kill("51.03");
  scene.federation.network().set_partition("51.03", "hub", true);
  scene.federation.start("51.03");
  scene.federation.run_for(hours{3});
  CHECK_FALSE(scene.federation.state("51.03", scene.id).offer->recalled_at);
  scene.federation.network().set_partition("51.03", "hub", false);
  CHECK(scene.federation.run_until([&] { return scene.count(EventKind::kRecalled) == 1; }));
}

TEST_CASE("a closed case is erased when it was kept long enough, once, whatever crashes",
          "[engine][timers][erasure]") {
  ClockScene scene(57);
  scene.call("hub", "hub.policy", {{"policy", "[retention]\ncomplaint = 2\n"}});
  scene.call("51.03", "case.close", {});
  scene.federation.run_for(hours{47});
  CHECK(scene.count(EventKind::kErased) == 0);
  scene.federation.kill("51.03");
  scene.federation.run_for(hours{2});
  scene.federation.start("51.03");
  REQUIRE(scene.federation.run_until([&] { return scene.count(EventKind::kErased) == 1; }));
  scene.federation.kill("51.03");
  scene.federation.start("51.03");
  scene.federation.run_for(hours{1});
  CHECK(scene.count(EventKind::kErased) == 1);
  CHECK(scene.count(EventKind::kKeysDestroyed) == 1);  // the hub's
  CHECK_FALSE(scene.federation.text("51.03", scene.id, EnclosureRole::kNarrative));
}
