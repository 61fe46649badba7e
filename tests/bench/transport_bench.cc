// Frames per second over one loopback link, CURVE included, as the engine would see them.
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>

#include "crypto/random.h"
#include "node/zmq_transport.h"

namespace simpul {
namespace {

constexpr std::size_t kInFlightMax = 16u << 20;  // bytes; what credit would bound

struct Counter {
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t frames = 0;

  void wait_for(std::size_t count) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return frames >= count; });
  }
};

std::unique_ptr<ZmqTransport> start(const TransportSecret& secret, const TransportKey& peer,
                                    TransportSink sink) {
  auto table = std::make_shared<AdmissionTable>();
  table->members = {peer};
  auto started = ZmqTransport::start({.listen = "tcp://127.0.0.1:0"}, secret, table, sink);
  SIMPUL_CHECK(started.has_value());
  return std::move(*started);
}

void measure(std::size_t size, std::size_t count) {
  SeededRandom random(1);
  const auto from_secret = TransportSecret::generate(random);
  const auto to_secret = TransportSecret::generate(random);
  Counter arrived;
  const auto to = start(to_secret, from_secret.transport_key(), [&](TransportEvent&& event) {
    if (!std::holds_alternative<FrameIn>(event)) return true;
    const std::lock_guard lock(arrived.mutex);
    ++arrived.frames;
    arrived.changed.notify_one();
    return true;
  });
  const auto from =
      start(from_secret, to_secret.transport_key(), [](TransportEvent&&) { return true; });
  const LinkId link = from->dial(to->endpoint(), to_secret.transport_key());
  from->send(link, Bytes(size, 1));
  arrived.wait_for(1);

  const auto began = std::chrono::steady_clock::now();
  const std::size_t window = std::max<std::size_t>(1, kInFlightMax / size);
  for (std::size_t sent = 1; sent <= count; ++sent) {
    if (sent > window) arrived.wait_for(sent - window);
    from->send(link, Bytes(size, 1));
  }
  arrived.wait_for(count + 1);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  const double rate = static_cast<double>(count) / took.count();
  std::printf("%8zu bytes: %10.0f frames/s %8.1f MB/s\n", size, rate,
              rate * static_cast<double>(size) / 1e6);
}

}  // namespace
}  // namespace simpul

int main() {
  simpul::measure(400, 200'000);
  simpul::measure(400'000, 1'000);
  return 0;
}
