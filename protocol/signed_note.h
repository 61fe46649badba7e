// The C2SP signed-note form under checkpoints: body, empty line, signature lines. Names are
// printable ASCII without space or plus, narrower than the standard, so that they are UTF-8
// and free of control characters by themselves. Pure; what split_note returns borrows the note.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/keys.h"
#include "crypto/result.h"

namespace simpul {

enum class NoteKeyType : std::uint8_t { kEd25519 = 1, kCosignature = 4 };

using NoteKeyId = std::array<std::uint8_t, 4>;

// SHA-256(name || 0x0A || type || key), the first four bytes.
NoteKeyId note_key_id(std::string_view name, NoteKeyType type, const VerifyKey& key);

struct NoteSignature {
  std::string_view name;
  NoteKeyId key_id{};
  Bytes payload;          // what follows the key id
  std::string_view line;  // all of it, newline included
};

struct SignedNote {
  std::string_view body;  // with its last newline, without the empty line
  std::vector<NoteSignature> signatures;

  // The first signature under this name and key id.
  const NoteSignature* find(std::string_view name, const NoteKeyId& key_id) const;
};

// Error::kMalformed, or kTooLarge past kNoteSizeMax or kNoteSignaturesMax.
Result<SignedNote> split_note(std::string_view note);
// One signature line; its newline must be there and must be its last byte.
Result<NoteSignature> parse_signature_line(std::string_view line);
std::string format_signature_line(std::string_view name, const NoteKeyId& key_id,
                                  BytesView payload);
bool is_key_name(std::string_view name);
// Decimal without sign, leading zeros or overflow.
Result<std::uint64_t> parse_decimal(std::string_view text);

}  // namespace simpul
