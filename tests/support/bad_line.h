// A bad line between two network namespaces, "near" and "far": a tunnel whose rate is held down by
// tbf, whose packets are lost by nftables and delayed by a forwarder of ours, and which can be cut.
// Needs root. Loopback works within each namespace. Not thread-safe.
//
//   BadLine line({.kilobits_per_second = 1'000, .loss_percent = 1, .delay_each_way = 300ms});
//   line.launcher(BadLine::Side::kNear)   // what to run a program there with
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "node/descriptor.h"

namespace simpul {

class BadLine {
 public:
  enum class Side : std::uint8_t { kNear, kFar };
  struct Quality {
    unsigned kilobits_per_second = 1'000;  // each way
    unsigned loss_percent = 1;             // of packets, each way
    std::chrono::milliseconds delay_each_way{300};
  };

  // What this machine lacks for such a line, as a sentence; nullopt when nothing.
  static std::optional<std::string> missing();

  // Also removes what runs that were killed left behind. Throws when it cannot be laid.
  explicit BadLine(const Quality& quality);
  ~BadLine();  // the namespaces go when the last program in them has ended
  BadLine(const BadLine&) = delete;
  BadLine& operator=(const BadLine&) = delete;

  std::vector<std::string> launcher(Side side) const;
  static std::string address(Side side);

  void cut();
  void mend();

 private:
  std::string name(Side side) const;
  void lay(Side side, const Quality& quality);
  void remove(Side side);
  void forward(std::chrono::milliseconds delay) const;

  Descriptor near_, far_, stop_;
  std::thread forwarder_;
};

}  // namespace simpul
