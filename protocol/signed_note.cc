#include "protocol/signed_note.h"

#include <algorithm>
#include <charconv>

#include "crypto/encoding.h"
#include "crypto/hash.h"
#include "protocol/checkpoint.h"

namespace simpul {
namespace {

constexpr std::string_view kSignaturePrefix = "\u2014 ";

std::unexpected<Error> malformed(std::string what) {
  return fail(ErrorCode::kMalformed, "the note is malformed: " + std::move(what));
}

bool is_visible(char c) {
  return c > 0x20 && c < 0x7f;
}

bool is_body_character(char c) {
  return c == '\n' || c == ' ' || is_visible(c);
}

}  // namespace

NoteKeyId note_key_id(std::string_view name, NoteKeyType type, const VerifyKey& key) {
  const std::array<std::uint8_t, 2> separator{'\n', static_cast<std::uint8_t>(type)};
  const Digest digest = sha256(as_bytes(name), separator, key.view());
  NoteKeyId id;
  std::copy_n(digest.bytes.begin(), id.size(), id.begin());
  return id;
}

const NoteSignature* SignedNote::find(std::string_view name, const NoteKeyId& key_id) const {
  for (const NoteSignature& signature : signatures) {
    if (signature.name == name && signature.key_id == key_id) return &signature;
  }
  return nullptr;
}

bool is_key_name(std::string_view name) {
  return !name.empty() &&
         std::ranges::all_of(name, [](char c) { return is_visible(c) && c != '+'; });
}

Result<NoteSignature> parse_signature_line(std::string_view line) {
  if (!line.starts_with(kSignaturePrefix) || !line.ends_with('\n')) {
    return malformed("a signature line is an em dash, a name and base64");
  }
  NoteSignature signature;
  signature.line = line;
  const std::string_view rest =
      line.substr(kSignaturePrefix.size(), line.size() - kSignaturePrefix.size() - 1);
  const std::size_t space = rest.find(' ');
  signature.name = rest.substr(0, space);
  if (space == std::string_view::npos || !is_key_name(signature.name)) {
    return malformed("a signature line names no key");
  }
  SIMPUL_TRY(bytes, from_base64(rest.substr(space + 1)));
  if (bytes.size() <= signature.key_id.size()) return malformed("a signature is too short");
  std::copy_n(bytes.begin(), signature.key_id.size(), signature.key_id.begin());
  bytes.erase(bytes.begin(), bytes.begin() + std::ptrdiff_t{signature.key_id.size()});
  signature.payload = std::move(bytes);
  return signature;
}

Result<SignedNote> split_note(std::string_view note) {
  if (note.size() > kNoteSizeMax) {
    return fail(ErrorCode::kTooLarge, "a note has at most " + std::to_string(kNoteSizeMax) +
                                          " bytes, this one " + std::to_string(note.size()));
  }
  const std::size_t gap = note.rfind("\n\n");
  if (gap == std::string_view::npos || gap == 0) return malformed("it carries no signatures");
  SignedNote split;
  split.body = note.substr(0, gap + 1);
  if (!std::ranges::all_of(split.body, is_body_character)) {
    return malformed("its body holds a character outside printable ASCII");
  }
  std::string_view lines = note.substr(gap + 2);
  if (lines.empty()) return malformed("it carries no signatures");
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    if (end == std::string_view::npos) return malformed("its last line does not end");
    if (split.signatures.size() == kNoteSignaturesMax) {
      return fail(ErrorCode::kTooLarge,
                  "a note has at most " + std::to_string(kNoteSignaturesMax) + " signatures");
    }
    SIMPUL_TRY(signature, parse_signature_line(lines.substr(0, end + 1)));
    split.signatures.push_back(std::move(signature));
    lines.remove_prefix(end + 1);
  }
  return split;
}

std::string format_signature_line(std::string_view name, const NoteKeyId& key_id,
                                  BytesView payload) {
  Bytes bytes(key_id.begin(), key_id.end());
  append(bytes, payload);
  std::string line(kSignaturePrefix);
  line.append(name).append(" ").append(to_base64(bytes)).append("\n");
  return line;
}

Result<std::uint64_t> parse_decimal(std::string_view text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  const bool leading_zero = text.size() > 1 && text[0] == '0';
  if (text.empty() || leading_zero || parsed.ec != std::errc{} || parsed.ptr != end) {
    return malformed("a number is not decimal of at most 64 bits without leading zeros");
  }
  return value;
}

}  // namespace simpul
