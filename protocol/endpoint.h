// Endpoints: where a member listens. Pure and thread-safe.
#pragma once

#include <string_view>

namespace simpul {

// tcp://HOST:PORT with HOST an IPv4 address, an IPv6 address in brackets or a DNS name, and PORT
// from 1 to 65535 without leading zeros. At most kEndpointSizeMax bytes. Never a wildcard.
bool is_endpoint(std::string_view text);

}  // namespace simpul
