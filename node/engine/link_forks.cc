// What members tell each other of forks.
#include "node/engine/forks.h"
#include "node/engine/links.h"

namespace simpul {

void Links::on_fork_notice(Step& step, Peer& peer, const ForkNotice& notice) {
  const auto is_new = receive_fork_proof(step, notice.proof);
  if (!is_new) {
    step.log(LogLevel::kWarning, "fork-notice-refused",
             "From " + peer.member.text() + ": " + is_new.error().message);
  } else if (*is_new) {
    tell_of_fork(notice.proof, peer.link);
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
