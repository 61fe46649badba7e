#include "node/engine/pump.h"

#include <algorithm>
#include <map>

#include "node/engine/author.h"
#include "protocol/checkpoint.h"

namespace simpul {
namespace {

constexpr std::uint64_t kEventsPerFrame = 1'000;
constexpr std::size_t kBytesPerFrame = 512u << 10;
constexpr std::size_t kItemsPerFrame = 500;    // of a mailbox
constexpr std::uint64_t kBytesPerItem = 8192;  // at most: an event and its share of the proof
constexpr std::uint64_t kCreditMin = 32u << 10;
constexpr std::size_t kHeadsTried = 64;  // for one event known singly

}  // namespace

void Pump::fill(Peer& peer) {
  if (!peer.open()) return;
  std::vector<StreamId> streams;
  for (const auto& [id, stream] : peer.session.out_streams()) streams.push_back(id);
  for (const StreamId& id : streams) {
    for (;;) {
      const auto stream = peer.session.out_streams().find(id);
      if (stream == peer.session.out_streams().end()) break;
      if (!(id.is_mailbox ? send_mailbox(peer, stream->second)
                          : send_journal(peer, stream->second))) {
        break;
      }
    }
  }
}

bool Pump::send_journal(Peer& peer, const OutStream& stream) {
  const JournalId& journal = stream.id().journal;
  const auto head = tables.journals.bare_head(journal);
  const std::uint64_t credit = peer.session.credit(stream.id());
  if (!head || stream.sent() >= head->held || credit < kCreditMin) return false;
  JournalRecords records{.journal = journal, .first = stream.sent()};
  // Of a tail that was lost, single events may have come back beyond what is held in order. Who
  // holds another history takes what comes before they part, if a frame ends there.
  const bool settles = head->settled && records.first < head->settled->size;
  const std::uint64_t end = settles ? std::min(head->held, head->settled->size) : head->held;
  auto count = static_cast<std::size_t>(std::min(kEventsPerFrame, end - records.first));
  const bool own = journal.member == self.member && signs_now(roster, self, journal);
  if (!own) {  // a batch must end where its author signed
    const auto note = tables.journals.first_checkpoint_at_or_after(journal, records.first + 1);
    const auto checkpoint = note ? parse_checkpoint(*note) : fail(ErrorCode::kNotFound, "");
    if (!checkpoint || checkpoint->size > head->held) return false;
    records.checkpoint = *note;
    count = static_cast<std::size_t>(checkpoint->size - records.first);
  }
  const std::size_t bytes_max =
      own ? std::min<std::size_t>(kBytesPerFrame, credit / 2) : kFrameSizeMax;
  records.events = tables.journals.scan(journal, records.first, count, bytes_max);
  if (own) {
    auto note = sign_own_checkpoint(tables, self, journal, records.first + records.events.size());
    if (!note) return false;
    records.checkpoint = std::move(*note);
  }
  return peer.session.send(std::move(records), now).has_value();
}

bool Pump::send_mailbox(Peer& peer, const OutStream& stream) {
  const std::uint64_t generation = tables.mailboxes.generation();
  // A cursor of another generation means nothing here: the reader begins again.
  const bool same = stream.id().mailbox_generation == generation;
  MailboxRecords records{.generation = generation, .first = same ? stream.sent() : 0};
  const std::uint64_t room = peer.session.credit(stream.id()) / kBytesPerItem;
  if (room == 0) return false;
  const auto items = tables.mailboxes.read(peer.member, records.first,
                                           std::min<std::uint64_t>(room, kItemsPerFrame));
  if (items.empty()) return false;
  records.last = records.first + items.size();
  std::map<JournalId, std::vector<std::uint64_t>> wanted;
  for (const MailboxItem& item : items) {
    if (const auto* position = std::get_if<EventPosition>(&item)) {
      wanted[position->journal].push_back(position->index);
    } else if (auto packet = tables.packets.get(std::get<PacketNumber>(item).value)) {
      records.packets.push_back(std::move(*packet));
    }
  }
  for (auto& [journal, indexes] : wanted) {
    // What is not provable yet goes out when its head is signed.
    if (!add_proved(peer, journal, std::move(indexes), records.groups)) return false;
  }
  std::map<JournalId, std::uint64_t> told;
  for (const ProvedGroup& group : records.groups) {
    told[group.journal] = parse_checkpoint(group.checkpoint)->size;
  }
  if (!peer.session.send(std::move(records), now)) return false;
  for (const auto& [journal, size] : told) peer.told[journal] = size;
  return true;
}

bool Pump::add_proved(Peer& peer, const JournalId& journal, std::vector<std::uint64_t> indexes,
                      std::vector<ProvedGroup>& groups) {
  std::ranges::sort(indexes);
  const auto same = std::ranges::unique(indexes);
  indexes.erase(same.begin(), same.end());
  if (auto settled = proved_as_settled(journal, indexes)) {
    groups.push_back(std::move(*settled));
    if (indexes.empty()) return true;
  }
  if (auto together = proved_together(peer, journal, indexes)) {
    groups.push_back(std::move(*together));
    return true;
  }
  // Known by single events: each may have come under a head of its own.
  bool all = true;
  for (const std::uint64_t index : indexes) {
    auto alone = proved_alone(journal, index);
    all = all && alone;
    if (alone) groups.push_back(std::move(*alone));
  }
  return all;
}

// Those of a settled journal that are below its settled head, under that head: whoever knows the
// journal by single events learns the head's whole edge, and so whether it holds that history.
// Takes them out of `indexes`.
Result<ProvedGroup> Pump::proved_as_settled(const JournalId& journal,
                                            std::vector<std::uint64_t>& indexes) {
  const auto head = tables.journals.bare_head(journal);
  if (!head || !head->settled) return fail(ErrorCode::kNotFound, "not settled");
  const auto beyond = std::ranges::lower_bound(indexes, head->settled->size);
  const auto note = tables.journals.checkpoint_at(journal, head->settled->size);
  if (!note || beyond == indexes.begin()) return fail(ErrorCode::kNotFound, "nothing below it");
  SIMPUL_TRY(checkpoint, parse_checkpoint(*note));
  if (checkpoint.root != head->settled->root) return fail(ErrorCode::kConflict, journal.text());
  SIMPUL_TRY(group, proved_under(*note, journal, 0, {indexes.begin(), beyond}));
  indexes.erase(indexes.begin(), beyond);
  return std::move(group);
}

// Under the newest head known here, which may lie beyond what is held in order: of a journal that
// is known by single events the nodes learnt with them prove them to others too.
Result<ProvedGroup> Pump::proved_together(Peer& peer, const JournalId& journal,
                                          const std::vector<std::uint64_t>& indexes) {
  const auto head = tables.journals.bare_head(journal);
  if (!head || indexes.empty()) return fail(ErrorCode::kNotFound, journal.text());
  const auto newest = tables.journals.last_checkpoint_at_or_before(
      journal, head->complete ? head->held : head->size);
  // Whoever knows another history skipped what it was told.
  const std::uint64_t known = head->disputed_from ? 0 : peer.told[journal];
  if (newest) {
    if (auto group = proved_under(*newest, journal, known, indexes)) return group;
  }
  const auto first = tables.journals.first_checkpoint_at_or_after(journal, indexes.back() + 1);
  if (!first) return fail(ErrorCode::kNotFound, journal.text());
  return proved_under(*first, journal, 0, indexes);
}

// Under the first head that proves it.
Result<ProvedGroup> Pump::proved_alone(const JournalId& journal, std::uint64_t index) {
  std::vector<std::string> notes;
  tables.journals.visit_checkpoints(journal, index + 1, [&](std::uint64_t, std::string_view note) {
    notes.emplace_back(note);
    return notes.size() < kHeadsTried;
  });
  for (const std::string& note : notes) {
    if (auto group = proved_under(note, journal, 0, {index})) return group;
  }
  return fail(ErrorCode::kNotFound, EventPosition{journal, index}.text() + " is not proved here");
}

Result<ProvedGroup> Pump::proved_under(const std::string& note, const JournalId& journal,
                                       std::uint64_t known,
                                       const std::vector<std::uint64_t>& indexes) {
  SIMPUL_TRY(checkpoint, parse_checkpoint(note));
  ProvedGroup group{.journal = journal, .known_size = known, .checkpoint = note};
  if (group.known_size > checkpoint.size) group.known_size = 0;
  const JournalNodes nodes(tables.journals.transaction(), journal);
  SIMPUL_TRY(proof, batch_proof(nodes, group.known_size, checkpoint.size, indexes));
  group.nodes = std::move(proof);
  for (const std::uint64_t index : indexes) {
    auto bytes = tables.journals.event(journal, index);
    if (!bytes) return fail(ErrorCode::kNotFound, EventPosition{journal, index}.text());
    group.events.push_back({index, std::move(*bytes)});
  }
  return group;
}

std::vector<ProvedGroup> proved_case(Pump& pump, Peer& peer,
                                     const std::vector<EventPosition>& positions) {
  std::map<JournalId, std::vector<std::uint64_t>> wanted;
  for (const EventPosition& position : positions)
    wanted[position.journal].push_back(position.index);
  std::vector<ProvedGroup> groups;
  for (auto& [journal, indexes] : wanted) {
    pump.add_proved(peer, journal, std::move(indexes), groups);
  }
  return groups;
}

}  // namespace simpul
