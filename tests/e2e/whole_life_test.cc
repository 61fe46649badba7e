// The whole of one complaint's life, over days on a virtual clock: a confidential case of a
// regency on three agencies jointly, one of which declines thrice, so that the hub rules; the
// reporter appeals; what was kept long enough is erased, everywhere.
#include <catch2/catch.hpp>

#include "tests/support/federation.h"
#include "tests/support/text_search.h"

namespace simpul {
namespace {

using std::chrono::hours;
using test::Federation;

const std::string kNarrative = "Proyek irigasi fiktif Bendungkering merugikan petani";
const std::string kIdentity = "Ketut Pelaporrahasia";
const std::string kAppeal = "Jawabannya Tidakmenjawab";
const std::vector<std::string> kWords{"Bendungkering", "Pelaporrahasia", "Tidakmenjawab"};
const std::vector<std::string> kNodes{"hub", "51", "51.03", "kemenkes", "pertanian", "pupr"};

class Life {
 public:
  Life()
      : federation_(901, {{"hub", MemberKind::kHub},
                          {"51", MemberKind::kProvince},
                          {"51.03", MemberKind::kRegency},
                          {"kemenkes", MemberKind::kMinistry},
                          {"pertanian", MemberKind::kMinistry},
                          {"pupr", MemberKind::kMinistry}}) {
    REQUIRE(federation_.run_until(
        [&] { return (*federation_.call("51.03", "status", {}))["may_author"] == true; }));
  }

  Federation& federation() { return federation_; }
  CaseState state(const std::string& node, const std::string& id) {
    return federation_.state(node, id);
  }

  // Tries until it may be done: what it is done about may have yet to arrive.
  Json done(const std::string& node, const std::string& name, Json arguments) {
    Result<Json> result = fail(ErrorCode::kNotYet, "");
    const bool worked = federation_.run_until([&] {
      result = federation_.call(node, name, arguments);
      return result.has_value();
    });
    INFO(name << " at " << node << ": " << (worked ? "" : result.error().message));
    REQUIRE(worked);
    return *result;
  }

  std::string part_for(const std::string& whole, const std::string& agency) {
    return done("51.03", "case.split",
                {{"case", whole}, {"to", agency}, {"text", kNarrative}})["case"];
  }

  void decline(const std::string& agency, const std::string& id) {
    done(agency, "case.decline",
         {{"case", id}, {"reason", "not-our-authority"}, {"text", "Bukan kami"}});
  }

  void deal_with(const std::string& agency, const std::string& id) {
    done(agency, "case.answer", {{"case", id}, {"text", "Sudah diperiksa"}});
    done(agency, "case.close", {{"case", id}});
  }

  std::size_t parts_closed(const std::string& whole) {
    const CaseState seen = state("hub", whole);
    return static_cast<std::size_t>(std::ranges::count_if(seen.links, [](const CaseLink& link) {
      return link.report && link.report->stage == PartStage::kClosed;
    }));
  }

  // Keys, key packets and pieces of ciphertext of erased texts, of any node.
  std::size_t left(const std::string& node, const std::string& id) {
    ReadTransaction transaction(federation_.node(node).store().environment());
    Tables tables(transaction);
    const CaseState seen = state(node, id);
    std::size_t count = 0;
    for (const CaseEvent& each : tables.cases.events_of(*CaseId::parse(id))) {
      const auto judged = std::ranges::find(seen.events, each.hash, &Judged::hash);
      if (judged == seen.events.end() || !judged->erased) continue;
      for (const EnclosureRef& ref : each.event.enclosures) {
        const Digest& digest = ref.commitment.digest;
        count += tables.packets.of(digest).size() + (tables.packets.key(digest) ? 1 : 0) +
                 (tables.enclosures.chunk(digest, 0) ? 1 : 0);
      }
    }
    return count;
  }

