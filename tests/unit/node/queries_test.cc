#include "node/queries.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "crypto/encoding.h"
#include "storage/journal_keys.h"
#include "storage/table.h"
#include "tests/support/told_case.h"

using namespace simpul;
using simpul::test::ToldCase;

namespace {

// A bit of a stored event turns over, as on a bad disk.
void flip_byte(const Store& store, const JournalId& journal, std::uint64_t index,
               std::size_t byte) {
  WriteTransaction transaction = store.write();
  const JournalStore journals(transaction);
  Bytes event = *journals.event(journal, index);
  event[byte] ^= 1;
  Table(transaction, TableId::kEvents).put(journal_key(*journals.number(journal), index), event);
  REQUIRE(transaction.commit());
}

// The case index as a program left it that had fewer indexes.
void age_index(const std::string& data) {
  const auto store = Store::open(data, {.map_size_bytes = 1ull << 34, .sync = false});
  REQUIRE(store);
  WriteTransaction transaction = store->write();
  MetaStore(transaction).set_counter("indexed-by", 2);
  Table(transaction, TableId::kCaseIndex).clear();
  REQUIRE(transaction.commit());
}

std::vector<std::string> kinds_of(const Json& timeline) {
  std::vector<std::string> kinds;
  for (const Json& event : timeline["timeline"]) kinds.push_back(event["kind"]);
  return kinds;
}

}  // namespace

TEST_CASE("a listing finds a case by status, custodian and label", "[queries]") {
  ToldCase told;
  const auto count = [&](const Json& filter) {
    return told.ask("hub", "case.list", filter)["cases"].size();
  };
  CHECK(count({}) == 1);
  CHECK(count({{"status", "answered"}}) == 1);
  CHECK(count({{"status", "Ditanggapi"}, {"custodian", "51"}}) == 1);
  CHECK(count({{"custodian", "51.03"}}) == 0);
  CHECK(count({{"category", "roads.potholes"}}) == 1);
  const auto wrong = test::ask(told.federation, "hub", "case.list", {{"status", "lost"}});
  REQUIRE(!wrong);
  CHECK(wrong.error().message.find("answered") != std::string::npos);
}

TEST_CASE("a listing refuses a code that no case can have, and a continuation that is none",
          "[queries]") {
  ToldCase told;
  for (const char* name : {"region", "category"}) {
    const auto long_one =
        test::ask(told.federation, "hub", "case.list", {{name, std::string(600, 'a')}});
    REQUIRE(!long_one);
    CHECK(long_one.error().message.find(name) != std::string::npos);
  }
  std::string from = "01";
  for (int i = 0; i < 600; ++i) from += "ff";
  CHECK(told.ask("hub", "case.list", {{"from", from}})["cases"].size() == 1);
}

TEST_CASE("a case shows the texts that are readable here and says which are not", "[queries]") {
  ToldCase told;
  const auto states = [&](const std::string& node, bool with_keys) {
    std::map<std::string, std::string> by_role;
    const Json shown = told.ask(node, "case.show", {{"case", told.id}}, with_keys);
    for (const Json& text : shown["texts"]) by_role[text["role"]] = text["state"];
    return by_role;
  };
  CHECK(states("51.03", true)["identity"] == "open");
  CHECK(states("hub", true)["identity"] == "kept");
  CHECK(states("51.03", false)["narrative"] == "locked");
  const Json shown = told.ask("51.03", "case.show", {{"case", told.id}});
  CHECK(shown["notes"][0]["text"] == "hubungi camat");
  CHECK(shown["route"].size() == 2);
  const Json locked = told.ask("51.03", "case.show", {{"case", told.id}}, false);
  CHECK(!locked["notes"][0].contains("text"));
  const Json moves = told.ask("51", "case.show", {{"case", told.id}})["legal_moves"];
  CHECK(std::ranges::find(moves, "closed") != moves.end());
}

TEST_CASE("who was given which text is told by the log, without keys", "[queries]") {
  ToldCase told;
  const Json who = told.ask("hub", "case.who", {{"case", told.id}}, false);
  std::map<std::string, std::vector<std::string>> readers;
  for (const Json& text : who["texts"]) {
    for (const Json& reader : text["readers"]) {
      readers[text["role"]].push_back(reader["member"]);
      CHECK(reader["fate"] == "in-force");
    }
  }
  CHECK(readers["narrative"] == std::vector<std::string>{"51", "51.03", "hub"});
  CHECK(readers["identity"] == std::vector<std::string>{"51", "51.03"});
  CHECK(readers["answer"] == std::vector<std::string>{"51", "51.03", "hub"});
  const Json bali = who["texts"][0]["readers"][0];
  CHECK(bali["spans"][0]["ground"] == "offeree");
  CHECK(bali["spans"][0]["until"] == bali["spans"][1]["since"]);
  CHECK(bali["spans"][1]["ground"] == "custodian");
  CHECK(!bali["spans"][1].contains("until"));
}

