#include "node/system_random.h"

#include <sys/random.h>

#include <cerrno>

#include "crypto/result.h"

namespace simpul {

void SystemRandom::fill(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t count = ::getrandom(out.data(), out.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    SIMPUL_CHECK(count > 0);
    out = out.subspan(static_cast<std::size_t>(count));
  }
}

}  // namespace simpul
