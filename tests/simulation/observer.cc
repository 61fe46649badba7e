#include "tests/simulation/observer.h"

#include <algorithm>

#include "tests/simulation/entitlement_model.h"

namespace simpul::sim {
namespace {

constexpr std::size_t kBrokenMax = 20;
// SPEC "Limits": the outgoing queue of a link, and one frame that is being taken.
constexpr std::uint64_t kUnderWayMax = (16u << 20) + (4u << 20);
// EngineOptions::index_lag_max, in runs of arrivals, which hold an event or more each.
constexpr std::uint64_t kUnfoldedMax = 20'000;
// What peers may send to a node that takes nothing, before credit and rates stop them.
constexpr std::uint64_t kInputsMax = 20'000;

}  // namespace

void Observer::report(const char* invariant, const MemberNode& node, const std::string& about,
                      const std::string& words) {
  if (liars_.contains(node.identity.member)) return;
  world_.halt();
  if (broken_.size() < kBrokenMax) {
    broken_.push_back({invariant, node.name() + ": " + about + ": " + words, about});
  }
}

void Observer::data_replaced(MemberNode& node) {
  seen_[node.index] = {.replaced = true};
}

// Liars grant what they have not got room for, and say again what they granted.
bool Observer::leads_to_liar(const MemberNode& node, LinkId link) const {
  const auto peer = world_.network().peer_of(node.index, link);
  return peer && liars_.contains(world_.nodes()[*peer]->identity.member);
}

void Observer::sent(MemberNode& node, LinkId link, BytesView frame) {
  if (leads_to_liar(node, link)) return;
  if (const auto wrong = flow_.sent(node.index, link, frame))
    report(kBounded, node, "credit", *wrong);
}

void Observer::received(MemberNode& node, LinkId link, BytesView frame) {
  if (leads_to_liar(node, link)) return;
  if (const auto wrong = flow_.received(node.index, link, frame)) {
    report(kBounded, node, "credit", *wrong);
  }
}

void Observer::data_checked(MemberNode& node, const Result<void>& sound) {
  if (sound.has_value() != node.rotten) return;
  report(kUnchanged, node, "its data",
         node.rotten ? "is damaged, and looking through it found nothing"
                     : "was damaged by nobody, and is: " + sound.error().message);
}

void Observer::look(MemberNode& node) {
  Reading at(node);
  Seen& seen = seen_[node.index];
  const bool first = std::exchange(seen.replaced, false);
  if (first) seen.packets = last_packet(at.tables);
  note_roster(at);
  const std::uint64_t end = at.tables.arrivals.end();
  if (end < seen.arrivals) {
    report(kRecordedSurvives, node, "its data",
           "had " + std::to_string(seen.arrivals) + " arrivals, has " + std::to_string(end));
  }
  if (end > seen.arrivals) {
    at.tables.arrivals.scan(seen.arrivals, [&](std::uint64_t, const Arrival& arrival) {
      const auto journal = at.tables.journals.journal(arrival.journal);
      for (std::uint64_t i = 0; journal && i < arrival.count; ++i) {
        arrived(at, *journal, arrival.first + i);
      }
      return true;
    });
    seen.arrivals = end;
    const JournalId last = truth_.newest_of(node.identity.member);
    if (seen.held.contains(last)) check_signed(at, last);
  }
  check_queues(at);
  note_receipts(at);
  note_packets(at);
}

// What waits in the node: inputs not yet taken, and events not yet folded.
void Observer::check_queues(Reading& at) {
  const std::uint64_t unfolded = at.tables.arrivals.end() - at.tables.arrivals.indexed_through();
  most_unfolded_ = std::max(most_unfolded_, unfolded);
  most_inputs_ = std::max<std::uint64_t>(most_inputs_, at.node.inbox.size());
  if (unfolded > kUnfoldedMax) {
    report(kBounded, at.node, "its index", std::to_string(unfolded) + " arrivals are not folded");
  }
  // A liar's flood comes all at once; that it ends its link is asked of witness.h.
  if (liars_.empty() && at.node.inbox.size() > kInputsMax) {
    report(kBounded, at.node, "its inputs", std::to_string(at.node.inbox.size()) + " wait");
  }
}

void Observer::arrived(Reading& at, const JournalId& journal, std::uint64_t index) {
  const EventPosition position{journal, index};
  const auto bytes = at.tables.journals.event(journal, index);
  if (!bytes) {
    return report(kRecordedSurvives, at.node, position.text(), "said to be here, is not");
  }
  const EventHash hash = hash_of_event(*bytes);
  std::vector<EventHash>& held = seen_[at.node.index].held[journal];
  if (held.size() <= index) held.resize(index + 1);
  // Events that came out of sequence arrive once more with the run that closes the gap.
  held[index] = hash;
  const bool own = journal.member == at.node.identity.member;
  if (own && index == truth_.leaves(journal).size()) return author(at, position, *bytes, hash);
  if (!check_bytes(at, position, hash)) return;
  const CaseId& id = truth_.find(hash)->event.case_id;
  if (id.empty() || at.node.kind == MemberKind::kHub) return;
  if (!truth_.concerned(id).contains(at.node.identity.member)) {
    report(kEntitledOnly, at.node, id.text(), "got " + position.text() + ", none of its business");
  }
}

void Observer::author(Reading& at, const EventPosition& position, BytesView bytes,
                      const EventHash& hash) {
  if (truth_.find(hash) != nullptr) {
    return report(kOnce, at.node, position.text(), "is in its journal already");
  }
  if (!truth_.write(position, bytes)) {
    return report(kUnchanged, at.node, position.text(), "is no event");
  }
  world_.history().add(world_.now(), at.node.name(), "recorded", position.text(), bytes);
  check_not_frozen(at, hash);
  check_timer(at, hash);
}

// Nobody moves a case after what it cannot know the meaning of.
void Observer::check_not_frozen(Reading& at, const EventHash& hash) {
  const Event& event = truth_.find(hash)->event;
  if (event.case_id.empty() || !event.state_changing) return;
  const bool later_kind = std::holds_alternative<UnknownBody>(event.body);
  if (later_kind) frozen_.insert(event.case_id);
  if (later_kind || !frozen_.contains(event.case_id)) return;
  const Roster* roster = roster_of(at);
  std::vector<EventHash> open{event.case_prev, event.epoch};
  open.insert(open.end(), event.after.begin(), event.after.end());
  const std::vector<Fact> seen = past_of(facts_of(at, event.case_id), std::move(open));
  if (roster == nullptr || !naive_fold(event.case_id, seen, *roster).frozen) return;
  report(kStateAgrees, at.node, event.case_id.text(),
         "moved it in " + event.position.text() + " after an event of a later version");
}

// What a node does by its clock it does once in a journal: after a loss it may do it again in the
// next one. And only when its time has come, or some other clock is as wrong as its own.
void Observer::check_timer(Reading& at, const EventHash& hash) {
  const Event& event = truth_.find(hash)->event;
  const auto* referred = std::get_if<Referred>(&event.body);
  const bool unanswered = referred != nullptr && referred->ground == "unanswered";
  if (!unanswered && event.kind != EventKind::kEscalated) return;
  for (const EventHash& other : truth_.events_of(event.case_id)) {
    const Event& before = truth_.find(other)->event;
    const bool is_again = other != hash && before.body == event.body &&
                          before.epoch == event.epoch &&
                          before.position.journal == event.position.journal;
    if (!is_again) continue;
    report(kTimerOnce, at.node, event.case_id.text(),
           event.position.text() + " says again what " + before.position.text() + " said");
  }
  const Truth::Record* offer = unanswered ? truth_.find(referred->offer) : nullptr;
  if (offer == nullptr) return;
  const auto is_ahead = [](const auto& node) { return node->clock_offset > kHour; };
  if (std::ranges::count_if(world_.nodes(), is_ahead) > 1) return;
  const Instant due = std::get<Forwarded>(offer->event.body).due;
  if (due <= Instant(Duration(kEpochMs + world_.now() + 2 * kHour))) return;
  report(kTimerOnce, at.node, event.case_id.text(),
         event.position.text() + " was written long before the offer was due");
}

// False, and reported, if what is held there is not what was written.
bool Observer::check_bytes(Reading& at, const EventPosition& position, const EventHash& held) {
  const auto bytes = at.tables.journals.event(position.journal, position.index);
  if (!bytes) {
    report(kRecordedSurvives, at.node, position.text(), "was held, is not");
    return false;
  }
  const EventHash hash = hash_of_event(*bytes);
  const Truth::Standing standing = truth_.standing(position, hash);
  if (standing == Truth::Standing::kWritten && hash == held) return true;
  const bool elsewhere = standing == Truth::Standing::kOtherPlace;
  const bool never = standing == Truth::Standing::kNever;
  report(elsewhere ? kOnce : (never ? kNoEffect : kUnchanged), at.node, position.text(),
         elsewhere ? "belongs at another place"
                   : (never ? "was never written by its author" : "is not what was written"));
  return false;
}

void Observer::replied(MemberNode& node, const Json& answer) {
  if (!answer.contains("event")) return;
  const auto position = EventPosition::parse(answer["event"].get<std::string>());
  if (!position || position->index < truth_.leaves(position->journal).size()) return;
  report(kRecordedSurvives, node, position->text(), "was said to be recorded, and is not");
}

std::map<std::string, std::uint64_t> Observer::most() const {
  return {{"bytes-under-way", world_.network().most_under_way()},
          {"credit-unspent", flow_.most_unspent()},
          {"arrivals-unfolded", most_unfolded_},
          {"inputs-waiting", most_inputs_}};
}

void Observer::second_event(const EventPosition& position, BytesView bytes) {
  if (truth_.find(hash_of_event(bytes)) != nullptr) return;
  truth_.write(position, bytes);
  world_.history().add(world_.now(), position.journal.member.text(), "recorded-otherwise",
                       position.text(), bytes);
}

void Observer::check_bounds() {
  const std::uint64_t most = world_.network().most_under_way();
  if (most <= kUnderWayMax) return;
  report(kBounded, *world_.nodes().front(), "links",
         std::to_string(most) + " bytes were under way on one link in one direction");
}

void Observer::note_roster(Reading& at) {
  std::uint64_t& seen = seen_[at.node.index].roster;
  const std::uint64_t version = at.tables.rosters.newest_version();
  if (version < seen) {
    report(kNoEffect, at.node, "roster",
           "went back from version " + std::to_string(seen) + " to " + std::to_string(version));
  }
  seen = version;
}

const Roster* Observer::roster_of(Reading& at) {
  const std::uint64_t version = at.tables.rosters.newest_version();
  const auto known = rosters_.find(version);
  if (known != rosters_.end()) return &known->second;
  auto roster = held_roster(at.tables, at.node.identity.root);
  if (!roster) return nullptr;
  return &rosters_.emplace(version, *std::move(roster)).first->second;
}

// Who gave a receipt held all that it says, unless it lost its data since.
void Observer::note_receipts(Reading& at) {
  for (const auto& [journal, leaves] : truth_.journals()) {
    if (journal.member != at.node.identity.member) continue;
    if (liars_.contains(journal.member)) continue;
    for (const Receipt& receipt : at.tables.receipts.received(journal)) {
      std::uint64_t& acknowledged = acknowledged_[journal];
      acknowledged = std::max(acknowledged, receipt.size);
      const MemberNode* by = world_.find(receipt.by);
      if (by == nullptr || by->data_replaced > 0) continue;
      std::uint64_t& known_whole = known_whole_[{by->index, journal}];
      if (receipt.size <= known_whole) continue;
      const auto& held = seen_[by->index].held[journal];
      const bool whole =
          held.size() >= receipt.size &&
          std::none_of(held.begin(), held.begin() + static_cast<std::ptrdiff_t>(receipt.size),
                       [](const EventHash& hash) { return hash.is_zero(); });
      if (whole) known_whole = receipt.size;
      if (whole) continue;
      report(kAcknowledgedSurvives, *by, journal.text(),
             "gave a receipt for " + std::to_string(receipt.size) + " events and lacks some");
    }
  }
}

// Every key that this node sealed went to whom the case, as it knows it, entitles.
void Observer::note_packets(Reading& at) {
  std::uint64_t& seen = seen_[at.node.index].packets;
  std::map<CaseId, CaseView> folded;
  for (const std::uint64_t last = last_packet(at.tables); seen < last;) {
    const auto packet = at.tables.packets.get(++seen);
    if (!packet || packet->from != at.node.identity.member || packet->withdrawn) continue;
    granted_.insert({packet->enclosure, packet->to});
    const Truth::Record* record = truth_.enclosure(packet->enclosure);
    const Roster* roster = roster_of(at);
    if (record == nullptr || roster == nullptr || !is_indexed(at.tables)) continue;
    const CaseId& id = record->event.case_id;
    if (!folded.contains(id)) folded.emplace(id, naive_fold(id, facts_of(at, id), *roster));
    const CaseView& view = folded.at(id);
    for (const EnclosureRef& ref : record->event.enclosures) {
      if (ref.commitment.digest != packet->enclosure) continue;
      if (may_hold_key(packet->to, ref, record->event.kind, id, view, *roster)) continue;
      report(kEntitledOnly, at.node, id.text(),
             "sealed the key of a " + std::string(name_of(ref.role)) + " to " + packet->to.text() +
                 ", which has no right to it: " + describe(view));
    }
  }
}

}  // namespace simpul::sim
