#include "tests/simulation/convergence.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <set>

#include "tests/simulation/invariants.h"
#include "tests/simulation/product_view.h"

namespace simpul::sim {
namespace {

// What follows from when a node looked at the case, and from which of the nodes it is.
void forget_times(CaseRow& row) {
  row.deadline.reset();
  row.timer.reset();
}

constexpr std::size_t kToldMax = 12;

struct Reader {
  explicit Reader(MemberNode& at)
      : node(at), transaction(at.store->environment()), tables(transaction) {}
  MemberNode& node;
  ReadTransaction transaction;
  Tables tables;

  const MemberId& id() const { return node.identity.member; }
  bool is_hub() const { return node.kind == MemberKind::kHub; }
  std::uint64_t held(const JournalId& journal) const {
    const auto head = tables.journals.bare_head(journal);
    return head ? head->held : 0;
  }
};

std::vector<EventPosition> events_at(const Reader& reader, const CaseId& id) {
  auto positions = reader.tables.cases.positions_of(id);
  std::ranges::sort(positions);
  return positions;
}

// Those of `some` that `others` lack. Both are sorted.
std::string only_in(const std::vector<EventPosition>& some,
                    const std::vector<EventPosition>& others) {
  std::vector<EventPosition> extra;
  std::ranges::set_difference(some, others, std::back_inserter(extra));
  std::string text = extra.empty() ? " nothing" : "";
  for (const EventPosition& position : extra) text += " " + position.text();
  return text;
}

class Comparison {
 public:
  Comparison(World& world, const Exceptions& exceptions) : exceptions_(exceptions) {
    for (auto& node : world.nodes()) {
      if (exceptions.liars.contains(node->identity.member)) continue;
      if (!node->running()) {
        tell(node->name() + " does not run");
        return;
      }
      readers_.push_back(std::make_unique<Reader>(*node));
    }
    disks_lasted_ =
        std::ranges::all_of(readers_, [](const auto& one) { return one->node.data_replaced == 0; });
    leave_out_outsiders();
    for (auto& reader : readers_) by_id_[reader->id()] = reader.get();
  }

  std::vector<Disagreement> run() {
    if (readers_.empty() || !told_.empty()) return std::move(told_);
    rosters();
    folds();
    for (auto& hub : readers_) {
      if (!hub->is_hub()) continue;
      journals_at(*hub);
      mailboxes_of(*hub);
      cases_of(*hub);
    }
    std::ranges::stable_partition(
        told_, [](const Disagreement& one) { return one.invariant != kConvergence; });
    return std::move(told_);
  }

 private:
  // Who is not admitted yet, or is suspended, agrees with nobody; whoever is suspended is to be let
  // in again first.
  void leave_out_outsiders() {
    Reader& first = *readers_.front();
    const auto roster = held_roster(first.tables, first.node.identity.root);
    if (!roster) return tell(first.id().text() + " has no roster");
    std::erase_if(readers_, [&](const std::unique_ptr<Reader>& reader) {
      const Member* member = roster->find(reader->id());
      if (member != nullptr && member->suspended) tell(reader->id().text() + " is still suspended");
      return member == nullptr || member->suspended;
    });
  }

  void tell(std::string words) { tell(kConvergence, std::move(words)); }
  void tell(const char* invariant, std::string words) {
    if (told_.size() < kToldMax) told_.push_back({invariant, std::move(words)});
  }

  void rosters() {
    const auto first = readers_.front()->tables.rosters.newest();
    for (auto& reader : readers_) {
      if (reader->tables.rosters.newest() != first)
        tell(reader->id().text() + " has another roster");
    }
  }

  void folds() {
    for (auto& reader : readers_) {
      if (!is_indexed(reader->tables))
        tell(reader->id().text() + " has events or a roster that its cases are not folded under");
    }
  }

  void journals_at(Reader& hub) {
    for (auto& author : readers_) {
      if (author.get() == &hub) continue;
      for (const JournalHead& head : author->tables.journals.heads_of(author->id())) {
        const std::uint64_t there = hub.held(head.id);
        const auto receipt = author->tables.receipts.received(head.id, hub.id());
        if (there == head.held && head.held > 0 && (!receipt || receipt->size < head.held)) {
          tell(author->id().text() + " has no receipt of " + hub.id().text() + " for " +
               std::to_string(head.held) + " events of " + head.id.text());
        }
        if (there >= head.held) continue;
        tell(hub.id().text() + " holds " + std::to_string(there) + " of " +
             std::to_string(head.held) + " events of " + head.id.text());
      }
    }
  }

  void mailboxes_of(Reader& hub) {
    for (auto& member : readers_) {
      if (member->is_hub()) continue;
      const auto size = hub.tables.mailboxes.size(member->id());
      const auto acked = hub.tables.mailboxes.acked(member->id());
      if (acked == size) continue;
      tell(member->id().text() + " read " + std::to_string(acked) + " of " + std::to_string(size) +
           " in its mailbox at " + hub.id().text());
    }
  }

