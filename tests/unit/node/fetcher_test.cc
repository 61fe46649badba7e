// What fetching costs and holds up, counted on the wire between whole engines.
#include "node/engine/fetcher.h"

#include <catch2/catch.hpp>

#include "crypto/encoding.h"
#include "protocol/frame.h"
#include "tests/support/federation.h"

namespace simpul {
namespace {

using test::Federation;
using namespace std::chrono_literals;

constexpr std::size_t kAttachmentSize = 3u << 20;

// A case of 51.03 with an attachment, on offer to 51 by way of the hub.
std::string offer_attachment(Federation& federation, std::size_t size = kAttachmentSize) {
  const auto opened = federation.call(
      "51.03", "case.open",
      {{"category", "roads.potholes"},
       {"text", "Foto terlampir"},
       {"attachments", {{{"name", "foto.jpg"}, {"data", to_base64(Bytes(size, 7))}}}}});
  REQUIRE(opened);
  const std::string about = (*opened)["case"];
  REQUIRE(federation.call("51.03", "case.forward", {{"case", about}, {"to", "51"}}));
  return about;
}

bool has_attachment(Federation& federation, const std::string& id, const std::string& about) {
  return federation.text(id, about, EnclosureRole::kAttachment).has_value();
}

// Chunks that one node gets.
class ChunkCount {
 public:
  ChunkCount(Federation& federation, std::string id) {
    federation.set_tap([this, id = std::move(id)](const std::string& receiver, BytesView frame) {
      const auto decoded = decode_frame(frame);
      if (receiver != id || !decoded) return;
      if (const auto* chunk = std::get_if<EnclosureChunk>(&*decoded)) {
        if (!chunk->absent) ++times_[{chunk->digest, chunk->index}];
      }
    });
  }
  std::size_t different() const { return times_.size(); }
  std::size_t all() const {
    std::size_t sum = 0;
    for (const auto& [chunk, times] : times_) sum += times;
    return sum;
  }

 private:
  std::map<std::pair<Digest, std::uint64_t>, std::size_t> times_;
};

std::vector<Federation::Seat> fetcher_seats() {
  return {
      {"hub", MemberKind::kHub}, {"51", MemberKind::kProvince}, {"51.03", MemberKind::kRegency}};
}

void open_links(Federation& federation) {
  for (const std::string id : {"51", "51.03"}) {
    REQUIRE(federation.run_until(
        [&] { return (*federation.call(id, "status", {}))["may_author"] == true; }));
  }
}

TEST_CASE("a late line brings every chunk of an attachment once", "[engine][fetch]") {
  Federation federation(31, fetcher_seats());
  ChunkCount chunks(federation, "hub");
  open_links(federation);
  federation.network().set_faults({.delay_ms_min = 4'000, .delay_ms_max = 4'000});
  const std::string about = offer_attachment(federation);
  REQUIRE(federation.run_until([&] { return has_attachment(federation, "51", about); }, 1h));
  CHECK(chunks.different() > kAttachmentSize / 65'536);
  CHECK(chunks.all() == chunks.different());
}

TEST_CASE("an attachment goes on where its link was cut", "[engine][fetch]") {
  Federation federation(32, fetcher_seats());
  ChunkCount chunks(federation, "hub");
  open_links(federation);
  federation.network().set_faults({.delay_ms_min = 200, .delay_ms_max = 200});
  const std::string about = offer_attachment(federation);
  for (const std::size_t part : {10u, 30u}) {
    REQUIRE(federation.run_until([&] { return chunks.different() >= part; }));
    federation.network().cut_links("51.03");
  }
  REQUIRE(federation.run_until([&] { return has_attachment(federation, "51", about); }, 1h));
  // A run that was under way, no more, came twice.
  CHECK(chunks.all() <= chunks.different() + 2 * 8);
}

TEST_CASE("attachments that nobody has hold up no text", "[engine][fetch]") {
  Federation federation(33, fetcher_seats());
  open_links(federation);
  federation.network().set_faults({.delay_ms_min = 2'000, .delay_ms_max = 2'000});
  std::vector<std::string> stuck;
  for (int i = 0; i < 200; ++i) stuck.push_back(offer_attachment(federation, 1'000));
  // Their author is gone before the hub can have asked for them.
  REQUIRE(federation.run_until(
      [&] { return federation.state("hub", stuck.back()).offer.has_value(); }));
  federation.kill("51.03");
  federation.network().set_faults({});
  federation.run_for(2min);
  const auto opened =
      federation.call("51", "case.open", {{"category", "roads.potholes"}, {"text", "Lampu padam"}});
  REQUIRE(opened);
  const std::string about = (*opened)["case"];
  CHECK(federation.run_until(
      [&] { return federation.text("hub", about, EnclosureRole::kNarrative).has_value(); }, 10s));
}

// Requests for chunks that one node gets.
std::size_t requests_within(Federation& federation, const std::string& id, Duration time) {
  std::size_t requests = 0;
  federation.set_tap([&](const std::string& receiver, BytesView frame) {
    const auto decoded = decode_frame(frame);
    if (receiver == id && decoded && std::holds_alternative<EnclosureRequest>(*decoded)) ++requests;
  });
  federation.run_for(time);
  federation.set_tap({});
  return requests;
}

TEST_CASE("what nobody has is asked for ever more seldom, and comes with who has it",
          "[engine][fetch]") {
  Federation federation(34, fetcher_seats());
  open_links(federation);
  federation.network().set_faults({.delay_ms_min = 2'000, .delay_ms_max = 2'000});
  const std::string about = offer_attachment(federation, 1'000);
  REQUIRE(federation.run_until([&] { return federation.state("hub", about).offer.has_value(); }));
  federation.kill("51.03");
  federation.network().set_faults({});
  REQUIRE(federation.run_until([&] { return federation.state("51", about).offer.has_value(); }));
  constexpr std::size_t kEnclosures = 3;
  CHECK(requests_within(federation, "hub", 1min) >= kEnclosures);
  federation.run_for(1h);
  CHECK(requests_within(federation, "hub", 1h) <= kEnclosures * 7);
  // A line that fails again and again asks once each time, not as if for the first time.
  std::size_t requests = 0;
  for (int cuts = 0; cuts < 10; ++cuts) {
    federation.network().cut_links("51");
    requests += requests_within(federation, "hub", 30s);
  }
  CHECK(requests <= kEnclosures * 12);
  federation.start("51.03");
  CHECK(federation.run_until([&] { return has_attachment(federation, "51", about); }, 20s));
}

}  // namespace
}  // namespace simpul
