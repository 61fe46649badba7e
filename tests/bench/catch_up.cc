// What it costs a node to learn of what happened while it was off, with little and with much in
// existence before: it must depend on what was missed alone.
#include <filesystem>

#include "protocol/frame.h"
#include "tests/bench/quiet_hub.h"
#include "tests/bench/sections.h"
#include "tests/bench/stopwatch.h"

namespace simpul::bench {
namespace {

constexpr std::size_t kMissed = 10'000;
constexpr std::size_t kChunk = 20'000;

// Nobody has the ciphertext that these events speak of: asking for it would go on for minutes.
bool asks_for_ciphertext(BytesView frame) {
  const auto decoded = decode_frame(frame);
  return decoded && std::holds_alternative<EnclosureRequest>(*decoded);
}

struct Cost {
  double bytes = 0, records = 0;
};

// Two engines and the wire between them.
class Wire {
 public:
  Wire(QuietHub& hub, const World& world, const std::string& directory)
      : hub_(hub),
        world_(world),
        store_(world.open_store(directory, false)),
        random_(21),
        engine_(must(Engine::open(store_, world.identity("34.02"), random_, {}, hub.now()))) {}

  // Connects, until nothing moves any more, and disconnects.
  Cost meet() {
    const LinkId link = next_link_++;
    const auto key = [&](const char* id) {
      return world_.identity(id).keys.transport.transport_key();
    };
    Cost cost;
    const std::uint64_t before = events();
    engine_->dialled(world_.identity("pusat").member, link);
    std::vector<Input> to_hub, to_member;
    to_hub.emplace_back(LinkUp{link, key("34.02"), false});
    to_member.emplace_back(LinkUp{link, key("pusat"), true});
    for (int quiet = 0; quiet < 500;) {
      hub_.pass_time(Duration{1});
      std::vector<Input> next_hub = pass(*engine_, to_member, cost);
      std::vector<Input> next_member = pass(hub_.engine(), to_hub, cost);
      to_hub = std::move(next_hub);
      to_member = std::move(next_member);
      quiet = to_hub.empty() && to_member.empty() ? quiet + 1 : 0;
    }
    to_hub.emplace_back(LinkDown{link, "done"});
    to_member.emplace_back(LinkDown{link, "done"});
    Cost ignored;
    pass(*engine_, to_member, ignored);
    pass(hub_.engine(), to_hub, ignored);
    cost.records = static_cast<double>(events() - before);
    return cost;
  }

 private:
  // Events of others held here.
  std::uint64_t events() {
    ReadTransaction transaction(store_.environment());
    Tables tables(transaction);
    std::uint64_t count = 0;
    tables.journals.visit({world_.identity("51.03").member, 1}, 0, [&](std::uint64_t, BytesView) {
      ++count;
      return true;
    });
    return count;
  }

  std::vector<Input> pass(Engine& engine, std::vector<Input>& inputs, Cost& cost) {
    std::vector<Input> sent;
    for (Output& output : engine.step(inputs, hub_.now())) {
      auto* send = std::get_if<SendOut>(&output);
      if (send == nullptr || asks_for_ciphertext(send->frame)) continue;
      cost.bytes += static_cast<double>(send->frame.size());
      sent.emplace_back(FrameIn{send->link, std::move(send->frame)});
    }
    return sent;
  }

  QuietHub& hub_;
  const World& world_;
  Store store_;
  SeededRandom random_;
  std::unique_ptr<Engine> engine_;
  LinkId next_link_ = 1'000'000;
};

struct Costs {
  Cost mailbox, journal;
};

Costs cost_with(Run& run, std::size_t existing) {
  const std::string directory = run.directory + "/catch-up";
  // The hub listens in name only, so that its members may dial it.
  const World world = small_world("tcp://127.0.0.1:1");
  Costs costs;
  {
    QuietHub hub(world, directory + "/hub");
    Workload workload(world.identity("51.03"), {.partner = must(MemberId::parse("34.02"))});
    for (std::size_t done = 0; done < existing; done += kChunk)
      hub.feed("51.03", workload.batches(std::min(kChunk, existing), 100));
    Wire wire(hub, world, directory + "/member");
    wire.meet();
    workload.restart(kMissed / 10, 1);
    const auto traffic = hub.feed("51.03", workload.batches(kMissed, 100));
    costs.journal = {static_cast<double>(traffic.bytes), kMissed};
    costs.mailbox = wire.meet();
  }
  std::filesystem::remove_all(directory);
  return costs;
}

}  // namespace

void measure_catch_up(Run& run) {
  run.report.begin("catch-up", "a node was off for 10,000 events, with few and many before them");
  const std::size_t few = 10'000, many = run.quick ? 50'000 : 1'000'000;
  const Costs small = cost_with(run, few), large = cost_with(run, many);
  const std::string beside = "with 10 k";
  const std::string with = ", " + std::to_string(many / 1000) + " k existing";
  run.report.add("member, its mailbox" + with, large.mailbox.bytes, "bytes", beside,
                 small.mailbox.bytes);
  run.report.add("member, events received", large.mailbox.records, "events", beside,
                 small.mailbox.records);
  run.report.add("hub, a journal" + with, large.journal.bytes, "bytes", beside,
                 small.journal.bytes);
}

}  // namespace simpul::bench
