#include "tests/simulation/second_history.h"

#include "protocol/checkpoint.h"

namespace simpul::sim {

Bytes SecondHistory::twin_of(BytesView event) {
  Bytes twin(event.begin(), event.end());
  twin.front() ^= 1;  // of the salt
  return twin;
}

bool SecondHistory::follow(Tables& tables, std::uint64_t size) {
  while (tree_.frontier().size() < size) {
    const std::uint64_t index = tree_.frontier().size();
    const auto event = tables.journals.event(journal_, index);
    if (!event) return false;
    tree_.append(leaf_hash(index < from_ ? *event : twin_of(*event)));
  }
  return true;
}

std::string SecondHistory::checkpoint(const Identity& signer, std::uint64_t size) const {
  const auto root = tree_root(tree_, size);
  SIMPUL_CHECK(root.has_value());
  return sign_checkpoint({checkpoint_origin(signer.federation, journal_), size, *root},
                         signer.keys.signing);
}

bool SecondHistory::retell(Tables& tables, const Identity& signer, JournalRecords& records) {
  const std::uint64_t end = records.first + records.events.size();
  if (!follow(tables, end)) return false;
  for (std::size_t i = 0; i < records.events.size(); ++i) {
    if (records.first + i >= from_) records.events[i] = twin_of(records.events[i]);
  }
  records.checkpoint = checkpoint(signer, end);
  return true;
}

bool SecondHistory::retell(Tables& tables, const Identity& signer, ProvedGroup& group) {
  const auto head = parse_checkpoint(group.checkpoint);
  if (!head || !follow(tables, head->size)) return false;
  std::vector<TreeNode> nodes;
  if (group.events.empty()) {  // an answer: the peaks of the smaller size come first
    for (const NodeId& id : peaks_of(group.known_size)) nodes.push_back({id, *tree_.node(id)});
  }
  std::vector<std::uint64_t> indexes;
  for (SparseEvent& event : group.events) {
    indexes.push_back(event.index);
    if (event.index >= from_) event.bytes = twin_of(event.bytes);
  }
  const auto proof = batch_proof(tree_, group.known_size, head->size, indexes);
  if (!proof) return false;
  nodes.insert(nodes.end(), proof->begin(), proof->end());
  group.nodes = std::move(nodes);
  group.checkpoint = checkpoint(signer, head->size);
  return true;
}

bool SecondHistory::retell(Tables& tables, const Identity& signer, std::string& note) {
  const auto head = parse_checkpoint(note);
  if (!head || head->size == 0 || !follow(tables, head->size)) return false;
  note = checkpoint(signer, head->size);
  return true;
}

}  // namespace simpul::sim