  void cases_of(Reader& hub) {
    hub.tables.cases.visit_ids([&](const CaseId& id) {
      if (auto row = hub.tables.cases.get(id)) compare(hub, *std::move(row));
      return told_.size() < kToldMax;
    });
  }

  void compare(Reader& hub, CaseRow row) {
    if (exceptions_.is_disputed(row.id)) return;
    if (row.pending_count > 0 && row.pending_count > exceptions_.pending_for_ever(row.id)) {
      tell(row.id.text() + " at " + hub.id().text() + " waits for " +
           std::to_string(row.pending_count) + " events");
    }
    forget_times(row);
    std::set<MemberId> entitled(row.audience.begin(), row.audience.end());
    entitled.insert(row.id.origin());
    for (auto& reader : readers_) {
      if (reader->is_hub()) entitled.insert(reader->id());
    }
    const auto here = events_at(hub, row.id);
    for (const MemberId& member : entitled) {
      Reader* reader = by_id_[member];
      if (reader == nullptr || reader == &hub) continue;
      const std::string between =
          row.id.text() + " between " + hub.id().text() + " and " + member.text();
      const auto there = events_at(*reader, row.id);
      if (here != there) {
        tell(between + ": " + std::to_string(here.size()) + " and " + std::to_string(there.size()) +
             " events;" + only_in(here, there) + " at the first alone," + only_in(there, here) +
             " at the second");
        continue;
      }
      auto other = reader->tables.cases.get(row.id);
      if (other) forget_times(*other);
      if (other != row) tell(kHubAgrees, between + ": the same events, another state");
    }
    if (row.offer && !row.needs_upgrade) offer_of(row);
    reading_of(row);
    erasures_of(hub, row);
    parts_of(hub, row);
    relayed_at(hub, row.id);
  }

  // A hub holds ciphertext for nobody who has it.
  void relayed_at(Reader& hub, const CaseId& id) {
    for (const CaseEvent& held : hub.tables.cases.events_of(id)) {
      for (const EnclosureRef& ref : held.event.enclosures) {
        const Digest& digest = ref.commitment.digest;
        for (const MemberId& member : hub.tables.enclosures.held_for(digest)) {
          Reader* reader = by_id_[member];
          if (reader == nullptr || !reader->tables.enclosures.complete(digest)) continue;
          tell(hub.id().text() + " holds a text of " + held.event.position.text() + " in " +
               id.text() + " for " + member.text() + ", which has it whole");
        }
      }
    }
  }

  // Keys come from the origin, and from one custodian to the next (SPEC, "Substance"). Whoever of
  // them lies may have kept them back, and then nobody after it has them to give.
  bool keys_passed_liar(const Reader& reader, const CaseId& id) const {
    const auto lies = [&](const MemberId& member) { return exceptions_.liars.contains(member); };
    return lies(id.origin()) ||
           std::ranges::any_of(reader.tables.cases.events_of(id), [&](const CaseEvent& held) {
             const auto* ruled = std::get_if<Ruled>(&held.event.body);
             if (ruled) return lies(ruled->to);
             return held.event.kind == EventKind::kAccepted &&
                    lies(held.event.position.journal.member);
           });
  }

  // Who has a case can read what it is about, unless a disk was lost on which the key was, or a
  // later kind froze the case: nodes do nothing on it by themselves then (SPEC, "Later kinds").
  void reading_of(const CaseRow& row) {
    Reader* reader = by_id_[row.custodian];
    if (reader == nullptr || row.custodian == row.id.origin() || row.needs_upgrade) return;
    if (!disks_lasted_ || keys_passed_liar(*reader, row.id)) return;
    const auto events = reader->tables.cases.events_of(row.id);
    const bool erased = std::ranges::any_of(
        events, [](const CaseEvent& held) { return held.event.kind == EventKind::kErased; });
    if (erased) return;
    for (const CaseEvent& held : events) {
      if (held.event.kind != EventKind::kOpened) continue;
      for (const EnclosureRef& ref : held.event.enclosures) {
        const Digest& digest = ref.commitment.digest;
        const bool reads = reader->tables.packets.key(digest).has_value() &&
                           reader->tables.enclosures.complete(digest);
        if (ref.role != EnclosureRole::kNarrative || reads) continue;
        tell(row.custodian.text() + " has " + row.id.text() +
             " and cannot read what it is about: " +
             (reader->tables.packets.key(digest) ? "it has the key" : "it has no key") +
             (reader->tables.packets.newest(digest, row.custodian) ? ", a packet came"
                                                                   : ", no packet") +
             (reader->tables.enclosures.complete(digest) ? ", and the text" : ", and no text"));
      }
    }
  }

