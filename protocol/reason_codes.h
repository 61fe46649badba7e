// Codes by which people say why: of a postponement, an offer, a decline, a referral, a ruling, a
// reopening, an erasure. SPEC section "Reason codes". Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "protocol/event.h"

namespace simpul {

// Codes are only ever added. A reader shows one of a later version as it is.
inline constexpr int kReasonCodesVersion = 3;

struct ReasonCode {
  std::string_view code;
  std::string_view indonesian, english;  // labels
  bool by_node = false;                  // a node gives it by itself; people may not choose it
  bool explained = false;                // nobody can do anything with it alone
};

// Those of a kind, the usual one first; empty for kinds that bear none.
std::span<const ReasonCode> reason_codes(EventKind kind);
// nullptr: of a later version.
const ReasonCode* find_reason(EventKind kind, std::string_view code);

// Why its author should not write it so: a code that wants an explanation has neither a text nor,
// where the kind has room for one, a suggested owner. A sentence.
std::optional<std::string> unexplained(const Event& draft);

}  // namespace simpul
