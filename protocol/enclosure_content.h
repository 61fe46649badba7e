// What is inside an enclosure once decrypted: a media type, a file name and the bytes.
//   version u8 = 1 | type length u8 | type | name length u16 LE | name | content
// Texts are `text/plain` in UTF-8 and have no name. Pure.
#pragma once

#include <string>
#include <string_view>

#include "crypto/bytes.h"
#include "crypto/result.h"
#include "crypto/secret.h"

namespace simpul {

inline constexpr std::size_t kFileNameSizeMax = 255;    // bytes of UTF-8
inline constexpr std::size_t kTextSizeMax = 64 * 1024;  // bytes of one human-written text
inline constexpr std::size_t kAttachmentSizeMax = 200u << 20;

struct EnclosureContent {
  std::string media_type = "text/plain";
  std::string name;
  SecretBytes bytes;
};

// Error::kTooLarge, kMalformed (media type or name of a form we would not accept back).
Result<SecretBytes> encode_content(std::string_view media_type, std::string_view name,
                                   BytesView bytes);
Result<EnclosureContent> decode_content(BytesView plaintext);

}  // namespace simpul
