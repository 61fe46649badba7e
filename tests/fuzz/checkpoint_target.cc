// Checkpoints and the cosignatures on them. The input is a note; its body is also signed by the
// author, so that what lies behind the signature is reached. A note that is read comes out the same
// when written again by who signs it; only the key that signed opens it; cosignatures are found by
// the name and key that made them and change nothing that the author signed.
#include "protocol/checkpoint.h"
#include "protocol/signed_note.h"
#include "tests/fuzz/samples.h"
#include "tests/fuzz/script.h"
#include "tests/fuzz/targets.h"

namespace simpul::fuzz {

namespace {

const std::string kWitness = "simpul/pilot/hub";
constexpr Instant kWitnessed{std::chrono::seconds(1'767'225'600)};

void check_cosigning(const std::string& note, const Checkpoint& checkpoint) {
  const SigningKey& author = signing_key(kAuthorKey);
  const SigningKey& hub = signing_key(kHubKey);
  const std::string line = cosign(note, kWitness, hub, kWitnessed);
  const auto whole = add_signature(note, line);
  if (!whole) {
    SIMPUL_CHECK(whole.error().code == ErrorCode::kTooLarge);
    return;
  }
  SIMPUL_CHECK(add_signature(*whole, line).value() == *whole);
  SIMPUL_CHECK(verify_cosignature(*whole, kWitness, hub.verify_key()).value() == kWitnessed);
  SIMPUL_CHECK(cosignature_line(*whole, kWitness, hub.verify_key()).value() == line);
  SIMPUL_CHECK(!verify_cosignature(*whole, kWitness, author.verify_key()));
  SIMPUL_CHECK(open_checkpoint(*whole, checkpoint.origin, author.verify_key()).value() ==
               checkpoint);
}

void check_read(const std::string& note, const Checkpoint& checkpoint) {
  const SigningKey& author = signing_key(kAuthorKey);
  SIMPUL_CHECK(note.size() <= kNoteSizeMax && is_key_name(checkpoint.origin));
  const std::string own = sign_checkpoint(checkpoint, author);
  // The body has one form: what was signed as it was read is what would be signed now.
  SIMPUL_CHECK(own.starts_with(note.substr(0, note.rfind("\n\n") + 1)));
  if (own.size() > kNoteSizeMax) return;  // an origin that fills the note by itself
  SIMPUL_CHECK(open_checkpoint(own, checkpoint.origin, author.verify_key()).value() == checkpoint);
  SIMPUL_CHECK(!open_checkpoint(own, checkpoint.origin, signing_key(kHubKey).verify_key()));
  SIMPUL_CHECK(!open_checkpoint(own, checkpoint.origin + "x", author.verify_key()));
  check_cosigning(own, checkpoint);
  if (const auto journal = journal_of_origin(kFederation, checkpoint.origin)) {
    SIMPUL_CHECK(checkpoint_origin(kFederation, *journal) == checkpoint.origin);
  }
}

void check_signatures(const std::string& note, const SignedNote& split) {
  SIMPUL_CHECK(split.signatures.size() <= kNoteSignaturesMax && !split.signatures.empty());
  SIMPUL_CHECK(signers_of(note).value().size() == split.signatures.size());
  std::string together = std::string(split.body) + "\n";
  for (const NoteSignature& each : split.signatures) {
    SIMPUL_CHECK(format_signature_line(each.name, each.key_id, each.payload) == each.line);
    SIMPUL_CHECK(split.find(each.name, each.key_id) != nullptr);
    SIMPUL_CHECK(add_signature(note, each.line).value() == note);
    together += each.line;
  }
  SIMPUL_CHECK(together == note);
}

}  // namespace

void fuzz_checkpoint(BytesView input) {
  const std::string note(as_text(input));
  const auto split = split_note(note);
  const auto checkpoint = parse_checkpoint(note);
  SIMPUL_CHECK(split.has_value() || !checkpoint.has_value());
  if (split) check_signatures(note, *split);
  if (checkpoint) check_read(note, *checkpoint);
}

// A receipt is a cosignature line that a peer sends for a head of ours. The first byte says which
// of two honest lines the input is put beside. Nothing but what the hub signed counts as its word.
void fuzz_receipt(BytesView input) {
  Script script(input);
  const SigningKey& hub = signing_key(kHubKey);
  const std::uint64_t size = 1 + script.below(2);
  const Checkpoint checkpoint{"simpul/pilot/51/1", size,
                              sha256(Bytes{static_cast<std::uint8_t>(size)})};
  const std::string note = sign_checkpoint(checkpoint, signing_key(kAuthorKey));
  const std::string honest = cosign(note, kWitness, hub, kWitnessed);
  const std::string line(as_text(script.rest()));
  const auto parsed = parse_signature_line(line);
  const auto whole = add_signature(note, line);
  SIMPUL_CHECK(parsed.has_value() || !whole.has_value());
  if (!whole) return;
  SIMPUL_CHECK(whole->size() <= kNoteSizeMax && split_note(*whole).has_value());
  SIMPUL_CHECK(parse_checkpoint(*whole).value() == checkpoint);
  const bool counts = verify_cosignature(*whole, kWitness, hub.verify_key()).has_value();
  SIMPUL_CHECK(counts == (line == honest));
}

}  // namespace simpul::fuzz
