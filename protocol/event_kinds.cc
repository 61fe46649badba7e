#include "protocol/event_kinds.h"

#include <array>

namespace simpul {
namespace {

// In the order of EventBody, so that a body's place there finds its row.
constexpr std::array kRules{
    KindRule{EventKind{0}, nullptr, false, false, Naming::kNone},
    KindRule{EventKind::kOpened, "opened", true, true, Naming::kNone},
    KindRule{EventKind::kVerified, "verified", true, true, Naming::kNone},
    KindRule{EventKind::kAssigned, "assigned", true, true, Naming::kNone},
    KindRule{EventKind::kPostponed, "postponed", true, true, Naming::kNone},
    KindRule{EventKind::kResumed, "resumed", true, true, Naming::kNone},
    KindRule{EventKind::kForwarded, "forwarded", true, true, Naming::kMust},
    KindRule{EventKind::kRecalled, "recalled", true, true, Naming::kNone},
    KindRule{EventKind::kReferred, "referred", true, true, Naming::kNone},
    KindRule{EventKind::kProgress, "progress", true, true, Naming::kNone},
    KindRule{EventKind::kAnswered, "answered", true, true, Naming::kNone},
    KindRule{EventKind::kClosed, "closed", true, true, Naming::kNone},
    KindRule{EventKind::kReopened, "reopened", true, true, Naming::kNone},
    KindRule{EventKind::kCorrected, "corrected", true, true, Naming::kNone},
    KindRule{EventKind::kLinked, "linked", true, true, Naming::kMay},
    KindRule{EventKind::kDelivered, "delivered", false, true, Naming::kNone},
    KindRule{EventKind::kAccepted, "accepted", true, true, Naming::kNone},
    KindRule{EventKind::kDeclined, "declined", true, true, Naming::kNone},
    KindRule{EventKind::kRuled, "ruled", true, true, Naming::kMust},
    KindRule{EventKind::kSettled, "settled", false, false, Naming::kNone},
    KindRule{EventKind::kReporterReplied, "reporter-replied", false, true, Naming::kNone},
    KindRule{EventKind::kRated, "rated", false, true, Naming::kNone},
    KindRule{EventKind::kPrivacyChanged, "privacy-changed", false, true, Naming::kNone},
    KindRule{EventKind::kNoted, "noted", false, true, Naming::kNone},
    KindRule{EventKind::kEscalated, "escalated", false, true, Naming::kNone},
    KindRule{EventKind::kKeysDestroyed, "keys-destroyed", false, true, Naming::kNone},
    KindRule{EventKind::kErased, "erased", false, true, Naming::kNone},
    KindRule{EventKind::kLegalHold, "legal-hold", false, true, Naming::kNone},
    KindRule{EventKind::kPartReported, "part-reported", false, true, Naming::kNone},
    KindRule{EventKind::kLinkAnswered, "link-answered", false, true, Naming::kNone},
    KindRule{EventKind::kWithdrawn, "withdrawn", false, true, Naming::kNone},
    KindRule{EventKind::kAppealed, "appealed", false, true, Naming::kNone},
    KindRule{EventKind::kGenerationOpened, "generation-opened", false, false, Naming::kNone},
    KindRule{EventKind::kKeyRotated, "key-rotated", false, false, Naming::kNone},
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
  const KindRule* rule = rule_of(kind);
  return rule != nullptr && rule->changes_state;
}

}  // namespace simpul
