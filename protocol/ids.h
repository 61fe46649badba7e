// Names: members, journals, cases. All are validated on the way in, so whoever holds one
// holds a good one. Value types, ordered, printable.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/hash.h"
#include "crypto/random.h"
#include "crypto/result.h"

namespace simpul {

// Milliseconds since 1970-01-01T00:00:00Z. Never read here: always handed in.
using Duration = std::chrono::milliseconds;
using Instant = std::chrono::sys_time<Duration>;

// A member's short id: a Kemendagri region code (`51`, `51.03`: two digits, optionally a dot
// and two digits) or a slug (`kemenpanrb`: a lower-case letter, then lower-case letters, digits
// and single inner hyphens; 2 to 31 characters).
class MemberId {
 public:
  static constexpr std::size_t kSizeMax = 31;

  MemberId() = default;  // empty: no member
  static Result<MemberId> parse(std::string_view text);

  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  bool is_region() const { return !text_.empty() && text_[0] >= '0' && text_[0] <= '9'; }
  auto operator<=>(const MemberId&) const = default;

 private:
  std::string text_;
};

// One member's journal in one generation (1, 2, ...). Text form `51.03/1`.
struct JournalId {
  MemberId member;
  std::uint32_t generation = 0;

  static Result<JournalId> parse(std::string_view text);
  std::string text() const;
  auto operator<=>(const JournalId&) const = default;
};

// Where an event stands for ever. Text form `51.03/1#42`.
struct EventPosition {
  JournalId journal;
  std::uint64_t index = 0;

  static Result<EventPosition> parse(std::string_view text);
  std::string text() const;
  auto operator<=>(const EventPosition&) const = default;
};

// How events cite each other: the RFC 6962 leaf hash. An event names its own journal and
// index, so the hash pins those too. Zero means "none".
using EventHash = Digest;

// A case's name: origin, eight Crockford base32 characters in two groups, the last of which
// is a check character over everything before it: `51.03-7K3Q-9XWD`. 35 random bits.
class CaseId {
 public:
  static constexpr std::size_t kSizeMax = MemberId::kSizeMax + 10;

  CaseId() = default;  // empty: no case
  static CaseId make(const MemberId& origin, Random& random);
  // The same id from the same digest, for cases whose id every node must be able to compute.
  static CaseId derive(const MemberId& origin, const Digest& digest);
  // Accepts lower case and Crockford's look-alikes (o, i, l) in the random part.
  // Error::kMalformed says whether the form or the check character is wrong.
  static Result<CaseId> parse(std::string_view text);

  const std::string& text() const { return text_; }
  MemberId origin() const;
  bool empty() const { return text_.empty(); }
  auto operator<=>(const CaseId&) const = default;

 private:
  // The id of this draw's low 35 bits; empty where no check character fits.
  static CaseId from_draw(const MemberId& origin, std::uint64_t bits);

  std::string text_;
};

}  // namespace simpul
