#include "tests/bench/generator.h"

#include "tests/bench/live_node.h"
#include "tests/bench/stopwatch.h"

namespace simpul::bench {

Generator::Generator(const World& world, const std::string& member, const std::string& hub,
                     const std::string& endpoint)
    : feeder_(world, member, hub, system_now()) {
  ZmqTransportOptions options;
  transport_ = must(ZmqTransport::start(options, world.identity(member).keys.transport,
                                        world.admission(), [this](TransportEvent&& event) {
                                          if (const auto* down = std::get_if<LinkDown>(&event)) {
                                            std::fprintf(stderr, "the link went down: %s\n",
                                                         down->reason.c_str());
                                            if (link_ != 0) std::exit(1);
                                          }
                                          if (auto* frame = std::get_if<FrameIn>(&event)) {
                                            const std::lock_guard lock(mutex_);
                                            inbox_.push_back(std::move(frame->bytes));
                                            changed_.notify_all();
                                          }
                                          return true;
                                        }));
  link_ = transport_->dial(endpoint, world.identity(hub).keys.transport.transport_key());
  post(feeder_.greet(system_now()));
  while (!feeder_.subscribed()) wait_and_receive();
}

Generator::~Generator() {
  link_ = 0;
  transport_->stop(100);
}

void Generator::post(std::vector<Bytes> frames) {
  for (Bytes& frame : frames) transport_->send(link_, std::move(frame));
}

void Generator::wait_and_receive() {
  std::deque<Bytes> frames;
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !inbox_.empty(); });
    frames.swap(inbox_);
  }
  for (const Bytes& frame : frames) post(feeder_.receive(frame, system_now()));
}

double Generator::send(std::vector<JournalRecords> records) {
  const std::uint64_t goal = records.back().first + records.back().events.size();
  const Stopwatch watch;
  post(feeder_.offer(std::move(records), system_now()));
  while (feeder_.acknowledged() < goal) wait_and_receive();
  return watch.seconds();
}

}  // namespace simpul::bench
