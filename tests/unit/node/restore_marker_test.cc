#include "node/restore_marker.h"

#include <catch2/catch.hpp>

#include "node/files.h"
#include "tests/support/scratch_directory.h"

namespace simpul {
namespace {

const Bytes kOld(16, 1), kNew(16, 2), kOther(16, 3);

TEST_CASE("data that goes on where it stopped is not called restored", "[restore]") {
  CHECK_FALSE(judge_restore(std::nullopt, std::nullopt, {}));  // a fresh node
  const RestoreMarker marker{.nonce = kOld, .next_nonce = {}};
  CHECK_FALSE(judge_restore(marker, std::nullopt, {kOld, {1, 5}}));
  CHECK_FALSE(judge_restore(marker, OwnHead{1, 5}, {kOld, {1, 5}}));
  CHECK_FALSE(judge_restore(marker, OwnHead{1, 5}, {kOld, {1, 9}}));
  CHECK_FALSE(judge_restore(marker, OwnHead{1, 5}, {kOld, {2, 1}}));
}

TEST_CASE("a start that broke off in the middle is not called a restore", "[restore]") {
  const RestoreMarker marker{.nonce = kOld, .next_nonce = kNew};
  CHECK_FALSE(judge_restore(marker, OwnHead{1, 5}, {kOld, {1, 5}}));
  CHECK_FALSE(judge_restore(marker, OwnHead{1, 5}, {kNew, {1, 5}}));
  const RestoreMarker first_start{.nonce = {}, .next_nonce = kNew};
  CHECK_FALSE(judge_restore(first_start, std::nullopt, {}));
  CHECK_FALSE(judge_restore(first_start, std::nullopt, {kNew, {}}));
}

TEST_CASE("lost, older and foreign data is called restored", "[restore]") {
  const RestoreMarker marker{.nonce = kOld, .next_nonce = {}};
  CHECK(judge_restore(marker, OwnHead{1, 5}, {}));                // emptied
  CHECK(judge_restore(marker, OwnHead{1, 5}, {kOther, {1, 9}}));  // from before the last start
  CHECK(judge_restore(marker, OwnHead{1, 5}, {kOld, {1, 4}}));    // from before, same start
  CHECK(judge_restore(marker, OwnHead{2, 1}, {kOld, {1, 9}}));
  CHECK(judge_restore(std::nullopt, std::nullopt, {kOld, {1, 4}}));  // without its keys folder
}

TEST_CASE("a marker reads back as written and a damaged one is refused", "[restore]") {
  const RestoreMarker marker{.nonce = kOld, .next_nonce = kNew};
  const auto read = parse_marker(to_text(marker));
  REQUIRE(read);
  CHECK(read->nonce == kOld);
  CHECK(read->next_nonce == kNew);
  CHECK(parse_own_head(to_text(OwnHead{3, 77})) == OwnHead{3, 77});
  for (const std::string text : {"", "simpul marker v1\n", "simpul marker v1\nnonce 0g\n",
                                 "simpul marker v1\nnonce 01\nmore\n"}) {
    INFO(text);
    CHECK_FALSE(parse_marker(text));
  }
  CHECK_FALSE(parse_own_head("simpul head v1\ngeneration 1\n"));
  CHECK_FALSE(parse_own_head("simpul head v1\ngeneration 1\nsize -1\n"));
}

class RunningNode {
 public:
  RunningNode() { REQUIRE(home_.create()); }

  // One start: what it found.
  std::optional<std::string> start() {
    const auto store = Store::open(home_.data(), {.map_size_bytes = 16u << 20, .sync = false});
    REQUIRE(store);
    const auto verdict = renew_marker(home_, *store, self_, random_);
    REQUIRE(verdict);
    return *verdict;
  }
  const Home& home() const { return home_; }
  void clear_flag() {
    const auto store = Store::open(home_.data(), {.map_size_bytes = 16u << 20, .sync = false});
    WriteTransaction transaction = store->write();
    Tables(transaction).meta.set_flag(kDataRestoredFlag, false);
    REQUIRE(transaction.commit());
  }

 private:
  const ScratchDirectory scratch_;
  const Home home_{scratch_ / "home"};
  const MemberId self_ = *MemberId::parse("51.03");
  SeededRandom random_{1};
};

TEST_CASE("a node that starts again and again is never called restored", "[restore]") {
  RunningNode node;
  for (int i = 0; i < 3; ++i) CHECK_FALSE(node.start());
}

TEST_CASE("a data folder put back from before the last start is noticed until a hub confirmed it",
          "[restore]") {
  RunningNode node;
  node.start();
  const std::string copy = node.home().path() + "/copy";
  std::filesystem::copy(node.home().data(), copy);
  CHECK_FALSE(node.start());
  std::filesystem::remove_all(node.home().data());
  std::filesystem::rename(copy, node.home().data());
  CHECK(node.start());
  CHECK(node.start());
  node.clear_flag();
  CHECK_FALSE(node.start());
}

TEST_CASE("a data folder that was lost is noticed, and so is a journal shorter than noted",
          "[restore]") {
  RunningNode node;
  node.start();
  SECTION("lost") {
    std::filesystem::remove_all(node.home().data());
    REQUIRE(node.home().create());
    CHECK(node.start());
  }
  SECTION("shorter") {
    REQUIRE(note_own_head(node.home(), {1, 3}));
    CHECK(node.start());
  }
  SECTION("shorter, at every start, until the next generation is begun") {
    REQUIRE(note_own_head(node.home(), {2, 3}));
    CHECK(node.start());
    node.clear_flag();
    REQUIRE(note_own_head(node.home(), {1, 9}));
    CHECK(noted_generation(node.home()) == 2);
    CHECK(node.start());
  }
  SECTION("a head file that a power cut emptied says nothing") {
    REQUIRE(replace_file(node.home().marker_head(), {}));
    CHECK_FALSE(node.start());
  }
}

}  // namespace
}  // namespace simpul
