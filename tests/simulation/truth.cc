#include "tests/simulation/truth.h"

namespace simpul::sim {

EventHash hash_of_event(BytesView bytes) {
  const std::uint8_t zero = 0;
  return sha256(BytesView(&zero, 1), bytes);
}

namespace {

Digest join(const Digest& left, const Digest& right) {
  const std::uint8_t one = 1;
  return sha256(BytesView(&one, 1), left.view(), right.view());
}

}  // namespace

void Truth::Edge::grow(const EventHash& leaf) {
  trees.push_back({1, leaf});
  while (trees.size() > 1 && trees[trees.size() - 2].leaves == trees.back().leaves) {
    const Tree right = trees.back();
    trees.pop_back();
    trees.back() = {2 * right.leaves, join(trees.back().root, right.root)};
  }
  Digest root = trees.back().root;
  for (std::size_t i = trees.size() - 1; i-- > 0;) root = join(trees[i].root, root);
  roots.push_back(root);
}

void Truth::grow(const JournalId& journal, const EventHash& leaf) {
  leaves_[journal].push_back(leaf);
  edges_[journal].grow(leaf);
}

void Truth::grow_second(const JournalId& journal, const EventHash& leaf) {
  second_leaves_[journal].push_back(leaf);
  second_edges_[journal].grow(leaf);
}

Digest Truth::root(const JournalId& journal, std::uint64_t size) const {
  return size == 0 ? sha256({}) : edges_.at(journal).roots.at(size - 1);
}

void Truth::fork(const JournalId& journal, std::uint64_t from) {
  forks_.emplace(journal, from);
  for (std::uint64_t i = 0; i < from; ++i) grow_second(journal, leaves_[journal].at(i));
}

std::optional<std::uint64_t> Truth::forked_at(const JournalId& journal) const {
  const auto found = forks_.find(journal);
  return found == forks_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::uint64_t> Truth::disputed_from(const JournalId& journal) const {
  const auto from = forked_at(journal);
  const auto settled = settled_.find(journal);
  if (!from || settled == settled_.end()) return from;
  return std::min(*from, settled->second);
}

const std::vector<EventHash>* Truth::history(const JournalId& journal, std::uint64_t size,
                                             const Digest& root) const {
  const auto& first = leaves(journal);
  if (size <= first.size() && this->root(journal, size) == root) return &first;
  const auto second = second_leaves_.find(journal);
  if (second == second_leaves_.end() || size == 0 || size > second->second.size()) return nullptr;
  return second_edges_.at(journal).roots[size - 1] == root ? &second->second : nullptr;
}

int Truth::side_of(const JournalId& journal, std::uint64_t index, const EventHash& hash) const {
  const auto from = forked_at(journal);
  if (!from || index < *from) return 0;
  const auto& first = leaves(journal);
  return index < first.size() && first[index] == hash ? 1 : 2;
}

bool Truth::write(const EventPosition& position, BytesView bytes) {
  const EventHash hash = hash_of_event(bytes);
  auto event = decode_event(bytes);
  if (!event || records_.contains(hash)) return false;
  Record record{position, *std::move(event), {}};
  if (position.index == leaves_[position.journal].size()) {
    grow(position.journal, hash);
  } else if (forks_.contains(position.journal)) {
    grow_second(position.journal, hash);
  }
  if (const auto* forwarded = std::get_if<Forwarded>(&record.event.body)) {
    record.names.insert(forwarded->to);
  } else if (const auto* ruled = std::get_if<Ruled>(&record.event.body)) {
    record.names.insert(ruled->to);
  } else if (const auto* linked = std::get_if<Linked>(&record.event.body)) {
    if (!linked->with.empty()) record.names.insert(linked->with);
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

JournalId Truth::newest_of(const MemberId& member) const {
  JournalId newest{member, 1};
  for (const auto& [journal, leaves] : leaves_) {
    if (journal.member == member) newest = std::max(newest, journal);
  }
  return newest;
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

std::vector<CaseId> Truth::cases() const {
  std::vector<CaseId> ids;
  for (const auto& [id, events] : cases_) ids.push_back(id);
  return ids;
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
