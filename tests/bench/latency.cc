// How long an offer takes from the officer's command to the receiver's signed and durable receipt
// of it, each step synced, over real links.
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>
#include <utility>

#include "tests/bench/live_node.h"
#include "tests/bench/sections.h"
#include "tests/bench/stopwatch.h"

namespace simpul::bench {
namespace {

constexpr auto kPatience = std::chrono::seconds{20};

// Knows how many events the node has committed to its own journal: a receipt is one.
class OwnJournal {
 public:
  OwnJournal(LiveNode& node, const MemberId& member) : node_(node), journal_{member, 1} {
    node.on_step([this] { look(); });
  }
  std::uint64_t held() {
    const std::lock_guard lock(mutex_);
    return held_;
  }
  bool wait_beyond(std::uint64_t held) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return held_ > held; });
  }

 private:
  void look() {
    ReadTransaction transaction(node_.store().environment());
    const auto head = Tables(transaction).journals.head(journal_);
    const std::lock_guard lock(mutex_);
    held_ = head ? head->held : 0;
    changed_.notify_all();
  }
  LiveNode& node_;
  JournalId journal_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t held_ = 0;
};

std::string open_case(LiveNode& node, const std::string& text) {
  const Json arguments{{"category", "roads.surface"}, {"text", text}};
  for (int attempt = 0;; ++attempt) {  // until a hub has confirmed the journal
    const auto opened = node.call("case.open", arguments);
    if (opened) return (*opened)["case"];
    if (attempt == 200) must(Result<void>(std::unexpected(opened.error())));
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
}

// Returns when the nodes have had nothing to do for a while: receipts of what came before are in.
void wait_until_quiet(const std::vector<LiveNode*>& nodes) {
  const auto steps = [&] {
    std::uint64_t sum = 0;
    for (const LiveNode* node : nodes) sum += node->steps();
    return sum;
  };
  std::uint64_t before = 0;
  for (int i = 0; i < 20; ++i) {
    const std::uint64_t now = steps();
    if (now == before) return;
    before = now;
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
}

std::vector<double> offer_ms(LiveNode& from, const std::vector<LiveNode*>& others,
                             OwnJournal& receipts, std::size_t count) {
  std::vector<LiveNode*> all = others;
  all.push_back(&from);
  std::vector<double> times;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string id = open_case(from, "A road is broken.");
    wait_until_quiet(all);
    const std::uint64_t before = receipts.held();
    const Stopwatch watch;
    must(from.call("case.forward",
                   {{"case", id}, {"to", "34.02"}, {"reason", "authority"}, {"text", "Yours."}}));
    if (!receipts.wait_beyond(before)) {
      std::fprintf(stderr, "an offer was not delivered\n");
      std::exit(1);
    }
    times.push_back(watch.seconds() * 1000);
  }
  return times;
}

std::vector<double> measure_route(Run& run, bool direct, std::size_t count) {
  const std::string directory = run.directory + (direct ? "/latency-direct" : "/latency-hub");
  const std::string hub_endpoint = free_endpoint();
  const std::string peer_endpoint = direct ? free_endpoint() : "";
  const World world({{"pusat", MemberKind::kHub, hub_endpoint},
                     {"51.03", MemberKind::kRegency, ""},
                     {"34.02", MemberKind::kRegency, peer_endpoint}});
  std::vector<double> times;
  {
    auto hub = std::make_unique<LiveNode>(
        world, "pusat", LiveNode::Options{.directory = directory + "/hub", .listen = hub_endpoint});
    LiveNode from(world, "51.03", LiveNode::Options{.directory = directory + "/from"});
    LiveNode to(world, "34.02",
                LiveNode::Options{.directory = directory + "/to", .listen = peer_endpoint});
    OwnJournal receipts(to, world.identity("34.02").member);
    offer_ms(from, {&to, hub.get()}, receipts, 10);  // links come up
    if (direct) hub.reset();                         // work goes on without it
    std::vector<LiveNode*> others{&to};
    if (hub) others.push_back(hub.get());
    times = offer_ms(from, others, receipts, count);
    to.on_step([] {});
  }
  std::filesystem::remove_all(directory);
  return times;
}

}  // namespace

void measure_latency(Run& run) {
  run.report.begin("latency", "an offer, from the command to the receiver's durable receipt");
  const std::size_t count = run.quick ? 150 : 1'000;
  const double sync = run.limits.sync_ms(), trip = run.limits.curve_round_trip();
  for (const bool direct : {true, false}) {
    const auto times = measure_route(run, direct, count);
    const std::string route = direct ? "over a direct link" : "through the hub";
    const std::string limit = direct ? "two syncs and a round trip" : "three syncs, two trips";
    const double least = direct ? 2 * sync + trip : 3 * sync + 2 * trip;
    run.report.add(route + ", p50", percentile(times, 0.5), "ms", limit, least);
    run.report.add(route + ", p99", percentile(times, 0.99), "ms", limit, least);
  }
}

}  // namespace simpul::bench
