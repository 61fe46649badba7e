// Credit that a node with little memory does not grant: it is taken out of what the node sends, and
// comes later. Not thread-safe.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "node/transport.h"
#include "protocol/frame.h"

namespace simpul::sim {

class WithheldCredit {
 public:
  // If the frame grants credit, it does not any more.
  void take(std::size_t node, LinkId link, Bytes& frame);
  // Frames that grant what was taken of the node's, each for its link.
  std::vector<std::pair<LinkId, Bytes>> give_back(std::size_t node);
  void forget(std::size_t node) { held_.erase(node); }

 private:
  struct Grant {
    LinkId link = 0;
    StreamId stream;
    std::uint64_t bytes = 0;
  };
  std::map<std::size_t, std::vector<Grant>> held_;  // by node
};

}  // namespace simpul::sim