TEST_CASE("a timeline tells each event with its arrival, fate and grade", "[queries]") {
  ToldCase told;
  const Json timeline = told.ask("51.03", "case.timeline", {{"case", told.id}});
  CHECK(kinds_of(timeline) == std::vector<std::string>{"opened", "verified", "forwarded",
                                                       "delivered", "accepted", "answered"});
  for (const Json& event : timeline["timeline"]) {
    CHECK(event["verdict"] == "effective");
    CHECK(event.contains("received"));
    if (event["author"] == "51.03") CHECK(event["grade"] == "acknowledged");
  }
  const Json& forwarded = timeline["timeline"][2];
  CHECK(forwarded.contains("delivered"));
  CHECK(forwarded.contains("accepted"));
  CHECK(forwarded["details"]["to"] == "51");
}

TEST_CASE("an index that an earlier program left is built anew when a node starts", "[queries]") {
  ToldCase told;
  const Json before = told.ask("hub", "case.timeline", {{"case", told.id}});
  told.federation.kill("hub");
  age_index(told.federation.node("hub").data_folder());
  told.federation.start("hub");
  REQUIRE(told.federation.run_until(
      [&] { return told.ask("hub", "case.list", {})["cases"].size() == 1; }));
  CHECK(told.ask("hub", "case.timeline", {{"case", told.id}}) == before);
}

TEST_CASE("a case that is not held is not found", "[queries]") {
  ToldCase told;
  SeededRandom random(1);
  const std::string other = CaseId::make(*MemberId::parse("34"), random).text();
  const auto result = test::ask(told.federation, "hub", "case.timeline", {{"case", other}});
  REQUIRE(!result);
  CHECK(result.error().code == ErrorCode::kNotFound);
}

TEST_CASE("journals verify at every node, and a flipped byte is found", "[queries]") {
  ToldCase told;
  for (const char* node : {"hub", "51", "51.03"}) {
    const Json report = told.ask(node, "log.verify", Json::object());
    INFO(node << report.dump(1));
    CHECK(report["verified"] == true);
  }
  flip_byte(told.federation.node("hub").store(), *JournalId::parse("51.03/1"), 1, 3);
  const Json report = told.ask("hub", "log.verify", {{"journal", "51.03/1"}});
  INFO(report.dump(1));
  CHECK(report["verified"] == false);
  CHECK(report["journals"][0]["verified"] == false);
  CHECK(report["journals"][0]["damage"][0]["index"] == 1);
}

TEST_CASE("a flipped byte is found in a journal that came event by event", "[queries]") {
  ToldCase told;
  flip_byte(told.federation.node("51").store(), *JournalId::parse("51.03/1"), 2, 3);
  const Json report = told.ask("51", "log.verify", {{"journal", "51.03/1"}});
  INFO(report.dump(1));
  CHECK(report["verified"] == false);
  // Proofs recompute shared nodes from the events, so neighbours are suspected too.
  bool is_named = false;
  for (const Json& damage : report["journals"][0]["damage"]) is_named |= damage["index"] == 2;
  CHECK(is_named);
}

TEST_CASE("an event's proof leads to the signed root", "[queries]") {
  ToldCase told;
  const Json proof = told.ask("hub", "log.prove", {{"event", "51.03/1#0"}});
  std::vector<Digest> path;
  for (const Json& hash : proof["proof"]) {
    const Bytes bytes = *from_base64(hash.get<std::string>());
    std::copy(bytes.begin(), bytes.end(), path.emplace_back().bytes.begin());
  }
  Digest root;
  const Bytes bytes = *from_base64(proof["root"].get<std::string>());
  std::copy(bytes.begin(), bytes.end(), root.bytes.begin());
  const Digest leaf = leaf_hash(*from_base64(proof["bytes"].get<std::string>()));
  CHECK(verify_inclusion(leaf, 0, proof["size"], path, root));
  CHECK(test::ask(told.federation, "hub", "log.prove", {{"event", "51.03/1#99"}}).error().code ==
        ErrorCode::kNotFound);
}

TEST_CASE("the national table counts cases by custodian and status", "[queries]") {
  ToldCase told;
  const Json table = told.ask("hub", "national", Json::object());
  CHECK(table["cases"] == 1);
  CHECK(table["members"][0]["member"] == "51");
  CHECK(table["totals"]["answered"] == 1);
}
