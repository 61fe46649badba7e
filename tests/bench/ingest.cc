// Hub ingest: events per second that a real engine verifies, makes durable and acknowledges over
// a real link, and with cases folded and indexed.
#include <filesystem>
#include <thread>

#include "tests/bench/generator.h"
#include "tests/bench/live_node.h"
#include "tests/bench/sections.h"
#include "tests/bench/stopwatch.h"

namespace simpul::bench {
namespace {

constexpr std::size_t kPreload = 20'000;     // every case opened, and its second event
constexpr std::size_t kMadeAtOnce = 50'000;  // events made beforehand at a time

struct Hub {
  Hub(const World& world, const std::string& directory, const std::string& endpoint)
      : node(world, "pusat", options(directory, endpoint)),
        generator(world, "51.03", "pusat", endpoint),
        workload(world.identity("51.03"), {.partner = must(MemberId::parse("34.02"))}) {}

  static LiveNode::Options options(const std::string& directory, const std::string& endpoint) {
    LiveNode::Options options{.directory = directory, .listen = endpoint};
    options.engine.index_lag_max = 20'000;
    return options;
  }

  // Events per second until acknowledged; folding waits.
  double journalled(std::size_t count, std::size_t batch) {
    auto records = workload.batches(count, batch);
    node.hold_clock(true);
    const double seconds = generator.send(std::move(records));
    node.hold_clock(false);
    wait_until_indexed();
    return static_cast<double>(count) / seconds;
  }

  // Events per second until acknowledged, folded and indexed.
  double sustained(std::size_t count, std::size_t batch) {
    auto records = workload.batches(count, batch);
    const Stopwatch watch;
    generator.send(std::move(records));
    wait_until_indexed();
    return static_cast<double>(count) / watch.seconds();
  }

  void wait_until_indexed() {
    while (!node.fully_indexed()) std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }

  LiveNode node;
  Generator generator;
  Workload workload;
};

// At most what the index may lag behind, so that nothing is folded meanwhile.
std::size_t journalled_count(std::size_t batch) {
  return batch >= 100 ? 19'000 : 2'000;
}

void measure_batch(Run& run, std::size_t batch) {
  const std::string endpoint = free_endpoint();
  const World world = small_world(endpoint);
  const std::string directory = run.directory + "/ingest-" + std::to_string(batch);
  {
    Hub hub(world, directory, endpoint);
    hub.sustained(kPreload, 1'000);
    std::vector<double> journalled, sustained;
    for (int i = 0; i < 3; ++i)
      journalled.push_back(hub.journalled(journalled_count(batch), batch));
    const std::size_t count = batch >= 100 ? 2 * kPreload : 5'000;
    for (int i = 0; i < 3; ++i) sustained.push_back(hub.sustained(count, batch));
    const std::string name = "batches of " + std::to_string(batch) + ": ";
    run.report.add(name + "journalled", percentile(journalled, 0.5), "events/s", "composed limit",
                   run.limits.composed(batch));
    run.report.add(name + "folded and indexed", percentile(sustained, 0.5), "events/s",
                   "journalled", percentile(journalled, 0.5));
  }
  std::filesystem::remove_all(directory);
}

}  // namespace

void measure_growth(Run& run) {
  run.report.begin("growth", "the same with little and with much stored");
  const std::size_t stored_max = run.quick ? 300'000 : 2'000'000;
  const std::string endpoint = free_endpoint();
  const World world = small_world(endpoint);
  const std::string directory = run.directory + "/ingest-growth";
  {
    Hub hub(world, directory, endpoint);
    hub.sustained(kPreload, 1'000);
    const double early = hub.journalled(19'000, 1'000);
    std::vector<double> first, last;
    while (hub.workload.size() < stored_max) {
      last.push_back(hub.sustained(kMadeAtOnce, 1'000));
      if (first.size() < 2) first.push_back(last.back());
      if (last.size() > 2) last.erase(last.begin());
    }
    const double late = hub.journalled(19'000, 1'000);
    const std::string at = " with " + std::to_string(stored_max / 1000) + " k stored";
    run.report.add("journalled" + at, late, "events/s", "with 20 k", early);
    run.report.add("folded and indexed" + at, percentile(last, 0.5), "events/s", "with 40 k",
                   percentile(first, 0.5));
  }
  std::filesystem::remove_all(directory);
}

void measure_ingest(Run& run) {
  run.report.begin("ingest", "a hub that verifies, stores and acknowledges one member's journal");
  for (const std::size_t batch : {1, 100, 1'000}) measure_batch(run, batch);
}

}  // namespace simpul::bench
