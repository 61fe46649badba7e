#include "crypto/secret.h"

#include "crypto/sodium.h"

namespace simpul {

void wipe(std::span<std::uint8_t> memory) {
  if (!memory.empty()) sodium_memzero(memory.data(), memory.size());
}

bool SecretBytes::operator==(const SecretBytes& other) const {
  if (size() != other.size()) return false;
  return empty() || sodium_memcmp(bytes_.data(), other.bytes_.data(), size()) == 0;
}

}  // namespace simpul
