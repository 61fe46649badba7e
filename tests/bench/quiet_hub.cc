#include "tests/bench/quiet_hub.h"

#include "tests/bench/stopwatch.h"

namespace simpul::bench {

QuietHub::QuietHub(const World& world, const std::string& directory)
    : world_(world),
      store_(world.open_store(directory, false)),
      random_(11),
      engine_(must(Engine::open(store_, world.identity("pusat"), random_, {}, now_))) {}

QuietHub::Traffic QuietHub::feed(const std::string& member, std::vector<JournalRecords> records) {
  const std::uint64_t goal = records.back().first + records.back().events.size();
  Feeder feeder(world_, member, "pusat", now_);
  const LinkId link = next_link_++;
  std::vector<Input> inputs;
  inputs.emplace_back(LinkUp{link, world_.identity(member).keys.transport.transport_key(), false});
  const auto take = [&](std::vector<Bytes> frames) {
    for (Bytes& frame : frames) inputs.emplace_back(FrameIn{link, std::move(frame)});
  };
  take(feeder.greet(now_));
  take(feeder.offer(std::move(records), now_));
  while (feeder.acknowledged() < goal) {
    now_ += Duration{1};
    Outputs outputs = engine_->step(inputs, now_);
    inputs.clear();
    for (const Output& output : outputs) {
      const auto* send = std::get_if<SendOut>(&output);
      if (send != nullptr && send->link == link) take(feeder.receive(send->frame, now_));
    }
  }
  // What is left is folded, and the member is gone.
  inputs.assign(1, LinkDown{link, "done"});
  for (int i = 0; i < 3; ++i) {
    now_ += std::chrono::seconds{1};
    engine_->step(inputs, now_);
    inputs.clear();
  }
  const LinkCounters& counters = feeder.counters();
  return {counters.frames_in + counters.frames_out, counters.bytes_in + counters.bytes_out};
}

}  // namespace simpul::bench
