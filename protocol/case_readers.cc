// The case is told again, event by event; after each, whoever is entitled then has a span, and
// whose ground fell away has its span closed.
#include "protocol/case_readers.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

#include "protocol/entitlement.h"

namespace simpul {
namespace {

// Kinds after which others than before may be entitled to what was written already.
bool moves_entitlement(EventKind kind) {
  switch (kind) {
    case EventKind::kOpened:
    case EventKind::kForwarded:
    case EventKind::kLinked:
    case EventKind::kAccepted:
    case EventKind::kDeclined:
    case EventKind::kRuled:
    case EventKind::kPrivacyChanged:
    case EventKind::kKeysDestroyed:
    case EventKind::kErased:
      return true;
    default:
      return false;
  }
}

ReadingGround ground_of(const MemberId& reader, const MemberId& author, const CaseState& state) {
  if (reader == author) return ReadingGround::kAuthor;
  if (reader == state.id.origin()) return ReadingGround::kOrigin;
  if (reader == state.custodian) return ReadingGround::kCustodian;
  if (state.offer && reader == state.offer->to) return ReadingGround::kOfferee;
  return is_linked_with(state, reader) ? ReadingGround::kLinked : ReadingGround::kHub;
}

// Declining destroys keys, but not of those who once had the case.
bool destroys_keys(const Event& event, const MemberId& reader, const CaseState& state) {
  return event.kind == EventKind::kDeclined && event.position.journal.member == reader &&
         !has_been_custodian(state, reader);
}

class Retelling {
 public:
  Retelling(const CaseId& id, const Roster& roster) : id_(id), roster_(roster) {}

  void tell(const CaseEvent& next) {
    const bool moves = moves_entitlement(next.event.kind) || state_.pending_count > 0;
    told_.push_back(next);
    if (!moves && next.event.enclosures.empty()) return;
    state_ = fold_case(id_, told_, roster_);
    for (const CaseEvent& held : std::span(told_).last(moves ? told_.size() : 1)) {
      for (const EnclosureRef& ref : held.event.enclosures) judge(held, ref, next.event);
    }
    if (next.event.kind == EventKind::kKeysDestroyed && counts(judged(next.hash))) {
      note_destruction(next.event.position.journal.member);
    }
  }

  // Last, since clocks differ: who said that what was erased is gone may have said it, by its
  // clock, before.
  void heed_confirmations(const CaseState& state) {
    state_ = state;
    if (state.erasures.empty()) return;
    for (Reading& reading : readings_) {
      const bool confirmed_all = std::ranges::all_of(state.erasures, [&](const Erasure& erasure) {
        return erasure.confirmed.contains(reading.reader);
      });
      if (confirmed_all && is_erased(reading.event)) reading.fate = KeyFate::kDestroyed;
    }
  }

  std::vector<Reading> readings() && {
    std::ranges::stable_sort(readings_, {}, &Reading::reader);
    return std::move(readings_);
  }

 private:
  // Only of events that count are keys given to others than their author.
  static bool counts(const Judged* judged) {
    return judged != nullptr &&
           (judged->verdict == Verdict::kEffective || judged->verdict == Verdict::kSuperseded);
  }

  const Judged* judged(const EventHash& hash) const {
    const auto found = std::ranges::find(state_.events, hash, &Judged::hash);
    return found != state_.events.end() ? &*found : nullptr;
  }

  bool is_erased(const EventPosition& position) const {
    const auto found = std::ranges::find(state_.events, position, &Judged::position);
    return found != state_.events.end() && found->erased;
  }

  void note_destruction(const MemberId& by) {
    for (Reading& reading : readings_) {
      const bool is_over = reading.reader == by && reading.fate == KeyFate::kKept;
      if (is_over && is_barred(reading.role, state_, roster_, by)) {
        reading.fate = KeyFate::kDestroyed;
      }
    }
  }

  void judge(const CaseEvent& held, const EnclosureRef& ref, const Event& cause) {
    const MemberId& author = held.event.position.journal.member;
    std::set<MemberId> readers;
    const Judged* const told = judged(held.hash);
    if (counts(told)) readers = entitled(ref.role, held.event.kind, state_, roster_);
    readers.insert(author);
    if (told != nullptr && told->erased) readers.clear();
    for (Reading& reading : readings_) {
      const bool is_of_it =
          reading.event == held.event.position && reading.enclosure == ref.commitment.digest;
      if (!is_of_it) continue;
      if (readers.erase(reading.reader) == 0) {
        end(reading, cause);
      } else {
        extend(reading, ground_of(reading.reader, author, state_), cause);
      }
    }
    for (const MemberId& reader : readers) {
      readings_.push_back({.reader = reader,
                           .role = ref.role,
                           .enclosure = ref.commitment.digest,
                           .event = held.event.position,
                           .spans = {},
                           .fate = KeyFate::kInForce});
      extend(readings_.back(), ground_of(reader, author, state_), cause);
    }
  }

  void extend(Reading& reading, ReadingGround ground, const Event& cause) {
    reading.fate = KeyFate::kInForce;
    if (!reading.spans.empty() && !reading.spans.back().until) {
      if (reading.spans.back().ground == ground) return;
      reading.spans.back().until = cause.time;
    }
    reading.spans.push_back({ground, cause.time, cause.position, {}});
  }

  void end(Reading& reading, const Event& cause) {
    if (reading.spans.back().until) return;
    reading.spans.back().until = cause.time;
    reading.fate =
        destroys_keys(cause, reading.reader, state_) ? KeyFate::kDestroyed : KeyFate::kKept;
  }

  CaseId id_;
  const Roster& roster_;
  std::vector<CaseEvent> told_;
  CaseState state_;
  std::vector<Reading> readings_;
};

}  // namespace

const char* name_of(ReadingGround ground) {
  switch (ground) {
    case ReadingGround::kAuthor:
      return "author";
    case ReadingGround::kOrigin:
      return "origin";
    case ReadingGround::kCustodian:
      return "custodian";
    case ReadingGround::kOfferee:
      return "offeree";
    case ReadingGround::kLinked:
      return "linked";
    case ReadingGround::kHub:
      return "hub";
  }
  return "unknown";
}

const char* name_of(KeyFate fate) {
  switch (fate) {
    case KeyFate::kInForce:
      return "in-force";
    case KeyFate::kKept:
      return "kept";
    case KeyFate::kDestroyed:
      return "destroyed";
  }
  return "unknown";
}

std::vector<Reading> readings_of(const CaseId& id, std::span<const CaseEvent> events,
                                 const Roster& roster) {
  const CaseState state = fold_case(id, events, roster);
  std::unordered_map<EventHash, const CaseEvent*> by_hash;
  for (const CaseEvent& each : events) by_hash.emplace(each.hash, &each);
  Retelling retelling(id, roster);
  for (const Judged& judged : state.events) retelling.tell(*by_hash.at(judged.hash));
  retelling.heed_confirmations(state);
  return std::move(retelling).readings();
}

}  // namespace simpul
