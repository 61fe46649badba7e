#include "tests/support/forged_journal.h"

#include "protocol/checkpoint.h"

namespace simpul::test {

Bytes ForgedJournal::encoded(Event event) {
  event.position = {id_, size()};
  if (!std::holds_alternative<UnknownBody>(event.body)) {
    event.kind = kind_of(event.body);
    event.state_changing = changes_state(event.kind);
  }
  auto bytes = encode_event(event, random_);
  if (!bytes) std::fprintf(stderr, "%s\n", bytes.error().message.c_str());
  SIMPUL_CHECK(bytes.has_value());
  return *std::move(bytes);
}

EventHash ForgedJournal::append(Event event) {
  return append_bytes(encoded(std::move(event)));
}

EventHash ForgedJournal::append_bytes(Bytes bytes) {
  const Digest leaf = leaf_hash(bytes);
  tree_.append(leaf);
  events_.push_back(std::move(bytes));
  return leaf;
}

std::string ForgedJournal::checkpoint_with_root(std::uint64_t size, const Digest& root) const {
  return sign_checkpoint({checkpoint_origin(signer_->federation, id_), size, root},
                         signer_->keys.signing);
}

HeadRef ForgedJournal::head(std::uint64_t size) const {
  const auto root = tree_root(tree_, size);
  SIMPUL_CHECK(root.has_value());
  return {id_, size, *root};
}

std::string ForgedJournal::checkpoint(std::uint64_t size) const {
  return checkpoint_with_root(size, head(size).root);
}

JournalRecords ForgedJournal::records(std::uint64_t first, std::uint64_t end) const {
  JournalRecords records{.journal = id_, .first = first};
  for (std::uint64_t index = first; index < end; ++index) {
    records.events.push_back(events_.at(index));
  }
  records.checkpoint = checkpoint(end);
  return records;
}

ProvedGroup ForgedJournal::group(const std::vector<std::uint64_t>& indexes,
                                 std::uint64_t known) const {
  auto nodes = batch_proof(tree_, known, size(), indexes);
  SIMPUL_CHECK(nodes.has_value());
  ProvedGroup group{.journal = id_, .known_size = known, .checkpoint = checkpoint(size())};
  group.nodes = *std::move(nodes);
  for (const std::uint64_t index : indexes) group.events.push_back({index, events_.at(index)});
  return group;
}

ProvedGroup ForgedJournal::consistency(std::uint64_t known) const {
  ProvedGroup answer = group({}, known);
  std::vector<TreeNode> peaks;
  for (const NodeId& id : peaks_of(known)) peaks.push_back({id, *tree_.node(id)});
  answer.nodes.insert(answer.nodes.begin(), peaks.begin(), peaks.end());
  return answer;
}

Event opened_event(const CaseId& id) {
  Event event;
  event.case_id = id;
  event.time = Instant(Duration(1'767'225'600'000));
  event.body = Opened{.channel = Channel::kWeb, .region = "51", .category = "roads.potholes"};
  return event;
}

Event case_event_of(const CaseId& id, const EventHash& epoch, const EventHash& previous,
                    EventBody body) {
  Event event;
  event.case_id = id;
  event.time = Instant(Duration(1'767'225'601'000));
  event.epoch = epoch;
  event.case_prev = previous;
  event.body = std::move(body);
  return event;
}

Bytes padded_event(BytesView event, std::size_t size) {
  constexpr std::size_t kCountAt = kEventSaltSize + 4;  // of the segment's words
  Bytes padded(event.begin(), event.end());
  SIMPUL_CHECK(size >= padded.size() && (size - padded.size()) % 8 == 0);
  padded.resize(size);
  const std::size_t words = (size - kEventSaltSize - 8) / 8;
  for (std::size_t i = 0; i < 4; ++i) {
    padded[kCountAt + i] = static_cast<std::uint8_t>(words >> (8 * i));
  }
  return padded;
}

}  // namespace simpul::test
