#include "protocol/revocations.h"

#include <algorithm>
#include <limits>

namespace simpul {
namespace {

// The generation in which the key that signed this head is no longer the member's.
std::uint32_t next_key_begins(const Member& member, const HeadRef& head) {
  for (const SigningPeriod& period : member.signing) {
    if (period.from_generation > head.journal.generation) return period.from_generation;
  }
  return std::numeric_limits<std::uint32_t>::max();
}

}  // namespace

std::optional<std::uint64_t> revoked_from(const Member& member, std::uint32_t generation) {
  std::optional<std::uint64_t> from;
  for (const Revocation& revocation : member.revocations) {
    const HeadRef& head = revocation.last_good;
    if (generation < head.journal.generation || generation >= next_key_begins(member, head)) {
      continue;
    }
    const std::uint64_t index = generation == head.journal.generation ? head.size : 0;
    from = std::min(from.value_or(index), index);
  }
  return from;
}

}  // namespace simpul
