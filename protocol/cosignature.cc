// The cosignature half of checkpoint.h (C2SP tlog-cosignature, cosignature/v1).
#include <algorithm>
#include <limits>
#include <optional>

#include "crypto/encoding.h"
#include "protocol/checkpoint.h"
#include "protocol/signed_note.h"

namespace simpul {
namespace {

constexpr std::size_t kTimeSize = 8;
constexpr std::size_t kPayloadSize = kTimeSize + std::tuple_size_v<Signature>;
// The last second that an Instant can hold.
constexpr std::uint64_t kSecondsMax = std::numeric_limits<std::int64_t>::max() / 1000;

std::string cosigned_message(std::uint64_t seconds, std::string_view body) {
  return "cosignature/v1\ntime " + std::to_string(seconds) + "\n" + std::string(body);
}

Bytes encode_time(std::uint64_t seconds) {
  Bytes bytes(kTimeSize);
  for (std::size_t i = 0; i < kTimeSize; ++i) {
    bytes[i] = static_cast<std::uint8_t>(seconds >> (8 * (kTimeSize - 1 - i)));
  }
  return bytes;
}

std::uint64_t decode_time(BytesView bytes) {
  std::uint64_t seconds = 0;
  for (const std::uint8_t byte : bytes) seconds = seconds << 8 | byte;
  return seconds;
}

struct Cosigned {
  Instant time;
  std::string_view line;
};

std::optional<Instant> cosigned_at(const NoteSignature& signature, std::string_view body,
                                   const VerifyKey& key) {
  const BytesView payload = signature.payload;
  if (payload.size() != kPayloadSize) return std::nullopt;
  const std::uint64_t seconds = decode_time(payload.first(kTimeSize));
  if (seconds > kSecondsMax) return std::nullopt;
  const std::string message = cosigned_message(seconds, body);
  if (!verify(key, as_bytes(message), payload.subspan(kTimeSize))) return std::nullopt;
  return Instant(std::chrono::seconds(seconds));
}

// The first line that verifies: whoever wrote the note may have put others under our name.
Result<Cosigned> find_cosignature(std::string_view note, std::string_view name,
                                  const VerifyKey& key) {
  SIMPUL_TRY(split, split_note(note));
  const NoteKeyId id = note_key_id(name, NoteKeyType::kCosignature, key);
  bool named = false;
  for (const NoteSignature& signature : split.signatures) {
    if (signature.name != name || signature.key_id != id) continue;
    named = true;
    if (const auto time = cosigned_at(signature, split.body, key)) {
      return Cosigned{*time, signature.line};
    }
  }
  if (!named) return fail(ErrorCode::kNotFound, "'" + std::string(name) + "' has not cosigned");
  return fail(ErrorCode::kBadSignature,
              "the cosignature of '" + std::string(name) + "' does not verify");
}

std::string verifier_key(std::string_view name, NoteKeyType type, const VerifyKey& key) {
  Bytes bytes{static_cast<std::uint8_t>(type)};
  append(bytes, key.view());
  return std::string(name) + "+" + to_hex(note_key_id(name, type, key)) + "+" + to_base64(bytes);
}

}  // namespace

std::string cosign(std::string_view note, std::string_view name, const SigningKey& key,
                   Instant time) {
  const auto split = split_note(note);
  const auto since = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
  SIMPUL_CHECK(split && is_key_name(name) && since >= 0);
  const auto seconds = static_cast<std::uint64_t>(since);
  Bytes payload = encode_time(seconds);
  append(payload, key.sign(as_bytes(cosigned_message(seconds, split->body))));
  return format_signature_line(name, note_key_id(name, NoteKeyType::kCosignature, key.verify_key()),
                               payload);
}

Result<std::string> add_signature(std::string_view note, std::string_view line) {
  SIMPUL_TRY(split, split_note(note));
  SIMPUL_TRY(added, parse_signature_line(line));
  for (const NoteSignature& signature : split.signatures) {
    if (signature.line == added.line) return std::string(note);
  }
  if (split.signatures.size() == kNoteSignaturesMax || note.size() + line.size() > kNoteSizeMax) {
    return fail(ErrorCode::kTooLarge, "the note has no room for one more signature");
  }
  return std::string(note).append(line);
}

Result<Instant> verify_cosignature(std::string_view note, std::string_view name,
                                   const VerifyKey& key) {
  SIMPUL_TRY(found, find_cosignature(note, name, key));
  return found.time;
}

Result<std::string> cosignature_line(std::string_view note, std::string_view name,
                                     const VerifyKey& key) {
  SIMPUL_TRY(found, find_cosignature(note, name, key));
  return std::string(found.line);
}

Result<std::string> without_cosignatures(std::string_view note) {
  SIMPUL_TRY(split, split_note(note));
  const std::string_view origin = split.body.substr(0, split.body.find('\n'));
  std::string alone = std::string(split.body) + "\n";
  for (const NoteSignature& signature : split.signatures) {
    if (signature.name == origin) alone += signature.line;
  }
  return alone;
}

Result<std::vector<std::string>> signers_of(std::string_view note) {
  SIMPUL_TRY(split, split_note(note));
  std::vector<std::string> names;
  names.reserve(split.signatures.size());
  for (const NoteSignature& signature : split.signatures) names.emplace_back(signature.name);
  return names;
}

std::string note_verifier_key(std::string_view name, const VerifyKey& key) {
  return verifier_key(name, NoteKeyType::kEd25519, key);
}

std::string cosignature_verifier_key(std::string_view name, const VerifyKey& key) {
  return verifier_key(name, NoteKeyType::kCosignature, key);
}

}  // namespace simpul
