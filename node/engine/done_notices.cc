#include "node/engine/done_notices.h"

namespace simpul {
namespace {

constexpr Duration kInterval = std::chrono::seconds{1};  // nothing waits for it
constexpr std::size_t kBatch = 256;                      // enclosures told of, and then pinged for
constexpr std::size_t kForgottenAtOnce = 1'000;

}  // namespace

void note_done(Step& step, const Digest& digest) {
  for (const Member& member : step.roster.members) {
    if (member.kind == MemberKind::kHub && member.id != step.self.member) {
      step.tables.enclosures.tell(member.id, digest);
    }
  }
}

void note_done_again(Step& step, const MemberId& hub, BytesView event) {
  const auto decoded = decode_event(event);
  if (!decoded || decoded->position.journal.member == step.self.member) return;
  for (const EnclosureRef& ref : decoded->enclosures) {
    const Digest& digest = ref.commitment.digest;
    if (step.tables.enclosures.complete(digest)) step.tables.enclosures.tell(hub, digest);
  }
}

void DoneNotices::pump(Step& step, Peers& peers) {
  const bool is_soon = step.now < next_ && next_ <= step.now + kInterval;  // no clock set back
  if (is_soon) return;
  next_ = step.now + kInterval;
  forget_former_hubs(step);
  for (const Member& member : step.roster.members) {
    if (member.kind != MemberKind::kHub) continue;
    Peer* peer = peers.open_to(member.id);
    if (!peer) continue;
    Batch& batch = batches_[member.id];
    if (batch.link != peer->link) batch = Batch{.link = peer->link};
    go_on(step, *peer, batch);
  }
}

void DoneNotices::go_on(Step& step, Peer& peer, Batch& batch) {
  if (batch.sent < batch.untold.size()) {
    while (batch.sent < batch.untold.size() && batch.pace.take(step.now)) {
      step.frames.emplace_back(peer.link, EnclosureDone{batch.untold[batch.sent++].digest});
    }
    return;
  }
  if (!batch.untold.empty()) {
    if (!batch.frames_before) batch.frames_before = peer.session.counters().frames_out;
    peer.session.probe(*batch.frames_before, step.now);
    if (peer.session.frames_taken() < *batch.frames_before) return;
    for (const Untold& each : batch.untold) step.tables.enclosures.told(peer.member, each);
  }
  batch.untold = step.tables.enclosures.untold(peer.member, kBatch);
  batch.sent = 0;
  batch.frames_before.reset();
}

void DoneNotices::forget_former_hubs(Step& step) {
  if (step.roster.members.empty()) return;
  for (const MemberId& hub : step.tables.enclosures.untold_hubs()) {
    if (step.roster.is_hub(hub)) continue;
    for (const Untold& each : step.tables.enclosures.untold(hub, kForgottenAtOnce)) {
      step.tables.enclosures.told(hub, each);
    }
  }
}

}  // namespace simpul
