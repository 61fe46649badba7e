#include "tests/simulation/truth.h"

namespace simpul::sim {

EventHash hash_of_event(BytesView bytes) {
  const std::uint8_t zero = 0;
  return sha256(BytesView(&zero, 1), bytes);
}

Digest tree_hash(const EventHash* leaves, std::size_t count) {
  if (count == 0) return sha256({});
  if (count == 1) return leaves[0];
  std::size_t left = 1;
  while (left * 2 < count) left *= 2;
  const std::uint8_t one = 1;
  return sha256(BytesView(&one, 1), tree_hash(leaves, left).view(),
                tree_hash(leaves + left, count - left).view());
}

bool Truth::write(const EventPosition& position, BytesView bytes) {
  const EventHash hash = hash_of_event(bytes);
  auto event = decode_event(bytes);
  if (!event || records_.contains(hash)) return false;
  Record record{position, *std::move(event), {}};
  std::vector<EventHash>& leaves = leaves_[position.journal];
  if (position.index == leaves.size()) leaves.push_back(hash);
  if (const auto* forwarded = std::get_if<Forwarded>(&record.event.body)) {
    record.names.insert(forwarded->to);
  } else if (const auto* ruled = std::get_if<Ruled>(&record.event.body)) {
    record.names.insert(ruled->to);
  }
  if (const CaseId& id = record.event.case_id; !id.empty()) {
    cases_[id].push_back(hash);
    std::set<MemberId>& concerned = concerned_[id];
    concerned.insert({id.origin(), position.journal.member});
    concerned.insert(record.names.begin(), record.names.end());
    for (const EnclosureRef& ref : record.event.enclosures) {
      enclosures_.emplace(ref.commitment.digest, hash);
    }
  }
  records_.emplace(hash, std::move(record));
  return true;
}

Truth::Standing Truth::standing(const EventPosition& position, const EventHash& hash) const {
  const Record* record = find(hash);
  if (record != nullptr && record->position == position) return Standing::kWritten;
  if (record != nullptr && record->position.journal == position.journal) {
    return Standing::kOtherPlace;
  }
  return position.index < leaves(position.journal).size() ? Standing::kChanged : Standing::kNever;
}

const Truth::Record* Truth::find(const EventHash& hash) const {
  const auto found = records_.find(hash);
  return found == records_.end() ? nullptr : &found->second;
}

const std::vector<EventHash>& Truth::leaves(const JournalId& journal) const {
  static const std::vector<EventHash> kNone;
  const auto found = leaves_.find(journal);
  return found == leaves_.end() ? kNone : found->second;
}

const std::vector<EventHash>& Truth::events_of(const CaseId& id) const {
  static const std::vector<EventHash> kNone;
  const auto found = cases_.find(id);
  return found == cases_.end() ? kNone : found->second;
}

const Truth::Record* Truth::enclosure(const Digest& digest) const {
  const auto found = enclosures_.find(digest);
  return found == enclosures_.end() ? nullptr : find(found->second);
}

const std::set<MemberId>& Truth::concerned(const CaseId& id) const {
  static const std::set<MemberId> kNone;
  const auto found = concerned_.find(id);
  return found == concerned_.end() ? kNone : found->second;
}

}  // namespace simpul::sim
