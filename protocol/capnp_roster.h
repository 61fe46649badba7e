// What the roster and the enrolment request share on the wire. Included by protocol/*.cc only.
#pragma once

#include "protocol/capnp_event.h"
#include "schema/roster.capnp.h"

namespace simpul {

inline constexpr std::size_t kSignatureSize = sizeof(Signature);

// Signature over domain || message, in front of the message.
Bytes sign_message(BytesView message, std::string_view domain, const SigningKey& key);

// The message behind the signature of `bytes`, which is not checked. Error::kTooLarge past
// `size_max`, kMalformed when there is none.
Result<BytesView> signed_message(BytesView bytes, std::size_t size_max);

// Error::kBadSignature unless `bytes` begins with a signature by `key` over domain || the rest.
Result<void> check_signature(BytesView bytes, std::string_view domain, const VerifyKey& key);

template <class Key>
Key key_of(wire::Hash::Reader from) {
  return Key{words_of(from)};
}

}  // namespace simpul
