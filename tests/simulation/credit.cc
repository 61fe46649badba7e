#include "tests/simulation/credit.h"

namespace simpul::sim {

void WithheldCredit::take(std::size_t node, LinkId link, Bytes& bytes) {
  auto frame = decode_frame(bytes);
  if (!frame) return;
  Grant grant{.link = link, .stream = {}};
  if (auto* ack = std::get_if<Ack>(&*frame)) {
    grant.stream = ack->stream;
    grant.bytes = std::exchange(ack->credit_bytes, 0);
  } else if (auto* subscribe = std::get_if<Subscribe>(&*frame)) {
    grant.stream = subscribe->stream;
    grant.bytes = std::exchange(subscribe->credit_bytes, 0);
  }
  if (grant.bytes == 0) return;
  bytes = *encode_frame(*frame);
  held_[node].push_back(std::move(grant));
}

std::vector<std::pair<LinkId, Bytes>> WithheldCredit::give_back(std::size_t node) {
  std::vector<std::pair<LinkId, Bytes>> frames;
  for (Grant& grant : std::exchange(held_[node], {})) {
    // An ack that says nothing new but its credit.
    const Ack ack{.stream = std::move(grant.stream), .credit_bytes = grant.bytes};
    frames.emplace_back(grant.link, *encode_frame(ack));
  }
  return frames;
}

}  // namespace simpul::sim
