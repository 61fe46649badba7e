// Text forms of bytes: hex (lower case out, either case in), base64 (RFC 4648 section 4,
// padded, strict). Decoders refuse anything but the canonical form.
#pragma once

#include <string>
#include <string_view>

#include "crypto/bytes.h"
#include "crypto/result.h"

namespace simpul {

std::string to_hex(BytesView bytes);
Result<Bytes> from_hex(std::string_view text);

std::string to_base64(BytesView bytes);
Result<Bytes> from_base64(std::string_view text);

}  // namespace simpul
