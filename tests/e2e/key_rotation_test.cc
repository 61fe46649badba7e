// A signing key is changed between real processes, whose keys rest in real files.
#include <catch2/catch.hpp>

#include "node/files.h"
#include "tests/support/federation_fixture.h"

using namespace simpul;

namespace {

const Json kReport{{"category", "roads"}, {"text", "Jalan berlubang"}};

bool journal_has(const Json& answer, const std::string& journal) {
  for (const Json& row : answer["journals"]) {
    if (row["journal"] == journal && row["size"].get<std::uint64_t>() > 0) return true;
  }
  return false;
}

const Json* row_of(const Json& members, const std::string& id) {
  for (const Json& row : members["members"]) {
    if (row["member"] == id) return &row;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("a key is changed while processes die, and all that was signed verifies", "[e2e][keys]") {
  FederationFixture federation(SIMPUL_BINARY);
  federation.add({.id = "51.03"});
  const std::string before = federation.call("51.03", "case.open", kReport)["case"];
  const Bytes old_file = *read_file(federation.home("51.03").keystore(), 1 << 20);

  const std::string shown = federation.call("51.03", "keys.rotate")["fingerprint"];
  CHECK_FALSE(equal(*read_file(federation.home("51.03").keystore(), 1 << 20), old_file));
  federation.kill9("51.03");
  federation.start("51.03");
  CHECK(federation.call("51.03", "status")["new_key"]["fingerprint"] == shown);
  federation.wait_for("hub", "hub.members", Json::object(), [](const Json& members) {
    const Json* row = row_of(members, "51.03");
    return row && row->contains("new_key");
  });
  CHECK_FALSE(federation.try_call("hub", "hub.confirm-key",
                                  {{"member", "51.03"}, {"fingerprint", "0000"}}));
  federation.call("hub", "hub.confirm-key", {{"member", "51.03"}, {"fingerprint", shown}});
  federation.wait_for("51.03", "journals", Json::object(),
                      [](const Json& answer) { return journal_has(answer, "51.03/5"); });
  federation.kill9("51.03");
  federation.kill9("hub");
  federation.start("hub");
  federation.start("51.03");

  federation.wait_for("51.03", "status", Json::object(),
                      [](const Json& status) { return status["may_author"] == true; });
  CHECK_FALSE(federation.call("51.03", "status").contains("new_key"));
  const std::string after = federation.call("51.03", "case.open", kReport)["case"];
  federation.wait_acknowledged("51.03");
  for (const std::string& id : {before, after}) {
    CHECK(federation.call("hub", "case.show", {{"case", id}})["status"] == "received");
  }
  for (const std::string member : {"hub", "51.03"}) {
    const Json report = federation.call(member, "log.verify");
    INFO(report.dump(2));
    CHECK(report["verified"] == true);
  }
}
