// Two histories: some peers are told the one that the liar's node holds, the others a second, each
// signed by the liar. What those others confirm is kept from its own program, which knows of one.
#include "protocol/checkpoint.h"
#include "tests/simulation/liar.h"
#include "tests/simulation/observer.h"

namespace simpul::sim {
namespace {

// Divides the peers in two. A journal is forked once.
void divide(LieStage& stage, Liar& liar) {
  ReadTransaction transaction = liar.node.store->read();
  Tables tables(transaction);
  const auto heads = tables.journals.heads_of(liar.node.identity.member);
  if (heads.empty() || !heads.back().complete || heads.back().held == 0) return;
  const JournalHead& head = heads.back();
  const Truth& truth = stage.observer.truth();
  const bool is_whole = head.id == truth.newest_of(liar.node.identity.member) &&
                        head.held == truth.leaves(head.id).size();
  if (!is_whole || truth.forked_at(head.id)) return;
  liar.misled.clear();
  for (const auto& node : stage.world.nodes()) {
    const bool honest = !stage.liars.contains(node->identity.member);
    if (honest && liar.random.percent(50)) liar.misled.insert(node->index);
  }
  liar.second.emplace(head.id, head.held);
  liar.second_of_data = liar.node.data_replaced;
  stage.observer.journal_forked(head.id, head.held);
  stage.world.say(liar.node, "fault",
                  "equivocates: " + head.id.text() + " from " + std::to_string(head.held));
  stage.count("lie-equivocated");
}

// From there on, in the second history's own words.
bool concerns(const SecondHistory& second, const JournalId& journal, const std::string& note) {
  const auto head = parse_checkpoint(note);
  return journal == second.journal() && head && head->size > second.from();
}

// All that the second history has come to, told or not: a head of it says what is before it.
void tell_truth(LieStage& stage, Tables& tables, const SecondHistory& second) {
  for (std::uint64_t index = second.from(); index < second.size(); ++index) {
    const auto event = tables.journals.event(second.journal(), index);
    if (event) stage.observer.second_event({second.journal(), index}, second.twin_of(*event));
  }
}

bool retell(LieStage& stage, Liar& liar, Tables& tables, Frame& frame) {
  SecondHistory& second = *liar.second;
  const Identity& self = liar.node.identity;
  bool changed = false;
  if (auto* records = std::get_if<JournalRecords>(&frame)) {
    changed = concerns(second, records->journal, records->checkpoint) &&
              second.retell(tables, self, *records);
  } else if (auto* mailbox = std::get_if<MailboxRecords>(&frame)) {
    for (ProvedGroup& group : mailbox->groups) {
      if (!concerns(second, group.journal, group.checkpoint)) continue;
      if (!second.retell(tables, self, group)) continue;
      changed = true;
    }
  } else if (auto* hello = std::get_if<Hello>(&frame)) {
    changed = concerns(second, second.journal(), hello->own_head) &&
              hello->own_head.starts_with(checkpoint_origin(self.federation, second.journal())) &&
              second.retell(tables, self, hello->own_head);
  }
  if (changed) tell_truth(stage, tables, second);
  return changed;
}

bool equivocate(LieStage& stage, Liar& liar, MemberNode& to, LinkId, Bytes& bytes) {
  if (!liar.second || !liar.misled.contains(to.index)) return true;
  if (liar.second_of_data != liar.node.data_replaced || !liar.node.store) return true;
  auto frame = decode_frame(bytes);
  if (!frame) return true;
  ReadTransaction transaction = liar.node.store->read();
  Tables tables(transaction);
  if (!retell(stage, liar, tables, *frame)) return true;
  auto changed = encode_frame(*frame);
  if (changed) bytes = *std::move(changed);
  return changed.has_value();
}

}  // namespace

bool hears(const Liar& liar, const MemberNode& from, const Bytes& bytes) {
  if (!liar.second || !liar.misled.contains(from.index)) return true;
  const auto ack = frame_as<Ack>(bytes);
  const bool of_second = ack && !ack->stream.is_mailbox &&
                         ack->stream.journal == liar.second->journal() &&
                         ack->cursor > liar.second->from();
  return !of_second;
}

std::vector<Lie> fork_lies() {
  return {{"lie-equivocated", false, 6 * kHour, divide, 8 * kHour, equivocate}};
}

}  // namespace simpul::sim
