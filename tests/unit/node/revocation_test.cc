// A key that was lost: what it signed past the last good head does not count.
#include <catch2/catch.hpp>

#include "protocol/revocations.h"
#include "tests/support/federation.h"

using namespace simpul;
using simpul::test::Federation;

namespace {

Member member_with(std::vector<SigningPeriod> signing, std::vector<Revocation> revocations) {
  Member member;
  member.signing = std::move(signing);
  member.revocations = std::move(revocations);
  return member;
}

HeadRef head(const std::string& journal, std::uint64_t size) {
  return {*JournalId::parse(journal), size, {}};
}

std::string open_some_case(Federation& federation) {
  REQUIRE(federation.run_until(
      [&] { return (*federation.call("51.03", "status", {}))["may_author"] == true; }));
  const auto opened =
      federation.call("51.03", "case.open", {{"category", "roads"}, {"text", "Jalan berlubang"}});
  REQUIRE(opened);
  return (*opened)["case"];
}

bool opened_at(Federation& federation, const std::string& node, const std::string& id) {
  return federation.state(node, id).has_opened();
}

std::uint64_t held_at_hub(Federation& federation, const std::string& journal) {
  ReadTransaction transaction(federation.node("hub").store().environment());
  const auto head = Tables(transaction).journals.bare_head(*JournalId::parse(journal));
  return head ? head->held : 0;
}

}  // namespace

TEST_CASE("a revocation reaches from the last good head to where the next key begins",
          "[protocol][keys]") {
  const Member member = member_with({{1, {}, 1, 0}, {2, {}, 5, 0}}, {{head("51.03/2", 40)}});
  CHECK_FALSE(revoked_from(member, 1));
  CHECK(revoked_from(member, 2) == 40u);
  CHECK(revoked_from(member, 3) == 0u);
  CHECK(revoked_from(member, 4) == 0u);
  CHECK_FALSE(revoked_from(member, 5));
  const Member twice = member_with({{1, {}, 1, 0}}, {{head("51.03/2", 40)}, {head("51.03/2", 30)}});
  CHECK(revoked_from(twice, 2) == 30u);
  CHECK(revoked_from(twice, 9) == 0u);
}

TEST_CASE("what a lost key signed past the last good head counts nowhere", "[engine][keys]") {
  Federation federation(61, {{"hub", MemberKind::kHub},
                             {"51", MemberKind::kProvince, true},
                             {"51.03", MemberKind::kRegency}});
  const std::string good = open_some_case(federation);
  REQUIRE(federation.run_until([&] { return opened_at(federation, "hub", good); }));
  const std::uint64_t size = held_at_hub(federation, "51.03/1");
  const std::string bad = open_some_case(federation);
  REQUIRE(federation.run_until([&] { return opened_at(federation, "hub", bad); }));

  const Json revocation{{"journal", "51.03/1"}, {"size", size}};
  CHECK_FALSE(federation.call("hub", "hub.revoke", revocation));
  const Json rotated = *federation.call("51.03", "keys.rotate", {});
  REQUIRE(federation.run_until([&] {
    return federation
        .call("hub", "hub.confirm-key",
              {{"member", "51.03"}, {"fingerprint", rotated["fingerprint"]}})
        .has_value();
  }));
  REQUIRE(federation.run_until([&] { return held_at_hub(federation, "51.03/5") > 0; }));
  REQUIRE(federation.call("hub", "hub.revoke", revocation));
  CHECK_FALSE(federation.call("hub", "hub.revoke", {{"journal", "51.03/5"}, {"size", 1}}));
  const std::string later = open_some_case(federation);
  for (const std::string node : {"hub", "51.03"}) {
    INFO(node);
    CHECK(federation.run_until([&] { return !opened_at(federation, node, bad); }));
    CHECK(federation.run_until([&] { return opened_at(federation, node, later); }));
    CHECK(opened_at(federation, node, good));
    CHECK(federation.disputed_from(node, *JournalId::parse("51.03/1")) == size);
  }
}