  // Who may have had something of an erased case has said that it is gone. (On a case that a later
  // kind froze nodes say nothing by themselves.)
  void erasures_of(Reader& hub, const CaseRow& row) {
    std::vector<Fact> facts;
    bool has_erased = false;
    for (const CaseEvent& held : hub.tables.cases.events_of(row.id)) {
      has_erased |= held.event.kind == EventKind::kErased;
      facts.push_back({held.hash, held.event, held.disputed});
    }
    const auto roster = held_roster(hub.tables, hub.node.identity.root);
    if (!has_erased || row.needs_upgrade || !roster) return;
    const CaseView view = naive_fold(row.id, facts, *roster);
    if (!view.holders.empty()) return;
    for (const auto& [erasure, confirmed] : view.erasures) {
      for (const auto& [member, reader] : by_id_) {
        const bool concerned = view.audience.contains(member) || roster->is_hub(member);
        if (reader == nullptr || !concerned || confirmed.contains(member)) continue;
        tell(member.text() + " has not said that what it had of " + row.id.text() +
             ", which is erased, is gone");
      }
    }
  }

  // The whole says of its parts what they are. (On a case that a later kind froze nodes say nothing
  // by themselves.)
  void parts_of(Reader& hub, const CaseRow& row) {
    std::vector<Fact> facts;
    bool has_links = false;
    for (const CaseEvent& held : hub.tables.cases.events_of(row.id)) {
      has_links |= held.event.kind == EventKind::kLinked;
      facts.push_back({held.hash, held.event, held.disputed});
    }
    const auto roster = held_roster(hub.tables, hub.node.identity.root);
    if (!has_links || row.needs_upgrade || !roster) return;
    for (const auto& [place, link] : naive_fold(row.id, facts, *roster).links) {
      if (place.first == name_of(Relation::kHasPart)) {
        part_of(hub, row.id, *CaseId::parse(place.second), link.report, *roster);
      }
    }
  }

  void part_of(Reader& hub, const CaseId& whole, const CaseId& part, const std::string& said,
               const Roster& roster) {
    const auto row = hub.tables.cases.get(part);
    const bool is_told = by_id_.contains(part.origin()) && by_id_[part.origin()] != nullptr;
    if (!row || row->needs_upgrade || !is_told || exceptions_.is_disputed(part)) return;
    std::vector<Fact> facts;
    for (const CaseEvent& held : hub.tables.cases.events_of(part)) {
      facts.push_back({held.hash, held.event, held.disputed});
    }
    const CaseView view = naive_fold(part, facts, roster);
    if (!view.links.contains({name_of(Relation::kPartOf), whole.text()})) return;
    const auto whole_row = hub.tables.cases.get(whole);
    if (whole_row && row->privacy < whole_row->privacy) {
      tell(part.text() + " is a part of " + whole.text() + " and less private");
    }
    PartReported is{.part = part,
                    .stage = PartStage::kOpen,
                    .outcome = row->outcome.value_or(Outcome::kResolved),
                    .custodian = row->custodian};
    if (row->status == CaseStatus::kAnswered) is.stage = PartStage::kAnswered;
    if (row->status == CaseStatus::kClosed) is.stage = PartStage::kClosed;
    const bool is_plain = is.stage == PartStage::kOpen && is.custodian == part.origin();
    if (text(is) == said || (said.empty() && is_plain)) return;
    tell(whole.text() + " has " + part.text() + " as a part that is " + text(is) + " and says " +
         (said.empty() ? "nothing" : said));
  }

  // Whom a case is offered to knows it and has said so.
  void offer_of(const CaseRow& row) {
    const MemberId& to = row.offer->to;
    Reader* reader = by_id_[to];
    if (reader == nullptr) return;
    const std::vector<CaseEvent> events = reader->tables.cases.events_of(row.id);
    const auto is_answered = [&](const CaseEvent& offer) {
      return std::ranges::any_of(events, [&](const CaseEvent& answer) {
        const auto* delivered = std::get_if<Delivered>(&answer.event.body);
        return delivered && delivered->offer == offer.hash &&
               answer.event.position.journal.member == to;
      });
    };
    const bool told = std::ranges::any_of(events, [&](const CaseEvent& held) {
      const auto* forwarded = std::get_if<Forwarded>(&held.event.body);
      return forwarded && forwarded->to == to && is_answered(held);
    });
    if (!told)
      tell(kOffersDelivered,
           row.id.text() + " is on offer to " + to.text() + ", which has not got it");
  }

  const Exceptions& exceptions_;
  std::vector<std::unique_ptr<Reader>> readers_;
  std::map<MemberId, Reader*> by_id_;
  std::vector<Disagreement> told_;
  bool disks_lasted_ = true;
};

}  // namespace

std::vector<Disagreement> disagreements(World& world, const Exceptions& exceptions) {
  return Comparison(world, exceptions).run();
}

}  // namespace simpul::sim
