#include <catch2/catch.hpp>

#include "tests/support/federation_fixture.h"

namespace simpul {
namespace {

const Json kPothole = {{"category", "infrastructure"}, {"text", "Jalan berlubang di depan pasar."}};

TEST_CASE("a member enrols, is admitted, opens a case, and the hub has it", "[e2e]") {
  FederationFixture federation(SIMPUL_BINARY);
  federation.add({.id = "51.03"});
  const Json opened = federation.call("51.03", "case.open", kPothole);
  INFO(opened.dump(2));
  federation.wait_acknowledged("51.03");
  const Json shown = federation.wait_for("hub", "case.show", {{"case", opened["case"]}},
                                         [](const Json&) { return true; });
  CHECK(shown["case"] == opened["case"]);
}

TEST_CASE("a node that is stopped ends well, and a second one waits for the first", "[e2e]") {
  FederationFixture federation(SIMPUL_BINARY);
  const Home home = federation.home("hub");
  ChildProcess second({SIMPUL_BINARY, "run", "--home", home.path()}, home.path() + "-second.log");
  CHECK(second.wait(FederationFixture::kLimit) == 1);
  CHECK_THAT(second.log(), Catch::Contains(std::to_string(federation.pid("hub"))));
  federation.restart("hub");
  CHECK(federation.call("hub", "status")["hub"] == true);
}

TEST_CASE("a killed node comes back with its case and goes on", "[e2e]") {
  FederationFixture federation(SIMPUL_BINARY);
  federation.add({.id = "51.03"});
  const Json first = federation.call("51.03", "case.open", kPothole);
  federation.kill9("51.03");
  federation.start("51.03");
  CHECK(federation.try_call("51.03", "case.show", {{"case", first["case"]}}));
  federation.wait_for("51.03", "status", Json::object(),
                      [](const Json& status) { return status["may_author"] == true; });
  federation.call("51.03", "case.open", kPothole);
  federation.wait_acknowledged("51.03");
}

TEST_CASE("a node whose data was lost comes back in its next generation", "[e2e][restore]") {
  FederationFixture federation(SIMPUL_BINARY);
  federation.add({.id = "51.03"});
  const Json first = federation.call("51.03", "case.open", kPothole);
  federation.wait_acknowledged("51.03");
  federation.stop("51.03");
  federation.wipe_data("51.03");
  federation.start("51.03");
  CHECK_THAT(federation.log("51.03"), Catch::Contains("not what it left"));
  federation.wait_for("51.03", "status", Json::object(), [](const Json& status) {
    for (const Json& journal : status["journals"]) {
      if (journal["journal"] == "51.03/2") return status["may_author"] == true;
    }
    return false;
  });
  CHECK(federation.try_call("51.03", "case.show", {{"case", first["case"]}}));
}

}  // namespace
}  // namespace simpul
