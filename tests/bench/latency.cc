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

constexpr double kPageBytes = 4096;

// Knows how many events the node has committed to its own journal, a receipt is one, and what the
// newest cost it.
class OwnJournal {
 public:
  OwnJournal(LiveNode& node, const MemberId& member) : node_(node), journal_{member, 1} {
    node.on_step([this] { look(); });
  }
  std::uint64_t held() {
    const std::lock_guard lock(mutex_);
    return held_;
  }
  // What the commit that made it grow last wrote: in how many places, and pages. The last call of a
  // commit is that of the page that makes it count.
  StepWrites newest() {
    const std::lock_guard lock(mutex_);
    return newest_;
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
    if (!head || head->held == held_) return;
    held_ = head->held;
    newest_ = node_.last_writes();
    changed_.notify_all();
  }
  LiveNode& node_;
  JournalId journal_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t held_ = 0;
  StepWrites newest_;
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

// Of many offers, each apart.
struct Offers {
  std::vector<double> ms;
  std::vector<double> pages_sent, places_sent;          // the commit of the offer
  std::vector<double> pages_received, places_received;  // the commit of its receipt

  void add_writes(const StepWrites& sent, const StepWrites& received) {
    pages_sent.push_back(static_cast<double>(sent.bytes) / kPageBytes);
    places_sent.push_back(static_cast<double>(sent.calls));
    pages_received.push_back(static_cast<double>(received.bytes) / kPageBytes);
    places_received.push_back(static_cast<double>(received.calls));
  }
};

Offers make_offers(LiveNode& from, const std::vector<LiveNode*>& others, OwnJournal& offers,
                   OwnJournal& receipts, std::size_t count) {
  std::vector<LiveNode*> all = others;
  all.push_back(&from);
  Offers made;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string id = open_case(from, "A road is broken.");
    wait_until_quiet(all);
    const std::uint64_t before = receipts.held();
    const Stopwatch watch;
    must(from.call("case.forward",
                   {{"case", id}, {"to", "34.02"}, {"reason", "competence"}, {"text", "Yours."}}));
    if (!receipts.wait_beyond(before)) {
      std::fprintf(stderr, "an offer was not delivered\n");
      std::exit(1);
    }
    made.ms.push_back(watch.seconds() * 1000);
    made.add_writes(offers.newest(), receipts.newest());
  }
  return made;
}

Offers measure_route(Run& run, bool direct, std::size_t count) {
  const std::string directory = run.directory + (direct ? "/latency-direct" : "/latency-hub");
  const std::string hub_endpoint = free_endpoint();
  const std::string peer_endpoint = direct ? free_endpoint() : "";
  const World world({{"pusat", MemberKind::kHub, hub_endpoint},
                     {"51.03", MemberKind::kRegency, ""},
                     {"34.02", MemberKind::kRegency, peer_endpoint}});
  Offers made;
  {
    auto hub = std::make_unique<LiveNode>(
        world, "pusat", LiveNode::Options{.directory = directory + "/hub", .listen = hub_endpoint});
    LiveNode from(world, "51.03", LiveNode::Options{.directory = directory + "/from"});
    LiveNode to(world, "34.02",
                LiveNode::Options{.directory = directory + "/to", .listen = peer_endpoint});
    OwnJournal offers(from, world.identity("51.03").member);
    OwnJournal receipts(to, world.identity("34.02").member);
    make_offers(from, {&to, hub.get()}, offers, receipts, 10);  // links come up
    if (direct) hub.reset();                                    // work goes on without it
    std::vector<LiveNode*> others{&to};
    if (hub) others.push_back(hub.get());
    made = make_offers(from, others, offers, receipts, count);
    to.on_step([] {});
    from.on_step([] {});
  }
  std::filesystem::remove_all(directory);
  return made;
}

void report_writes(Run& run, const Offers& made) {
  const auto middle = [](const std::vector<double>& values) { return percentile(values, 0.5); };
  run.report.add("the offer's commit writes", middle(made.pages_sent), "pages");
  run.report.add("... in so many calls", middle(made.places_sent), "");
  run.report.add("the receipt's commit writes", middle(made.pages_received), "pages");
  run.report.add("... in so many calls", middle(made.places_received), "");
}

}  // namespace

void measure_latency(Run& run) {
  run.report.begin("latency", "an offer, from the command to the receiver's durable receipt");
  const std::size_t count = run.quick ? 150 : 1'000;
  const double sync = run.limits.sync_ms(), trip = run.limits.curve_round_trip();
  for (const bool direct : {true, false}) {
    const Offers made = measure_route(run, direct, count);
    const std::string route = direct ? "over a direct link" : "through the hub";
    const std::string limit = direct ? "two syncs and a round trip" : "three syncs, two trips";
    const double least = direct ? 2 * sync + trip : 3 * sync + 2 * trip;
    run.report.add(route + ", p50", percentile(made.ms, 0.5), "ms", limit, least);
    run.report.add(route + ", p99", percentile(made.ms, 0.99), "ms", limit, least);
    if (direct) report_writes(run, made);
  }
}

}  // namespace simpul::bench
