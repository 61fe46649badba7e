// A federation in which Badung opened a case, Bali took it over and answered, and all know it;
// and queries asked of its nodes. For tests of what is read back.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "node/queries.h"
#include "tests/support/federation.h"

namespace simpul::test {

inline Result<Json> ask(Federation& federation, const std::string& node, const std::string& name,
                        const Json& arguments, bool with_keys = true) {
  ReadTransaction transaction = federation.node(node).store().read();
  Tables tables(transaction);
  const QueryContext context{.tables = tables,
                             .self = with_keys ? &federation.node(node).identity() : nullptr,
                             .roster = federation.roster(),
                             .now = federation.now()};
  return run_query(context, name, arguments);
}

inline Json must_ask(Federation& federation, const std::string& node, const std::string& name,
                     const Json& arguments, bool with_keys = true) {
  auto result = ask(federation, node, name, arguments, with_keys);
  INFO(name << ": " << (result ? "" : result.error().message));
  REQUIRE(result);
  return *std::move(result);
}

struct ToldCase {
  Federation federation{
      7,
      {{"hub", MemberKind::kHub}, {"51", MemberKind::kProvince}, {"51.03", MemberKind::kRegency}}};
  std::string id;

  ToldCase() {
    REQUIRE(federation.run_until([&] { return may_author("51") && may_author("51.03"); }));
    id = call("51.03", "case.open",
              {{"category", "roads.potholes"},
               {"text", "Jalan Raya Kuta berlubang"},
               {"identity", "I Made Pelapor"}})["case"];
    const auto note =
        Json{{"case", id}, {"internal", true}, {"text", "hubungi camat"}, {"officer", "sri"}};
    call("51.03", "case.note", note);
    call("51.03", "case.verify", {{"case", id}});
    call("51.03", "case.forward", {{"case", id}, {"to", "51"}});
    REQUIRE(federation.run_until([&] {
      const CaseState state = federation.state("51", id);
      return state.offer && state.offer->delivered;
    }));
    call("51", "case.accept", {{"case", id}});
    call("51", "case.answer", {{"case", id}, {"text", "Sudah diperbaiki"}});
    REQUIRE(federation.run_until([&] {
      for (const char* node : {"51", "51.03", "hub"}) {
        if (federation.state(node, id).status != CaseStatus::kAnswered) return false;
      }
      return federation.text("51.03", id, EnclosureRole::kAnswer).has_value();
    }));
    federation.run_for(std::chrono::seconds(5));
  }

  Json call(const std::string& node, const std::string& name, const Json& arguments) {
    auto result = federation.call(node, name, arguments);
    INFO(node << " " << name << ": " << (result ? "" : result.error().message));
    REQUIRE(result);
    return *std::move(result);
  }
  bool may_author(const std::string& node) {
    return call(node, "status", {})["may_author"].get<bool>();
  }
  Json ask(const std::string& node, const std::string& name, const Json& arguments,
           bool with_keys = true) {
    return must_ask(federation, node, name, arguments, with_keys);
  }
};

}  // namespace simpul::test
