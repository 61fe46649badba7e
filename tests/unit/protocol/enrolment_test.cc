#include <catch2/catch.hpp>
#include <functional>

#include "protocol/roster.h"

using namespace simpul;

namespace {

struct Fixture {
  SeededRandom random{41};
  SigningKey key = SigningKey::generate(random);
  EnrolmentRequest request{
      .federation = "indonesia-test",
      .member = MemberId::parse("51.03").value(),
      .kind = MemberKind::kRegency,
      .name = "Kabupaten Badung",
      .signing = key.verify_key(),
      .sealing = SealingKey::generate(random).seal_key(),
      .transport = TransportSecret::generate(random).transport_key(),
      .endpoint = "",
      .nonce = random.bytes(16),
      .expires = Instant(Duration(1'760'000'000'000)),
  };
};

}  // namespace

TEST_CASE("an enrolment request opens to what was signed", "[enrolment]") {
  Fixture f;
  const auto bytes = sign_enrolment(f.request, f.key);
  REQUIRE(bytes);
  CHECK(open_enrolment(*bytes).value() == f.request);
}

TEST_CASE("an enrolment request that was altered or cut is refused", "[enrolment]") {
  Fixture f;
  const Bytes bytes = sign_enrolment(f.request, f.key).value();
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    Bytes damaged = bytes;
    damaged[at] ^= 1;
    REQUIRE_FALSE(open_enrolment(damaged));
    REQUIRE_FALSE(open_enrolment(BytesView(bytes).first(at)));
  }
  CHECK(open_enrolment(Bytes(1 << 20)).error().code == ErrorCode::kTooLarge);
}

TEST_CASE("a signature for another purpose does not enrol", "[enrolment]") {
  Fixture f;
  const Bytes bytes = sign_enrolment(f.request, f.key).value();
  const BytesView message = BytesView(bytes).subspan(64);
  Bytes other = to_bytes(f.key.sign(message));
  append(other, message);
  CHECK(open_enrolment(other).error().code == ErrorCode::kBadSignature);
}

TEST_CASE("an enrolment request that breaks the rules cannot be signed", "[enrolment]") {
  const std::function<void(EnrolmentRequest&)> breaks[] = {
      [](EnrolmentRequest& r) { r.federation = "a b"; },
      [](EnrolmentRequest& r) { r.member = {}; },
      [](EnrolmentRequest& r) { r.kind = static_cast<MemberKind>(9); },
      [](EnrolmentRequest& r) { r.name = "\x1b[2J"; },
      [](EnrolmentRequest& r) { r.sealing = {}; },
      [](EnrolmentRequest& r) { r.transport.bytes = r.sealing.bytes; },
      [](EnrolmentRequest& r) { r.endpoint = "hub:7100"; },
      [](EnrolmentRequest& r) { r.nonce.pop_back(); },
      [](EnrolmentRequest& r) { r.expires = Instant(Duration(-1)); },
  };
  for (const auto& breaking : breaks) {
    Fixture f;
    breaking(f.request);
    const auto bytes = sign_enrolment(f.request, f.key);
    REQUIRE_FALSE(bytes);
    CHECK(bytes.error().code == ErrorCode::kMalformed);
  }
}
