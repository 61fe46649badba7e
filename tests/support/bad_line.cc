#include "tests/support/bad_line.h"

#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <filesystem>
#include <stdexcept>

#include "crypto/result.h"

namespace simpul {
namespace {

using std::chrono::steady_clock;

constexpr const char* kDevice = "bad0";
constexpr const char* kPrefix = "simpul-test-";
constexpr const char* kFolder = "/run/netns/";
constexpr std::size_t kPacketMax = 65'536;
constexpr std::size_t kDelayedMax = 10'000;  // packets on the way, each way

bool works(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

void must_work(const std::string& command) {
  if (!works(command)) throw std::runtime_error("no bad line: this failed: " + command);
}

// What a command starts with that runs in a namespace. `ip -n` would mount things too, which fails
// where / is no mount, as in a chroot.
std::string inside(const std::string& name) {
  return "nsenter --net=" + (kFolder + name) + " ";
}

// A tunnel's end in a namespace; entered by a thread of its own, for that cannot be undone.
Descriptor open_tunnel(const std::string& name) {
  Descriptor tunnel;
  std::thread([&] {
    const Descriptor space(::open((kFolder + name).c_str(), O_RDONLY | O_CLOEXEC));
    if (!space || ::setns(space.get(), CLONE_NEWNET) != 0) return;
    Descriptor opened(::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC));
    ifreq request{};
    std::strncpy(request.ifr_name, kDevice, IFNAMSIZ - 1);
    request.ifr_flags = IFF_TUN | IFF_NO_PI;
    if (opened && ::ioctl(opened.get(), TUNSETIFF, &request) == 0) tunnel = std::move(opened);
  }).join();
  return tunnel;
}

// One direction: packets wait until they are due.
class Delay {
 public:
  Delay(int from, int to, std::chrono::milliseconds delay) : from_(from), to_(to), delay_(delay) {}

  void take() {
    for (;;) {
      const ssize_t size = ::read(from_, buffer_.data(), buffer_.size());
      if (size <= 0) return;
      if (waiting_.size() >= kDelayedMax) continue;
      waiting_.push_back({steady_clock::now() + delay_,
                          {buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(size)}});
    }
  }

  // A packet for an end that is cut is lost.
  void give() {
    while (!waiting_.empty() && waiting_.front().due <= steady_clock::now()) {
      const auto& bytes = waiting_.front().bytes;
      [[maybe_unused]] const ssize_t written = ::write(to_, bytes.data(), bytes.size());
      waiting_.pop_front();
    }
  }

  int wait_ms() const {
    if (waiting_.empty()) return -1;
    const auto left = waiting_.front().due - steady_clock::now();
    return std::max(0,
                    static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(left).count()));
  }

 private:
  struct Packet {
    steady_clock::time_point due;
    std::vector<char> bytes;
  };
  const int from_, to_;
  const std::chrono::milliseconds delay_;
  std::array<char, kPacketMax> buffer_;
  std::deque<Packet> waiting_;
};

int sooner(int left, int right) {
  if (left < 0 || right < 0) return std::max(left, right);
  return std::min(left, right);
}

void remove_leftovers() {
  if (!std::filesystem::exists(kFolder)) return;
  std::vector<std::string> stale;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    const std::string name = entry.path().filename();
    if (!name.starts_with(kPrefix)) continue;
    const int owner = std::atoi(name.c_str() + std::strlen(kPrefix));
    if (owner > 0 && !std::filesystem::exists("/proc/" + std::to_string(owner))) {
      stale.push_back(name);
    }
  }
  for (const std::string& name : stale) works("ip netns del " + name);
}

}  // namespace

