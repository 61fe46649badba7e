// What a hub's data takes on disk, and how soon it is ready on a lot of it.
#include <filesystem>

#include "tests/bench/quiet_hub.h"
#include "tests/bench/real_node.h"
#include "tests/bench/sections.h"
#include "tests/bench/stopwatch.h"

namespace simpul::bench {
namespace {

constexpr std::size_t kChunk = 20'000;
constexpr double kDiskAim = 800;  // bytes per event of 400
constexpr double kStartAimMs = 200;

std::size_t fill(QuietHub& hub, Workload& workload, const std::string& member, std::size_t count,
                 std::size_t batch) {
  std::size_t done = 0;
  for (; done < count; done += kChunk)
    hub.feed(member, workload.batches(std::min(kChunk, count), batch));
  return done;
}

void measure_batches_on_disk(Run& run, std::size_t batch, std::size_t count) {
  const std::string directory = run.directory + "/disk-" + std::to_string(batch);
  const World world = small_world("");
  {
    QuietHub hub(world, directory);
    Workload workload(world.identity("51.03"), {.partner = must(MemberId::parse("34.02"))});
    fill(hub, workload, "51.03", count, batch);
    const auto used = static_cast<double>(hub.store().environment().stats().used_bytes);
    run.report.add("batches of " + std::to_string(batch) + ", events of " +
                       std::to_string(static_cast<int>(workload.mean_event_bytes())) + " bytes",
                   used / static_cast<double>(workload.size()), "bytes", "aim", kDiskAim);
  }
  std::filesystem::remove_all(directory);
}

}  // namespace

void measure_disk(Run& run) {
  run.report.begin("disk", "bytes in a hub's store per event: journal, tree, mailboxes, index");
  measure_batches_on_disk(run, 1'000, run.quick ? 200'000 : 1'000'000);
  measure_batches_on_disk(run, 100, run.quick ? 60'000 : 200'000);
  measure_batches_on_disk(run, 1, run.quick ? 20'000 : 60'000);
}

void measure_startup(Run& run) {
  run.report.begin("startup", "from starting `simpul run`, a hub, until it is ready");
  const World world = small_world(free_endpoint());
  const Home home(run.directory + "/startup");
  make_home(world, "pusat", home, KeystoreCost::least());
  const std::size_t count = run.quick ? 100'000 : 1'000'000;
  {
    QuietHub hub(world, home.data());
    Workload workload(world.identity("51.03"), {.partner = must(MemberId::parse("34.02"))});
    fill(hub, workload, "51.03", count, 1'000);
  }
  std::vector<double> times;
  for (int i = 0; i < 5; ++i) times.push_back(RealNode(home).ready_after_ms());
  run.report.add("with " + std::to_string(count / 1000) + " k events", percentile(times, 0.5), "ms",
                 "aim", kStartAimMs);
  // Keys are made slow to open on purpose, whatever the data.
  make_home(world, "pusat", home, KeystoreCost{});
  run.report.add("the same, its keys guarded as `simpul init` does it",
                 RealNode(home).ready_after_ms(), "ms");
  std::filesystem::remove_all(home.path());
}

}  // namespace simpul::bench