 private:
  Federation federation_;
};

// The kinds of a case's events as a node's timeline shows them, each as often as it came.
std::map<std::string, int> kinds_at(Life& life, const std::string& node, const std::string& id) {
  const auto timeline = life.federation().ask(node, "case.timeline", {{"case", id}});
  REQUIRE(timeline);
  std::map<std::string, int> kinds;
  for (const Json& event : (*timeline)["timeline"]) ++kinds[event["kind"].get<std::string>()];
  return kinds;
}

TEST_CASE("a confidential case is split, declined, ruled on, appealed, and in the end erased",
          "[e2e][life]") {
  Life life;
  life.done("hub", "hub.policy", {{"policy", "[retention]\ncomplaint = 1\n"}});
  const std::string whole = life.done("51.03", "case.open",
                                      {{"category", "water.irrigation"},
                                       {"privacy", "confidential"},
                                       {"text", kNarrative},
                                       {"identity", kIdentity}})["case"];
  const std::string works = life.part_for(whole, "pupr");
  const std::string farms = life.part_for(whole, "pertanian");
  const std::string health = life.part_for(whole, "kemenkes");

  // Two agree; the third says thrice that it is none of its business, and the hub is asked.
  for (const auto& [agency, part] : {std::pair{"pupr", works}, std::pair{"pertanian", farms}}) {
    life.done(agency, "case.accept", {{"case", part}});
  }
  life.decline("kemenkes", health);
  for (int again = 0; again < 2; ++again) {
    life.done("51.03", "case.forward", {{"case", health}, {"to", "kemenkes"}});
    life.decline("kemenkes", health);
  }
  REQUIRE(life.federation().run_until(
      [&] { return (*life.federation().ask("hub", "hub.queue", {}))["cases"].size() == 1; }));
  const auto queue = life.federation().ask("hub", "hub.queue", {});
  CHECK((*queue)["cases"][0]["case"] == health);
  CHECK((*queue)["cases"][0]["declines_total"] == 3);
  CHECK((*queue)["cases"][0]["reasons"][0]["text"] == "Bukan kami");
  life.done("hub", "hub.rule",
            {{"case", health}, {"to", "kemenkes"}, {"ground", "law"}, {"text", "UU 17/2023"}});
  REQUIRE(life.federation().run_until(
      [&] { return life.state("kemenkes", health).custodian.text() == "kemenkes"; }));

  // The whole waits for its parts.
  CHECK_FALSE(life.federation().call("51.03", "case.close", {{"case", whole}}));
  life.deal_with("pupr", works);
  life.deal_with("pertanian", farms);
  life.deal_with("kemenkes", health);
  REQUIRE(life.federation().run_until([&] { return life.parts_closed(whole) == 3; }));
  life.done("51.03", "case.answer", {{"case", whole}, {"text", "Ketiga instansi sudah bekerja"}});
  life.done("51.03", "case.close", {{"case", whole}});

  // The reporter is not content: the province begins anew, and then it is enough.
  life.done("51.03", "case.appeal", {{"case", whole}, {"text", kAppeal}});
  REQUIRE(life.federation().run_until(
      [&] { return life.state("51", whole).custodian.text() == "51"; }));
  CHECK(life.state("51", whole).status == CaseStatus::kVerified);
  CHECK(life.federation().run_until([&] {
    return life.federation().text("51", whole, EnclosureRole::kNarrative) == kNarrative;
  }));
  CHECK_FALSE(life.federation().text("51", whole, EnclosureRole::kIdentity));
  life.deal_with("51", whole);
  life.done("51.03", "case.rate", {{"case", whole}, {"stars", 4}});

  // A day on, nothing of it is left anywhere.
  life.federation().run_for(hours{23});
  CHECK(life.state("51.03", whole).erasures.empty());
  for (const std::string& id : {whole, works, farms, health}) {
    INFO(id);
    REQUIRE(life.federation().run_until(
        [&] {
          const CaseState seen = life.state("51.03", id);
          if (seen.erasures.empty()) return false;
          const auto who = life.federation().ask("51.03", "case.who", {{"case", id}});
          return (*who)["erasures"][0]["outstanding"].empty();
        },
        hours{48}));
    for (const std::string& node : kNodes) CHECK(life.left(node, id) == 0);
  }
  const auto kinds = kinds_at(life, "hub", whole);
  CHECK(kinds.at("linked") == 3);
  CHECK(kinds.at("appealed") == 1);
  CHECK(kinds.at("ruled") == 1);
  CHECK(kinds.at("erased") == 1);
  CHECK(kinds_at(life, "hub", health).at("declined") == 3);
  const TextSearch search(kWords);
  for (const std::string& node : kNodes) {
    CHECK(search.find_below(life.federation().node(node).data_folder()).empty());
  }
}

}  // namespace
}  // namespace simpul
