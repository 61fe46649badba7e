#include "protocol/enclosure_content.h"

#include <algorithm>

#include "protocol/utf8.h"

namespace simpul {
namespace {

constexpr std::uint8_t kContentVersion = 1;
constexpr std::size_t kMediaTypeSizeMax = 100;

bool is_media_type(std::string_view type) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || std::string_view("+-./").contains(c);
  };
  return type.size() <= kMediaTypeSizeMax && std::ranges::count(type, '/') == 1 &&
         std::ranges::all_of(type, allowed);
}

// A name that is shown and saved under: no path, and fit for a line on a screen.
bool is_file_name(std::string_view name) {
  return name.size() <= kFileNameSizeMax && name != "." && name != ".." && is_plain_utf8(name) &&
         name.find_first_of("/\\") == std::string_view::npos;
}

Result<void> check_labels(std::string_view type, std::string_view name) {
  if (!is_media_type(type)) return fail(ErrorCode::kMalformed, "not a media type like text/plain");
  if (!is_file_name(name)) return fail(ErrorCode::kMalformed, "not a plain file name");
  return {};
}

}  // namespace

Result<SecretBytes> encode_content(std::string_view media_type, std::string_view name,
                                   BytesView bytes) {
  SIMPUL_TRY_VOID(check_labels(media_type, name));
  if (bytes.size() > kAttachmentSizeMax) {
    return fail(ErrorCode::kTooLarge, "an attachment may have 200 MiB at most");
  }
  SecretBytes out(4 + media_type.size() + name.size() + bytes.size());
  auto at = out.mutable_view().begin();
  *at++ = kContentVersion;
  *at++ = static_cast<std::uint8_t>(media_type.size());
  at = std::ranges::copy(as_bytes(media_type), at).out;
  *at++ = static_cast<std::uint8_t>(name.size() & 0xff);
  *at++ = static_cast<std::uint8_t>(name.size() >> 8);
  at = std::ranges::copy(as_bytes(name), at).out;
  std::ranges::copy(bytes, at);
  return out;
}

Result<EnclosureContent> decode_content(BytesView plaintext) {
  const auto damaged = [] {
    return fail(ErrorCode::kMalformed, "an enclosure's content is not of a form known here");
  };
  if (plaintext.size() < 4 || plaintext[0] != kContentVersion) return damaged();
  const std::size_t type_size = plaintext[1];
  if (plaintext.size() < 4 + type_size) return damaged();
  const auto type = as_text(plaintext.subspan(2, type_size));
  const BytesView rest = plaintext.subspan(2 + type_size);
  const std::size_t name_size = static_cast<std::size_t>(rest[0] | (rest[1] << 8));
  if (rest.size() < 2 + name_size) return damaged();
  const auto name = as_text(rest.subspan(2, name_size));
  SIMPUL_TRY_VOID(check_labels(type, name));
  return EnclosureContent{std::string(type), std::string(name),
                          SecretBytes(rest.subspan(2 + name_size))};
}

}  // namespace simpul
