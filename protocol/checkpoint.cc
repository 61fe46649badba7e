#include "protocol/checkpoint.h"

#include <algorithm>

#include "crypto/encoding.h"
#include "protocol/signed_note.h"

namespace simpul {
namespace {

std::string federation_prefix(std::string_view federation) {
  return "simpul/" + std::string(federation) + "/";
}

std::string body_of(const Checkpoint& checkpoint) {
  return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" +
         to_base64(checkpoint.root.view()) + "\n";
}

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

// Exactly three lines. Extension lines, which the standard permits but advises against, are
// refused: nothing here would look at what they say.
Result<Checkpoint> parse_body(std::string_view body) {
  Checkpoint checkpoint;
  checkpoint.origin = take_line(body);
  if (!is_key_name(checkpoint.origin)) {
    return fail(ErrorCode::kMalformed, "the checkpoint's first line is not an origin");
  }
  SIMPUL_TRY(size, parse_decimal(take_line(body)));
  checkpoint.size = size;
  SIMPUL_TRY(root, from_base64(take_line(body)));
  if (root.size() != Digest::kSize || !body.empty()) {
    return fail(ErrorCode::kMalformed,
                "a checkpoint is three lines: origin, size and a root of 32 bytes");
  }
  std::copy(root.begin(), root.end(), checkpoint.root.bytes.begin());
  return checkpoint;
}

}  // namespace

std::string checkpoint_origin(std::string_view federation, const JournalId& journal) {
  return federation_prefix(federation) + journal.text();
}

Result<JournalId> journal_of_origin(std::string_view federation, std::string_view origin) {
  const std::string prefix = federation_prefix(federation);
  if (!origin.starts_with(prefix)) {
    return fail(ErrorCode::kMalformed, "origin '" + std::string(origin) +
                                           "' is not of federation " + std::string(federation));
  }
  return JournalId::parse(origin.substr(prefix.size()));
}

std::string cosigner_name(std::string_view federation, const MemberId& member) {
  return federation_prefix(federation) + member.text();
}

std::string sign_checkpoint(const Checkpoint& checkpoint, const SigningKey& key) {
  SIMPUL_CHECK(is_key_name(checkpoint.origin));
  const std::string body = body_of(checkpoint);
  const NoteKeyId id = note_key_id(checkpoint.origin, NoteKeyType::kEd25519, key.verify_key());
  return body + "\n" + format_signature_line(checkpoint.origin, id, key.sign(as_bytes(body)));
}

Result<Checkpoint> parse_checkpoint(std::string_view note) {
  SIMPUL_TRY(split, split_note(note));
  return parse_body(split.body);
}

Result<Checkpoint> open_checkpoint(std::string_view note, std::string_view origin,
                                   const VerifyKey& key) {
  SIMPUL_TRY(split, split_note(note));
  SIMPUL_TRY(checkpoint, parse_body(split.body));
  if (checkpoint.origin != origin) {
    return fail(ErrorCode::kBadSignature, "the checkpoint is of '" + checkpoint.origin +
                                              "', not of '" + std::string(origin) + "'");
  }
  const NoteSignature* signature =
      split.find(origin, note_key_id(origin, NoteKeyType::kEd25519, key));
  if (!signature || !verify(key, as_bytes(split.body), signature->payload)) {
    return fail(ErrorCode::kBadSignature, "the checkpoint of '" + checkpoint.origin +
                                              "' bears no valid signature by its author's key");
  }
  return std::move(checkpoint);
}

}  // namespace simpul
