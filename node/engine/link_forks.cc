// What members tell each other of forks.
#include <utility>

#include "node/engine/forks.h"
#include "node/engine/links.h"

namespace simpul {
namespace {

constexpr std::size_t kParkedMax = 64;  // 2 MiB a link

// Whether another roster may have the keys that were missed.
bool is_of_keys(const Error& error) {
  return error.code == ErrorCode::kBadSignature || error.code == ErrorCode::kNotFound;
}

}  // namespace

void Links::on_fork_notice(Step& step, Peer& peer, const ForkNotice& notice) {
  const auto is_new = receive_fork_proof(step, notice.proof);
  if (is_new) {
    if (*is_new) tell_of_fork(notice.proof, peer.link);
  } else if (peer.knows_newer_than(step.roster) && is_of_keys(is_new.error()) &&
             peer.proofs_parked.size() < kParkedMax) {
    peer.proofs_parked.push_back(notice.proof);
  } else {
    step.log(LogLevel::kWarning, "fork-notice-refused",
             "From " + peer.member.text() + ": " + is_new.error().message);
  }
}

// Each is told of once on a link, so what a newer roster makes good waits for that.
void Links::judge_parked(Step& step, Peer& peer) {
  if (peer.proofs_parked.empty() || peer.knows_newer_than(step.roster)) return;
  for (Bytes& proof : std::exchange(peer.proofs_parked, {})) {
    on_fork_notice(step, peer, {std::move(proof)});
  }
}

void Links::tell_of_fork(const Bytes& proof, LinkId but_not) {
  for (const auto& [link, peer] : peers_.all()) {
    if (link != but_not && peer->open()) peer->proofs_untold.insert(sha256(proof));
  }
}

// As many as the peer takes now; the rest when it takes more.
void Links::send_proofs(const Step& step, Peer& peer) {
  while (peer.open() && !peer.proofs_untold.empty()) {
    const auto next = peer.proofs_untold.begin();
    const auto proof = step.tables.local.fork_proof(*next);  // unless one that says more came
    if (proof && !peer.session.send(ForkNotice{*proof}, step.now)) return;
    peer.proofs_untold.erase(next);
  }
}

}  // namespace simpul
