#include "protocol/capnp_roster.h"

namespace simpul {
namespace {

Bytes with_domain(std::string_view domain, BytesView message) {
  Bytes out;
  out.reserve(domain.size() + message.size());
  append(out, as_bytes(domain));
  append(out, message);
  return out;
}

}  // namespace

Bytes sign_message(BytesView message, std::string_view domain, const SigningKey& key) {
  const Signature signature = key.sign(with_domain(domain, message));
  Bytes out;
  out.reserve(signature.size() + message.size());
  append(out, signature);
  append(out, message);
  return out;
}

Result<BytesView> signed_message(BytesView bytes, std::size_t size_max) {
  if (bytes.size() > size_max) {
    return fail(ErrorCode::kTooLarge,
                "a signed message here has at most " + std::to_string(size_max) + " bytes");
  }
  if (bytes.size() <= kSignatureSize) {
    return fail(ErrorCode::kMalformed, "there is no message behind the signature");
  }
  return bytes.subspan(kSignatureSize);
}

Result<void> check_signature(BytesView bytes, std::string_view domain, const VerifyKey& key) {
  SIMPUL_CHECK(bytes.size() >= kSignatureSize);
  const Bytes message = with_domain(domain, bytes.subspan(kSignatureSize));
  if (!verify(key, message, bytes.first(kSignatureSize))) {
    return fail(ErrorCode::kBadSignature, "the signature is not by the key that it must be by");
  }
  return {};
}

}  // namespace simpul