std::optional<std::string> BadLine::missing() {
  if (::geteuid() != 0) return "network namespaces need root";
  for (const char* tool : {"ip -V", "tc -V", "nft -v", "nsenter -V"}) {
    if (!works(tool)) {
      return "the command '" + std::string(tool, std::strchr(tool, ' ')) + "' is missing";
    }
  }
  const std::string name = kPrefix + std::to_string(::getpid()) + "-try";
  if (!works("ip netns add " + name)) return "this machine permits no network namespaces";
  std::optional<std::string> lack;
  const Descriptor tunnel = open_tunnel(name);
  const std::string enter = inside(name);
  if (!tunnel) {
    lack = "this machine permits no TUN devices (/dev/net/tun)";
  } else if (!works(enter + "tc qdisc add dev " + kDevice +
                    " root tbf rate 1mbit burst 16kb latency 400ms")) {
    lack = "the kernel has no tbf queueing discipline";
  } else if (!works(enter + "nft 'add table inet try; add chain inet try in { type filter hook "
                            "input priority 0 ; }; add rule inet try in numgen random mod 100 "
                            "0 drop'")) {
    lack = "the kernel's nftables cannot drop packets at random (numgen)";
  }
  works("ip netns del " + name);
  return lack;
}

BadLine::BadLine(const Quality& quality) : stop_(::eventfd(0, EFD_CLOEXEC)) {
  remove_leftovers();
  try {
    for (const Side side : {Side::kNear, Side::kFar}) lay(side, quality);
  } catch (...) {
    for (const Side side : {Side::kNear, Side::kFar}) remove(side);
    throw;
  }
  forwarder_ = std::thread([this, delay = quality.delay_each_way] { forward(delay); });
}

BadLine::~BadLine() {
  const std::uint64_t one = 1;
  SIMPUL_CHECK(::write(stop_.get(), &one, sizeof one) == sizeof one);
  forwarder_.join();
  for (const Side side : {Side::kNear, Side::kFar}) remove(side);
}

std::vector<std::string> BadLine::launcher(Side side) const {
  return {"/usr/bin/nsenter", "--net=" + (kFolder + name(side)), "--"};
}

std::string BadLine::address(Side side) {
  return side == Side::kNear ? "10.77.0.1" : "10.77.0.2";
}

void BadLine::cut() {
  must_work(inside(name(Side::kNear)) + "ip link set " + kDevice + " down");
}

void BadLine::mend() {
  must_work(inside(name(Side::kNear)) + "ip link set " + kDevice + " up");
}

std::string BadLine::name(Side side) const {
  return kPrefix + std::to_string(::getpid()) + (side == Side::kNear ? "-near" : "-far");
}

void BadLine::lay(Side side, const Quality& quality) {
  const std::string here = name(side);
  must_work("ip netns add " + here);
  Descriptor tunnel = open_tunnel(here);
  if (!tunnel) throw std::runtime_error("no bad line: no tunnel in " + here);
  (side == Side::kNear ? near_ : far_) = std::move(tunnel);
  const std::string enter = inside(here);
  must_work(enter + "ip link set lo up");
  must_work(enter + "ip address add " + address(side) + "/24 dev " + kDevice);
  must_work(enter + "ip link set " + kDevice + " up");
  must_work(enter + "tc qdisc add dev " + kDevice + " root tbf rate " +
            std::to_string(quality.kilobits_per_second) + "kbit burst 16kb latency 400ms");
  must_work(enter +
            "nft 'add table inet bad; add chain inet bad in { type filter hook input priority 0 "
            "; }; add rule inet bad in iifname " +
            kDevice + " numgen random mod 100 < " + std::to_string(quality.loss_percent) +
            " drop'");
}

void BadLine::remove(Side side) {
  works("ip netns del " + name(side));
}

void BadLine::forward(std::chrono::milliseconds delay) const {
  Delay there(near_.get(), far_.get(), delay), back(far_.get(), near_.get(), delay);
  for (;;) {
    pollfd watched[] = {
        {near_.get(), POLLIN, 0}, {far_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}};
    ::poll(watched, 3, sooner(there.wait_ms(), back.wait_ms()));
    if (watched[2].revents != 0) return;
    there.take();
    back.take();
    there.give();
    back.give();
  }
}

}  // namespace simpul
