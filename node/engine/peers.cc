#include "node/engine/peers.h"

namespace simpul {

Peer& Peers::add(Peer peer) {
  const LinkId link = peer.link;
  return *(links_[link] = std::make_unique<Peer>(std::move(peer)));
}

void Peers::remove(LinkId link) {
  links_.erase(link);
}

Peer* Peers::by_link(LinkId link) {
  const auto found = links_.find(link);
  return found == links_.end() ? nullptr : found->second.get();
}

Peer* Peers::open(LinkId link) {
  Peer* peer = by_link(link);
  return peer && peer->open() ? peer : nullptr;
}

Peer* Peers::open_to(const MemberId& member) {
  for (auto& [link, peer] : links_) {
    if (peer->member == member && peer->open()) return peer.get();
  }
  return nullptr;
}

}  // namespace simpul
