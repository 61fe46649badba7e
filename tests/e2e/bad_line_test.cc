// A hub and a member with a bad line between them: an attachment and many cases cross it while
// nodes are killed and the line is cut. The attachment is for a second member, beside the hub.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>
#include <thread>

#include "crypto/encoding.h"
#include "node/engine/arguments.h"
#include "tests/support/audit.h"
#include "tests/support/bad_line.h"
#include "tests/support/chosen_number.h"

namespace simpul {
namespace {

using namespace std::chrono_literals;
using Side = BadLine::Side;

const std::string kHub = "hub", kNear = "51.03", kFar = "51";

struct Scale {
  BadLine::Quality line;
  std::size_t attachment_bytes;
  std::size_t cases;
  std::vector<std::string> killed;  // one after the other
  std::vector<milliseconds> cuts;   // how long
  seconds limit;                    // for everything to arrive
};

Bytes noise(std::size_t size) {
  std::mt19937_64 random(7);
  Bytes bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

// Opens cases at the near node until there are enough, every twentieth for the far member. What
// was not answered, because the node died, is asked for again with the same key.
class Clerk {
 public:
  Clerk(FederationFixture& federation, std::size_t cases) : federation_(federation) {
    thread_ = std::jthread([this, cases](const std::stop_token& stop) {
      for (std::size_t i = 0; i < cases && !stop.stop_requested(); ++i) open(i, stop);
    });
  }

  // REQUIRES the near node to run.
  void finish() { thread_.join(); }
  std::size_t forwarded() const { return forwarded_; }
  const std::vector<Traffic::Recorded>& recorded() const { return recorded_; }

 private:
  void open(std::size_t number, const std::stop_token& stop) {
    const std::string happened = to_text(Instant{1'700'000'000'000ms + number * 1ms});
    Json arguments = {{"category", "roads.potholes"},
                      {"text", "Jalan berlubang nomor " + std::to_string(number)},
                      {"happened", happened}};
    const auto answer = give("case.open", arguments, number, stop);
    if (!answer) return;
    const std::string about = (*answer)["case"];
    recorded_.push_back({kNear, "case.open", about, happened, answer->value("event", "")});
    if (number % 20 != 0) return;
    if (give("case.forward", {{"case", about}, {"to", kFar}}, number, stop)) ++forwarded_;
  }

  std::optional<Json> give(const std::string& name, Json arguments, std::size_t number,
                           const std::stop_token& stop) {
    arguments["key"] = name + std::to_string(number);
    while (!stop.stop_requested()) {
      if (auto answer = federation_.try_call(kNear, name, arguments)) return *answer;
      std::this_thread::sleep_for(50ms);
    }
    return std::nullopt;
  }

  FederationFixture& federation_;
  std::vector<Traffic::Recorded> recorded_;
  std::size_t forwarded_ = 0;
  std::jthread thread_;
};

class BadLineRun {
 public:
  explicit BadLineRun(const Scale& scale)
      : scale_(scale),
        line_(scale.line),
        federation_(SIMPUL_BINARY, kHub, at(Side::kFar)),
        attachment_(noise(scale.attachment_bytes)) {
    federation_.add({.id = kFar, .kind = "province", .place = at(Side::kFar)});
    federation_.add({.id = kNear, .place = at(Side::kNear)});
  }

  void run() {
    const auto began = std::chrono::steady_clock::now();
    send_attachment();
    Clerk clerk(federation_, scale_.cases);
    suffer();
    clerk.finish();
    wait_for_attachment();
    report("FIGURE: the attachment is whole", began);
    accept_all(clerk.forwarded());
    check(clerk);
    report("FIGURE: everything is whole and agrees", began);
  }

 private:
  Place at(Side side) const { return {BadLine::address(side), line_.launcher(side)}; }

  void send_attachment() {
    about_ = patient_call(
        kNear, "case.open",
        {{"category", "roads.potholes"},
         {"text", "Foto terlampir"},
         {"attachments", {{{"name", "jalan.jpg"}, {"data", to_base64(attachment_)}}}}})["case"];
    federation_.call(kNear, "case.forward", {{"case", about_}, {"to", kFar}});
    std::cout << "FIGURE: taking the attachment in, its node used up to " << peak_kb(kNear) / 1024
              << " MiB" << std::endl;
  }

  // For what moves the whole attachment on a machine that may be busy.
  Json patient_call(const std::string& id, const std::string& name, const Json& arguments) {
    const auto answer = call_node(federation_.home(id), name, arguments, 5min);
    if (!answer) throw std::runtime_error(id + ": " + name + ": " + answer.error().message);
    return *answer;
  }

  std::size_t peak_kb(const std::string& id) {
    std::ifstream status("/proc/" + std::to_string(federation_.pid(id)) + "/status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("VmHWM:")) return std::strtoull(line.c_str() + 6, nullptr, 10);
    }
    return 0;
  }

  // Kills and cuts in turn, spread over the attachment's way.
  void suffer() {
    const std::size_t accidents = scale_.killed.size() + scale_.cuts.size();
    std::size_t kills = 0, cuts = 0;
    for (std::size_t i = 0; i < accidents; ++i) {
      wait_until_crossed(scale_.attachment_bytes * (i + 1) / (accidents + 1));
      const bool kill = cuts == scale_.cuts.size() || (kills < scale_.killed.size() && i % 2 == 0);
      kill ? kill_and_start(scale_.killed[kills++]) : cut_for(scale_.cuts[cuts++]);
    }
  }

  void kill_and_start(const std::string& id) {
    crossed();
    if (id == kHub) crossed_before_ = std::exchange(crossed_, 0) + crossed_before_;
    federation_.kill9(id);
    federation_.start(id);
    std::cout << id << " was killed after " << (crossed_before_ + crossed_) / 1000 << " kB"
              << std::endl;
  }

  void cut_for(milliseconds time) {
    line_.cut();
    std::this_thread::sleep_for(time);
    line_.mend();
    std::cout << "the line was cut for " << time.count() << " ms after " << crossed() / 1000
              << " kB" << std::endl;
  }

  // Bytes that the hub got since the beginning.
  std::size_t crossed() {
    const auto report = federation_.try_call(kHub, "node.transport");
    if (report) crossed_ = (*report)["bytes_in"];
    return crossed_before_ + crossed_;
  }

  void wait_until_crossed(std::size_t bytes) {
    if (holds_within(scale_.limit, [&] { return crossed() >= bytes; })) return;
    throw std::runtime_error("only " + std::to_string(crossed()) + " of " + std::to_string(bytes) +
                             " bytes crossed the line in time\n" + federation_.log(kHub) +
                             federation_.log(kNear));
  }

  void wait_for_attachment() {
    const auto arrived = [&] {
      std::this_thread::sleep_for(1s);  // asking means opening it whole
      const auto shown = federation_.try_call(kFar, "case.show", {{"case", about_}});
      if (!shown) return false;
      return std::ranges::any_of((*shown)["texts"], [](const Json& text) {
        return text["role"] == "attachment" && text["state"] == "open";
      });
    };
    INFO(federation_.log(kFar) << federation_.log(kHub) << federation_.log(kNear));
    REQUIRE(holds_within(scale_.limit, arrived));
    const Json shown = patient_call(kFar, "case.show", {{"case", about_}, {"data", true}});
    for (const Json& text : shown["texts"]) {
      if (text["role"] != "attachment") continue;
      const auto data = from_base64(text["data"].get<std::string>());
      REQUIRE(data);
      REQUIRE(*data == attachment_);  // not CHECK: its bytes are nothing to read
    }
  }

  void accept_all(std::size_t forwarded) {
    std::vector<std::string> offered;
    const auto all_here = [&] {
      offered.clear();
      const auto listed =
          federation_.try_call(kFar, "case.list", {{"offeree", kFar}, {"limit", 10'000}});
      if (!listed) return false;
      for (const Json& row : (*listed)["cases"]) offered.push_back(row["case"]);
      return offered.size() == forwarded + 1;
    };
    REQUIRE(holds_within(scale_.limit, all_here));
    for (const std::string& about : offered) {
      federation_.call(kFar, "case.accept", {{"case", about}});
    }
  }

  void check(const Clerk& clerk) {
    const auto all_there = [&] {
      const auto listed = federation_.try_call(kHub, "case.list", {{"limit", 10'000}});
      return listed && (*listed)["cases"].size() == scale_.cases + 1;
    };
    REQUIRE(holds_within(scale_.limit, all_there));
    const std::vector<std::string> members = {kNear, kFar};
    CHECK(holds_within(scale_.limit, [&] { return settle(federation_, members); }));
    CHECK(check_running(federation_, members) == std::vector<std::string>{});
    for (const std::string& id : {kNear, kFar, kHub}) federation_.stop(id);
    const AuditReport audited = audit(federation_, members, clerk.recorded());
    INFO(audited.text());
    CHECK(audited.violations.empty());
    CHECK(clerk.recorded().size() == scale_.cases);
    CHECK(audited.cases == scale_.cases + 1);
    CHECK(audited.forwarded == clerk.forwarded() + 1);
  }

  void report(const std::string& what, std::chrono::steady_clock::time_point since) {
    std::cout
        << what << " after "
        << std::chrono::duration_cast<seconds>(std::chrono::steady_clock::now() - since).count()
        << " s: " << attachment_.size() << " bytes and " << scale_.cases << " cases over "
        << scale_.line.kilobits_per_second << " kbit/s, " << scale_.line.loss_percent << " % lost, "
        << scale_.line.delay_each_way.count() << " ms each way; " << scale_.killed.size()
        << " kills, " << scale_.cuts.size() << " cuts" << std::endl;
  }

  const Scale scale_;
  BadLine line_;
  FederationFixture federation_;
  const Bytes attachment_;
  std::string about_;
  std::size_t crossed_ = 0, crossed_before_ = 0;
};

void run(const Scale& scale) {
  if (const auto lack = BadLine::missing()) {
    std::cout << "SKIP: the bad line was not tried: " << *lack << "\n";
    return;
  }
  BadLineRun(scale).run();
}

TEST_CASE("an attachment and cases cross a bad line whole, whoever is killed and however it is cut",
          "[e2e][line]") {
  run({.line = {.kilobits_per_second = 4'000, .loss_percent = 1, .delay_each_way = 40ms},
       .attachment_bytes = 2'000'000,
       .cases = 100,
       .killed = {kNear, kHub},
       .cuts = {3s},
       .limit = 120s});
}

TEST_CASE("100 MB and 5,000 cases cross 1 Mbit/s whole with five kills and four cuts",
          "[.badline]") {
  run({.line = {.kilobits_per_second = 1'000,
                .loss_percent = 1,
                .delay_each_way = milliseconds(chosen_number("SIMPUL_LINE_DELAY_MS", 300))},
       .attachment_bytes = chosen_number("SIMPUL_LINE_BYTES", 100'000'000),
       .cases = chosen_number("SIMPUL_LINE_CASES", 5'000),
       .killed = {kNear, kHub, kNear, kFar, kHub},
       .cuts = {5s, 20s, 70s, 120s},
       .limit = 3h});
}

}  // namespace
}  // namespace simpul
