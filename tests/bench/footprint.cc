// Memory of the program itself, idle on the data of a regency.
#include <filesystem>
#include <thread>

#include "node/engine.h"
#include "tests/bench/real_node.h"
#include "tests/bench/sections.h"
#include "tests/bench/stopwatch.h"

namespace simpul::bench {
namespace {

constexpr std::size_t kCases = 10'000;
constexpr double kAim = 30;                   // MiB
constexpr std::chrono::seconds kSettling{3};  // until a node that has started is idle

void open_cases(const World& world, const std::string& directory) {
  Store store = world.open_store(directory, false);
  SeededRandom random(5);
  const auto engine = must(Engine::open(store, world.identity("51.03"), random, {}, kWorldStart));
  Instant now = kWorldStart;
  std::uint64_t command = 0;
  const auto step = [&](std::vector<Input> inputs) {
    for (const Output& output : engine->step(inputs, now += std::chrono::seconds{1})) {
      const auto* reply = std::get_if<ReplyOut>(&output);
      if (reply != nullptr && !reply->result) must(Result<Json>(reply->result));
    }
  };
  step({});
  std::vector<Input> inputs;
  inputs.emplace_back(CommandInput{++command, "recover.override", Json::object()});
  step(std::move(inputs));
  for (std::size_t done = 0; done < kCases; done += 100) {
    inputs.clear();
    for (int i = 0; i < 100; ++i) {
      inputs.emplace_back(CommandInput{
          ++command, "case.open", {{"category", "roads.surface"}, {"text", "A road is broken."}}});
    }
    step(std::move(inputs));
  }
}

}  // namespace

void measure_footprint(Run& run) {
  run.report.begin("footprint", "memory of `simpul run`, idle, a regency with 10,000 cases");
  const World world = small_world(free_endpoint());  // a hub that is dialled in vain
  const Home home(run.directory + "/footprint");
  make_home(world, "51.03", home, KeystoreCost{});
  open_cases(world, home.data());
  {
    const RealNode node(home);
    std::this_thread::sleep_for(kSettling);
    const Memory memory = node.memory();
    run.report.add("its own and the program's text", memory.anonymous + memory.program, "MiB",
                   "aim", kAim);
    run.report.add("its own alone (anonymous)", memory.anonymous, "MiB");
    run.report.add("program and libraries", memory.program, "MiB");
    run.report.add("pages of the database, reclaimable", memory.database, "MiB");
  }
  std::filesystem::remove_all(home.path());
}

}  // namespace simpul::bench
