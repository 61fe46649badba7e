#include "protocol/checkpoint.h"

#include <catch2/catch.hpp>

#include "crypto/encoding.h"
#include "protocol/merkle.h"

namespace simpul {
namespace {

constexpr std::string_view kOrigin = "simpul/id/51.03/1";
constexpr std::string_view kWitness = "simpul/id/hub";

SigningKey key_of(std::uint8_t seed) {
  return SigningKey::from_seed(Bytes(32, seed)).value();
}

std::string note_of(std::uint64_t size) {
  return sign_checkpoint({std::string(kOrigin), size, empty_root()}, key_of(1));
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

ErrorCode refusal(std::string_view note) {
  const auto opened = open_checkpoint(note, kOrigin, key_of(1).verify_key());
  REQUIRE_FALSE(opened);
  return opened.error().code;
}

}  // namespace

TEST_CASE("a signed checkpoint opens with its author's key", "[checkpoint]") {
  const std::string note = note_of(42);
  CHECK(note.starts_with(
      "simpul/id/51.03/1\n42\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n\u2014 simpul/id/"));
  const auto opened = open_checkpoint(note, kOrigin, key_of(1).verify_key());
  REQUIRE(opened);
  CHECK(*opened == Checkpoint{std::string(kOrigin), 42, empty_root()});
  CHECK(parse_checkpoint(note).value() == *opened);
  CHECK(signers_of(note).value() == std::vector<std::string>{std::string(kOrigin)});
}

TEST_CASE("a checkpoint is refused under another key or another origin", "[checkpoint]") {
  const std::string note = note_of(42);
  const auto other_key = open_checkpoint(note, kOrigin, key_of(2).verify_key());
  CHECK(other_key.error().code == ErrorCode::kBadSignature);
  const auto other_origin = open_checkpoint(note, "simpul/id/51.03/2", key_of(1).verify_key());
  CHECK(other_origin.error().code == ErrorCode::kBadSignature);
}

TEST_CASE("no byte of a signed checkpoint may change", "[checkpoint]") {
  const std::string note = note_of(42);
  for (std::size_t i = 0; i < note.size(); ++i) {
    std::string bad = note;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    REQUIRE_FALSE(open_checkpoint(bad, kOrigin, key_of(1).verify_key()));
    REQUIRE_FALSE(open_checkpoint(note.substr(0, i), kOrigin, key_of(1).verify_key()));
  }
}

TEST_CASE("only the strict form of a checkpoint is read", "[checkpoint]") {
  const std::string note = note_of(42);
  CHECK(refusal(replaced(note, "\n42\n", "\n042\n")) == ErrorCode::kMalformed);
  CHECK(refusal(replaced(note, "\n42\n", "\n+42\n")) == ErrorCode::kMalformed);
  CHECK(refusal(replaced(note, "\n42\n", "\n42 \n")) == ErrorCode::kMalformed);
  CHECK(refusal(replaced(note, "\n42\n", "\n\n")) == ErrorCode::kMalformed);
  CHECK(refusal(replaced(note, "\n42\n", "\n18446744073709551616\n")) == ErrorCode::kMalformed);
  CHECK(refusal(replaced(note, "\n42\n", "\n42\t\n")) == ErrorCode::kMalformed);
  CHECK(refusal(replaced(note, "\n42\n", "\n42\r\n")) == ErrorCode::kMalformed);
  CHECK(refusal(replaced(note, "FU=\n\n", "FU=\nmore\n\n")) == ErrorCode::kMalformed);
  CHECK(refusal(replaced(note, "FU=\n\n", "FV=\n\n")) == ErrorCode::kMalformed);
  CHECK(refusal(replaced(note, "FU=\n\n", "FU\n\n")) == ErrorCode::kMalformed);
  CHECK(refusal(replaced(note, "\u2014 ", "- ")) == ErrorCode::kMalformed);
  CHECK(refusal(note.substr(0, note.size() - 1)) == ErrorCode::kMalformed);
  CHECK(refusal(note + "\n") == ErrorCode::kMalformed);
  CHECK(refusal("") == ErrorCode::kMalformed);
  CHECK(refusal("\n\n") == ErrorCode::kMalformed);
  CHECK(refusal(note + "\u2014 a+b AAAAAAA=\n") == ErrorCode::kMalformed);
  CHECK(refusal(note + "\u2014 a AAAAAA==\n") == ErrorCode::kMalformed);
  CHECK(parse_checkpoint(note_of(~std::uint64_t{0})).value().size == ~std::uint64_t{0});
}

TEST_CASE("unknown signatures are ignored within the limits of a note", "[checkpoint]") {
  std::string note = note_of(42);
  const std::string stranger = cosign(note, "stranger", key_of(9), Instant{});
  for (std::size_t i = 1; i < kNoteSignaturesMax; ++i) {
    note += stranger;
    REQUIRE(open_checkpoint(note, kOrigin, key_of(1).verify_key()));
  }
  CHECK(refusal(note + stranger) == ErrorCode::kTooLarge);
  CHECK(refusal(note_of(42) + std::string(kNoteSizeMax, 'a')) == ErrorCode::kTooLarge);
}

TEST_CASE("a cosignature tells who witnessed a checkpoint and when", "[checkpoint]") {
  const std::string note = note_of(42);
  const Instant time{std::chrono::milliseconds(1'679'315'147'999)};
  const std::string line = cosign(note, kWitness, key_of(5), time);
  const std::string both = add_signature(note, line).value();
  CHECK(add_signature(both, line).value() == both);
  CHECK(verify_cosignature(both, kWitness, key_of(5).verify_key()).value() ==
        Instant{std::chrono::seconds(1'679'315'147)});
  CHECK(open_checkpoint(both, kOrigin, key_of(1).verify_key()));
  CHECK(signers_of(both).value().back() == kWitness);
  CHECK(verify_cosignature(note, kWitness, key_of(5).verify_key()).error().code ==
        ErrorCode::kNotFound);
  CHECK(verify_cosignature(both, kWitness, key_of(6).verify_key()).error().code ==
        ErrorCode::kNotFound);
}

TEST_CASE("a line under a witness's name that does not verify hides no true one", "[checkpoint]") {
  const std::string note = note_of(42);
  const std::string forged = cosign(note_of(43), kWitness, key_of(5), Instant{});
  const std::string line = cosign(note, kWitness, key_of(5), Instant{});
  const std::string both = add_signature(add_signature(note, forged).value(), line).value();
  CHECK(verify_cosignature(both, kWitness, key_of(5).verify_key()));
  CHECK(cosignature_line(both, kWitness, key_of(5).verify_key()).value() == line);
  CHECK(without_cosignatures(both).value() == note);
}

TEST_CASE("a cosignature on another checkpoint does not verify", "[checkpoint]") {
  const std::string line = cosign(note_of(42), kWitness, key_of(5), Instant{});
  const std::string moved = add_signature(note_of(43), line).value();
  CHECK(verify_cosignature(moved, kWitness, key_of(5).verify_key()).error().code ==
        ErrorCode::kBadSignature);
}

TEST_CASE("an added signature must be one line that fits", "[checkpoint]") {
  const std::string note = note_of(42);
  const std::string line = cosign(note, kWitness, key_of(5), Instant{});
  CHECK(add_signature(note, line.substr(0, line.size() - 1)).error().code == ErrorCode::kMalformed);
  CHECK(add_signature(note, line + line).error().code == ErrorCode::kMalformed);
  CHECK(add_signature("junk", line).error().code == ErrorCode::kMalformed);
}

// The key of the example in Go's sumdb/note.
TEST_CASE("verifier keys have the form and key id of Go's sumdb/note", "[checkpoint]") {
  const Bytes raw = from_base64("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").value();
  const VerifyKey key = VerifyKey::from(BytesView(raw).subspan(1)).value();
  CHECK(note_verifier_key("PeterNeumann", key) ==
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  CHECK(cosignature_verifier_key("PeterNeumann", key).starts_with("PeterNeumann+"));
}

TEST_CASE("origins name a federation's journals", "[checkpoint]") {
  const JournalId journal = JournalId::parse("51.03/1").value();
  CHECK(checkpoint_origin("id", journal) == kOrigin);
  CHECK(journal_of_origin("id", kOrigin).value() == journal);
  CHECK_FALSE(journal_of_origin("other", kOrigin));
  CHECK_FALSE(journal_of_origin("id", "simpul/id/51.03"));
  CHECK(cosigner_name("id", MemberId::parse("hub").value()) == kWitness);
}

}  // namespace simpul
