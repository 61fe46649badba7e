// Whatever interrupts it, an attachment arrives whole, once, and as it was sent.
#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

#include "crypto/encoding.h"
#include "tests/support/federation.h"

namespace simpul {
namespace {

using test::Federation;
using namespace std::chrono_literals;

constexpr std::size_t kStrokesMax = 12;
constexpr std::uint64_t kRoundsMax = 150;  // each is a whole federation, however many are asked for
const std::vector<std::string> kTransferSeats = {"hub", "51", "51.03"};

// What befalls the transfer after a while.
struct Stroke {
  std::uint8_t wait, what, whom;
};

std::vector<Stroke> any_strokes() {
  const auto any = rc::gen::arbitrary<std::vector<std::uint32_t>>();
  std::vector<Stroke> strokes;
  for (const std::uint32_t each : *rc::gen::resize(rc::kNominalSize, any)) {
    if (strokes.size() == kStrokesMax) break;
    strokes.push_back({static_cast<std::uint8_t>(each), static_cast<std::uint8_t>(each >> 8),
                       static_cast<std::uint8_t>(each >> 16)});
  }
  return strokes;
}

void strike(Federation& federation, const Stroke& stroke) {
  const std::string& whom = kTransferSeats[stroke.whom % kTransferSeats.size()];
  federation.run_for(std::chrono::milliseconds{stroke.wait * 20});
  switch (stroke.what % 4) {
    case 0:
      return federation.network().cut_links(whom);
    case 1:
      federation.kill(whom);
      return federation.start(whom);
    case 2:
      federation.network().set_partition("hub", whom == "hub" ? "51" : whom, true);
      federation.run_for(5s);
      return federation.network().set_partition("hub", whom == "hub" ? "51" : whom, false);
    default:
      return federation.network().set_faults({.delay_ms_min = 1, .delay_ms_max = 400});
  }
}

// Bytes that differ from chunk to chunk.
Bytes numbered(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i >> 8 ^ i >> 16 ^ i);
  return bytes;
}

TEST_CASE("an attachment arrives whole whatever interrupts it", "[engine][fetch][property]") {
  std::uint64_t round = 0;
  rc::prop("of links cut, nodes killed, hubs out of reach and lines that vary", [&] {
    if (round == kRoundsMax) return;
    const auto size =
        *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::size_t>(1, 2u << 20));
    const std::vector<Stroke> strokes = any_strokes();
    Federation federation(1'000 + round++, {{"hub", MemberKind::kHub},
                                            {"51", MemberKind::kProvince},
                                            {"51.03", MemberKind::kRegency}});
    const Bytes content = numbered(size);
    RC_ASSERT(federation.run_until(
        [&] { return (*federation.call("51.03", "status", {}))["may_author"] == true; }));
    federation.network().set_faults({.delay_ms_min = 100, .delay_ms_max = 100});
    const auto opened =
        federation.call("51.03", "case.open",
                        {{"category", "roads.potholes"},
                         {"text", "Foto terlampir"},
                         {"attachments", {{{"name", "foto.jpg"}, {"data", to_base64(content)}}}}});
    RC_ASSERT(opened.has_value());
    const std::string about = (*opened)["case"];
    RC_ASSERT(
        federation.call("51.03", "case.forward", {{"case", about}, {"to", "51"}}).has_value());
    for (const Stroke& stroke : strokes) strike(federation, stroke);
    const auto arrived = [&] {
      return federation.text("51", about, EnclosureRole::kAttachment).has_value();
    };
    RC_ASSERT(federation.run_until(arrived, 1h));
    const std::string text = *federation.text("51", about, EnclosureRole::kAttachment);
    RC_ASSERT(Bytes(text.begin(), text.end()) == content);
  });
}

}  // namespace
}  // namespace simpul
