// A hub that relays badly: what it has for a member comes late, in another order, in part, or
// never. It cannot change what others signed.
#include <algorithm>

#include "tests/simulation/liar.h"

namespace simpul::sim {
namespace {

bool relays(const Bytes& bytes) {
  return frame_as<MailboxRecords>(bytes) || frame_as<JournalRecords>(bytes) ||
         frame_as<EnclosureChunk>(bytes);
}

bool drop(LieStage& stage, Liar& liar, MemberNode&, LinkId, Bytes& bytes) {
  if (!liar.random.percent(30) || !relays(bytes)) return true;
  stage.count("hub-dropped");
  return false;
}

// Everything to some, in order; a link that ended meanwhile takes nothing more.
bool delay(LieStage& stage, Liar& liar, MemberNode& to, LinkId link, Bytes& bytes) {
  if (!liar.kept_from.contains(to.index)) return true;
  const auto last = liar.later.empty() ? stage.world.now() : liar.later.rbegin()->first;
  const Millis at = std::max(last, stage.world.now() + liar.random.about(20'000));
  liar.later.emplace(at, [&stage, &liar, &to, link, frame = std::move(bytes)] {
    if (stage.world.network().peer_of(liar.node.index, link) == to.index) {
      stage.world.network().send(liar.node.index, link, frame);
    }
  });
  stage.count("hub-delayed");
  return false;
}

bool reorder(LieStage& stage, Liar& liar, MemberNode& to, LinkId link, Bytes& bytes) {
  if (!liar.random.percent(20) || !relays(bytes)) return true;
  liar.later.emplace(stage.world.now() + liar.random.about(2'000),
                     [&stage, &liar, &to, link, frame = std::move(bytes)] {
                       if (stage.world.network().peer_of(liar.node.index, link) == to.index) {
                         stage.world.network().send(liar.node.index, link, frame);
                       }
                     });
  stage.count("hub-reordered");
  return false;
}

// Bytes cut off; or whole items left out, as if there were none.
bool truncate(LieStage& stage, Liar& liar, MemberNode&, LinkId, Bytes& bytes) {
  if (!liar.random.percent(25)) return true;
  auto frame = decode_frame(bytes);
  if (!frame) return true;
  if (auto* records = std::get_if<JournalRecords>(&*frame)) {
    records->events.pop_back();
  } else if (auto* mailbox = std::get_if<MailboxRecords>(&*frame)) {
    if (!mailbox->packets.empty()) mailbox->packets.pop_back();
    if (!mailbox->groups.empty()) mailbox->groups.pop_back();
  } else if (!std::holds_alternative<EnclosureChunk>(*frame)) {
    return true;
  }
  auto changed = encode_frame(*frame);
  if (!changed) return true;
  bytes = *std::move(changed);
  if (liar.random.percent(20)) bytes.resize(liar.random.under(bytes.size()));
  stage.count("hub-truncated");
  return true;
}

void choose_some(LieStage& stage, Liar& liar) {
  liar.kept_from.clear();
  for (const auto& node : stage.world.nodes()) {
    if (liar.random.percent(40)) liar.kept_from.insert(node->index);
  }
}

// Its cosignatures, and the journals of some.
bool withhold_as_hub(LieStage& stage, Liar& liar, MemberNode& to, LinkId, Bytes& bytes) {
  if (!liar.kept_from.contains(to.index)) return true;
  const auto ack = frame_as<Ack>(bytes);
  const auto records = frame_as<JournalRecords>(bytes);
  const bool is_cosignature = ack && !ack->stream.is_mailbox;
  if (!is_cosignature && !records) return true;
  stage.count("hub-withheld");
  return false;
}

}  // namespace

std::vector<Lie> hub_lies() {
  return {
      {"hub-dropped", true, 3 * kHour, nullptr, 30 * kMinute, drop},
      {"hub-delayed", true, 4 * kHour, choose_some, 30 * kMinute, delay},
      {"hub-reordered", true, 3 * kHour, nullptr, 30 * kMinute, reorder},
      {"hub-truncated", true, 3 * kHour, nullptr, 30 * kMinute, truncate},
      {"hub-withheld", true, 3 * kHour, choose_some, 30 * kMinute, withhold_as_hub},
  };
}

}  // namespace simpul::sim
