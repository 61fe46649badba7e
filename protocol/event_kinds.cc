#include "protocol/event_kinds.h"

#include <array>

namespace simpul {
namespace {

// In the order of EventBody, so that a body's place there finds its row.
constexpr std::array kRules{
    KindRule{EventKind{0}, nullptr, false, false, false},
    KindRule{EventKind::kOpened, "opened", true, true, false},
    KindRule{EventKind::kVerified, "verified", true, true, false},
    KindRule{EventKind::kAssigned, "assigned", true, true, false},
    KindRule{EventKind::kPostponed, "postponed", true, true, false},
    KindRule{EventKind::kResumed, "resumed", true, true, false},
    KindRule{EventKind::kForwarded, "forwarded", true, true, true},
    KindRule{EventKind::kRecalled, "recalled", true, true, false},
    KindRule{EventKind::kReferred, "referred", true, true, false},
    KindRule{EventKind::kProgress, "progress", true, true, false},
    KindRule{EventKind::kAnswered, "answered", true, true, false},
    KindRule{EventKind::kClosed, "closed", true, true, false},
    KindRule{EventKind::kReopened, "reopened", true, true, false},
    KindRule{EventKind::kCorrected, "corrected", true, true, false},
    KindRule{EventKind::kDelivered, "delivered", false, true, false},
    KindRule{EventKind::kAccepted, "accepted", true, true, false},
    KindRule{EventKind::kDeclined, "declined", true, true, false},
    KindRule{EventKind::kRuled, "ruled", true, true, true},
    KindRule{EventKind::kSettled, "settled", false, false, false},
    KindRule{EventKind::kReporterReplied, "reporter-replied", false, true, false},
    KindRule{EventKind::kRated, "rated", false, true, false},
    KindRule{EventKind::kPrivacyChanged, "privacy-changed", false, true, false},
    KindRule{EventKind::kNoted, "noted", false, true, false},
    KindRule{EventKind::kEscalated, "escalated", false, true, false},
    KindRule{EventKind::kKeysDestroyed, "keys-destroyed", false, true, false},
    KindRule{EventKind::kErased, "erased", false, true, false},
    KindRule{EventKind::kLegalHold, "legal-hold", false, true, false},
    KindRule{EventKind::kGenerationOpened, "generation-opened", false, false, false},
    KindRule{EventKind::kKeyRotated, "key-rotated", false, false, false},
};
static_assert(kRules.size() == std::variant_size_v<EventBody>);

constexpr std::size_t kKindEnd = 64;

// The row of each kind; row 0 for those unknown.
constexpr std::array<std::uint8_t, kKindEnd> make_rows() {
  std::array<std::uint8_t, kKindEnd> rows{};
  for (std::size_t row = 1; row < kRules.size(); ++row) {
    rows[static_cast<std::size_t>(kRules[row].kind)] = static_cast<std::uint8_t>(row);
  }
  return rows;
}
constexpr std::array<std::uint8_t, kKindEnd> kRows = make_rows();

}  // namespace

const KindRule* rule_of(EventKind kind) {
  const auto number = static_cast<std::size_t>(kind);
  const std::size_t row = number < kKindEnd ? kRows[number] : 0;
  return row == 0 ? nullptr : &kRules[row];
}

const char* name_of(EventKind kind) {
  const KindRule* rule = rule_of(kind);
  return rule == nullptr ? nullptr : rule->name;
}

EventKind kind_of(const EventBody& body) {
  SIMPUL_CHECK(body.index() > 0 && body.index() < kRules.size());
  return kRules[body.index()].kind;
}

bool changes_state(EventKind kind) {
  if (kind == EventKind::kLinked) return true;  // reserved, and already decided
  const KindRule* rule = rule_of(kind);
  return rule != nullptr && rule->changes_state;
}

}  // namespace simpul
