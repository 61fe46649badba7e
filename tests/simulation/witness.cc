#include "tests/simulation/witness.h"

#include <algorithm>
#include <utility>

#include "protocol/frame.h"
#include "tests/simulation/invariants.h"
#include "tests/simulation/product_view.h"

namespace simpul::sim {
namespace {

constexpr Millis kJudgedAfter = kMinute;  // of the last that arrived
constexpr double kTakenLate = 10;         // seconds between arrival and step, at most

// Whether the node counts nothing of the journal after some point.
bool has_proof(Tables& tables, const JournalId& journal) {
  const auto head = tables.journals.bare_head(journal);
  return head && head->disputed_from && !tables.local.fork_proofs().empty();
}

bool says_withheld(Tables& tables, const JournalId& journal) {
  return std::ranges::any_of(tables.local.alerts(200), [&](const Alert& alert) {
    return alert.code == "withheld" && alert.text.find(journal.text()) != std::string::npos;
  });
}

// Who takes part as the ruling hub's roster says; empty while that hub cannot be asked.
std::set<MemberId> linked_members(World& world) {
  MemberNode& hub = *world.nodes().front();
  std::set<MemberId> members;
  if (!hub.running()) return members;
  ReadTransaction transaction = hub.store->read();
  Tables tables(transaction);
  const auto roster = held_roster(tables, hub.identity.root);
  if (!roster) return members;
  for (const Member& member : roster->members) {
    if (!member.suspended) members.insert(member.id);
  }
  return members;
}

}  // namespace

void Witness::flooded(const MemberNode& from, MemberNode& to, const std::string& what,
                      std::size_t frames, std::size_t burst, double per_second) {
  const auto link = world_.network().link_between(to.index, from.index);
  if (!link) return;
  floods_.push_back({.words = from.name() + " sent " + std::to_string(frames) + " " + what,
                     .node = to.index,
                     .link = *link,
                     .expected = frames,
                     .allowed = burst,
                     .per_second = per_second,
                     .first = world_.now(),
                     .last = world_.now()});
}

void Witness::arrived(const MemberNode& node, LinkId link, BytesView frame) {
  for (Flood& flood : floods_) {
    if (flood.node != node.index || flood.link != link) continue;
    if (flood.arrived++ == 0) flood.first = world_.now();
    flood.last = world_.now();
    flood.slow |= node.slow_by > 0;
  }
  if (observer_.truth().forks().empty()) return;
  const auto decoded = decode_frame(frame);
  if (!decoded) return;
  if (const auto* records = std::get_if<JournalRecords>(&*decoded)) {
    for (std::size_t i = 0; i < records->events.size(); ++i) {
      note_side(node, link, records->journal, records->first + i, records->events[i]);
    }
  } else if (const auto* mailbox = std::get_if<MailboxRecords>(&*decoded)) {
    for (const ProvedGroup& group : mailbox->groups) {
      for (const SparseEvent& event : group.events) {
        note_side(node, link, group.journal, event.index, event.bytes);
      }
    }
  }
}

void Witness::note_side(const MemberNode& node, LinkId link, const JournalId& journal,
                        std::uint64_t index, BytesView event) {
  const EventHash hash = hash_of_event(event);
  if (observer_.truth().find(hash) == nullptr) return;  // nobody's
  const int side = observer_.truth().side_of(journal, index, hash);
  if (side > 0) arrived_[node.index].push_back({link, journal, side});
}

// What came over a link that the step ended may not have been looked at, and links end after it.
void Witness::stepped(const MemberNode& node) {
  std::vector<Side>& stepped = stepped_[node.index];
  for (const Side& told : stepped) {
    if (!world_.network().peer_of(node.index, told.link)) continue;
    sides_seen_[{node.index, told.journal}].insert(told.side);
  }
  stepped = std::exchange(arrived_[node.index], {});
}

void Witness::forget(const MemberNode& node) {
  arrived_.erase(node.index);
  stepped_.erase(node.index);
  std::erase_if(sides_seen_, [&](const auto& seen) { return seen.first.first == node.index; });
}

bool Witness::is_disputed(const CaseId& id) const {
  const Truth& truth = observer_.truth();
  return std::ranges::any_of(truth.events_of(id), [&](const EventHash& hash) {
    const EventPosition& position = truth.find(hash)->position;
    const auto from = truth.disputed_from(position.journal);
    return from && position.index >= *from;
  });
}

std::vector<Disagreement> Witness::unproved(const std::set<MemberId>& liars) {
  std::vector<Disagreement> open;
  // Who was not admitted, or is suspended, has no link over which to be told.
  const std::set<MemberId> linked = linked_members(world_);
  for (const auto& [journal, from] : observer_.truth().forks()) {
    std::set<const MemberNode*> saw_both, proved, unproved;
    for (const auto& node : world_.nodes()) {
      const MemberId& member = node->identity.member;
      if (!node->running() || liars.contains(member) || !linked.contains(member)) continue;
      ReadTransaction transaction = node->store->read();
      Tables tables(transaction);
      (has_proof(tables, journal) ? proved : unproved).insert(node.get());
      const auto seen = sides_seen_.find({node->index, journal});
      const bool both = seen != sides_seen_.end() && seen->second.size() > 1;
      if (both && !says_withheld(tables, journal)) saw_both.insert(node.get());
    }
    for (const MemberNode* node : unproved) {
      if (proved.empty() && !saw_both.contains(node)) continue;
      open.push_back(
          {kForkProved, node->name() + " has no proof that " + journal.text() + " was forked, " +
                            (saw_both.contains(node) ? "and saw both sides" : "and others have")});
    }
  }
  return open;
}

bool Witness::is_excused(const Flood& flood) const {
  const MemberNode& node = *world_.nodes()[flood.node];
  const double seconds = static_cast<double>(flood.last - flood.first) / 1000 + kTakenLate;
  const double allowed = static_cast<double>(flood.allowed) + flood.per_second * seconds;
  return flood.arrived < flood.expected || flood.slow || node.slow_by > 0 ||
         static_cast<double>(flood.expected) <= allowed;
}

void Witness::judge() {
  std::erase_if(floods_, [&](const Flood& flood) {
    if (world_.now() < flood.last + kJudgedAfter) return false;
    const MemberNode& node = *world_.nodes()[flood.node];
    const bool linked = node.running() && world_.network().peer_of(flood.node, flood.link);
    if (linked && !is_excused(flood)) {
      broken_.push_back(
          {kBounded, node.name() + ": " + flood.words + ", and kept its link", node.name()});
      world_.halt();
    }
    return true;
  });
}

}  // namespace simpul::sim
