// Whoever reads a text at a node leaves a record of it, at a running node and at one that stands.
#include <unistd.h>

#include <catch2/catch.hpp>

#include "node/account.h"
#include "tests/support/federation_fixture.h"

namespace simpul {
namespace {

TEST_CASE("who reads a case at a node is on record there, and nobody can add to it",
          "[e2e][access]") {
  FederationFixture federation(SIMPUL_BINARY);
  federation.add({.id = "51.03", .kind = "regency", .name = "Badung"});
  const std::string id = federation.call(
      "51.03", "case.open", {{"category", "roads"}, {"text", "Jalan berlubang"}})["case"];
  CHECK(federation.call("51.03", "access.list")["records"].empty());
  federation.call("51.03", "case.list");
  federation.call("51.03", "case.timeline", {{"case", id}});
  CHECK(federation.call("51.03", "access.list")["records"].empty());

  federation.call("51.03", "case.show", {{"case", id}});
  const Json records = federation.call("51.03", "access.list")["records"];
  REQUIRE(records.size() == 1);
  CHECK(records[0]["case"] == id);
  CHECK(records[0]["reader"] == account_text(::getuid()));
  CHECK(records[0]["digests"].size() == 1);
  CHECK_FALSE(federation.try_call("51.03", "access.record", {{"opened", Json::object()}}));

  federation.restart("51.03");
  federation.call("51.03", "case.show", {{"case", id}});
  CHECK(federation.call("51.03", "access.list", {{"case", id}})["records"].size() == 2);
  const Json verdict = federation.call("51.03", "access.verify");
  CHECK(verdict["verified"] == true);
  CHECK(verdict["records"] == 2);
}

}  // namespace
}  // namespace simpul
