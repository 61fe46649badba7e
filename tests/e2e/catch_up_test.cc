// What it costs to catch up: as much as was missed, whatever exists. Counted on the wire between
// whole engines, in one process, where events are soon made. With a million before them: `[.long]`.
#include <catch2/catch.hpp>
#include <iostream>

#include "protocol/frame.h"
#include "tests/support/federation.h"

namespace simpul {
namespace {

using test::Federation;

constexpr std::size_t kBatch = 500;
// What exists before is spread over many cases, as it would be, and made a few cases at a time: a
// million events take as much memory here as a thousand.
constexpr std::size_t kCasesAtOnce = 100;
constexpr std::size_t kEventsPerCase = 10;

struct Cost {
  std::size_t bytes = 0, frames = 0, records = 0;
};

std::size_t records_in(const Frame& frame) {
  if (const auto* journal = std::get_if<JournalRecords>(&frame)) return journal->events.size();
  const auto* mailbox = std::get_if<MailboxRecords>(&frame);
  if (!mailbox) return 0;
  std::size_t records = mailbox->packets.size();
  for (const ProvedGroup& group : mailbox->groups) records += group.events.size();
  return records;
}

// Counts what one node receives.
class Meter {
 public:
  Meter(Federation& federation, std::string id) {
    federation.set_tap([this, id = std::move(id)](const std::string& receiver, BytesView frame) {
      if (receiver != id) return;
      const auto decoded = decode_frame(frame);
      SIMPUL_CHECK(decoded);
      cost_.bytes += frame.size();
      cost_.frames += 1;
      cost_.records += records_in(*decoded);
    });
  }
  void reset() { cost_ = {}; }
  Cost cost() const { return cost_; }

 private:
  Cost cost_;
};

std::vector<std::string> call_all(Federation& federation, const std::string& id,
                                  const std::string& name, const std::vector<Json>& arguments) {
  std::vector<std::string> cases;
  for (std::size_t first = 0; first < arguments.size(); first += kBatch) {
    const std::size_t end = std::min(first + kBatch, arguments.size());
    const auto answers =
        federation.call_together(id, name,
                                 {arguments.begin() + static_cast<std::ptrdiff_t>(first),
                                  arguments.begin() + static_cast<std::ptrdiff_t>(end)});
    for (const auto& answer : answers) {
      INFO((answer ? "" : answer.error().message));
      REQUIRE(answer);
      cases.push_back((*answer)["case"]);
    }
  }
  return cases;
}

std::vector<std::string> open_cases(Federation& federation, const std::string& id,
                                    std::size_t count) {
  const Json opened = {{"category", "roads.potholes"},
                       {"privacy", "confidential"},
                       {"text", "Jalan berlubang di depan pasar"}};
  return call_all(federation, id, "case.open", std::vector<Json>(count, opened));
}

std::vector<Json> about(const std::vector<std::string>& cases, Json extra = Json::object()) {
  std::vector<Json> arguments;
  for (const std::string& id : cases) {
    arguments.push_back(extra);
    arguments.back()["case"] = id;
  }
  return arguments;
}

// `count` events on new cases, no more than the first of each with a text.
void write_events(Federation& federation, const std::string& id, std::size_t count) {
  for (std::size_t done = 0; done < count;) {
    const auto cases = open_cases(federation, id, std::min(kCasesAtOnce, count - done));
    done += cases.size();
    for (std::size_t i = 1; i < kEventsPerCase && done + cases.size() <= count; ++i) {
      call_all(federation, id, "case.note", about(cases));
      done += cases.size();
    }
  }
}

Json status(Federation& federation, const std::string& id) {
  return *federation.call(id, "status", {});
}

std::size_t held(Federation& federation, const std::string& id, const std::string& journal) {
  const Json shown = status(federation, id);
  for (const Json& one : shown["journals"]) {
    if (one["journal"] == journal) return one["size"];
  }
  return 0;
}

bool ready(Federation& federation, const std::vector<std::string>& members) {
  return federation.run_until([&] {
    return std::ranges::all_of(members, [&](const std::string& id) {
      return status(federation, id)["may_author"] == true;
    });
  });
}

void wait_for_hub(Federation& federation, const std::string& author) {
  const std::string journal = author + "/1";
  const std::size_t size = held(federation, author, journal);
  REQUIRE(federation.run_until([&] { return held(federation, "hub", journal) == size; },
                               std::chrono::hours{2}));
}

// A hub was off while a member wrote `missed` events; before, it had `existing` of them.
Cost hub_catches_up(std::size_t existing, std::size_t missed) {
  Federation federation(5, {{"hub", MemberKind::kHub}, {"51", MemberKind::kProvince}});
  Meter meter(federation, "hub");
  REQUIRE(ready(federation, {"51"}));
  write_events(federation, "51", existing);
  wait_for_hub(federation, "51");
  federation.kill("hub");
  write_events(federation, "51", missed);
  meter.reset();
  federation.start("hub");
  wait_for_hub(federation, "51");
  return meter.cost();
}

// New cases of 51.03 that 51 has taken over.
std::vector<std::string> hand_over_cases(Federation& federation, std::size_t count) {
  const auto cases = open_cases(federation, "51.03", count);
  call_all(federation, "51.03", "case.forward", about(cases, {{"to", "51"}}));
  REQUIRE(federation.run_until([&] {
    return std::ranges::all_of(
        cases, [&](const std::string& id) { return federation.state("51", id).offer.has_value(); });
  }));
  call_all(federation, "51", "case.accept", about(cases));
  return cases;
}

// `count` events of 51 on these cases in turn.
void work_on(Federation& federation, const std::vector<std::string>& cases, std::size_t count) {
  for (std::size_t done = 0; done < count; done += cases.size()) {
    call_all(federation, "51", "case.note", about(cases));
  }
}

// A member was off while the custodian of its cases wrote `missed` events on them.
Cost member_catches_up(std::size_t existing, std::size_t missed) {
  Federation federation(
      6,
      {{"hub", MemberKind::kHub}, {"51", MemberKind::kProvince}, {"51.03", MemberKind::kRegency}});
  Meter meter(federation, "51.03");
  REQUIRE(ready(federation, {"51", "51.03"}));
  const std::size_t at_once = kCasesAtOnce * kEventsPerCase;
  for (std::size_t done = 0; done < existing; done += at_once) {
    work_on(federation, hand_over_cases(federation, kCasesAtOnce), at_once);
  }
  const auto cases = hand_over_cases(federation, kCasesAtOnce);
  wait_for_hub(federation, "51");
  const auto caught_up = [&] {
    const Json shown = status(federation, "hub");
    for (const Json& peer : shown["peers"]) {
      if (peer["member"] == "51.03") return peer["mailbox_backlog"] == 0;
    }
    return false;
  };
  REQUIRE(federation.run_until(caught_up));
  federation.kill("51.03");
  work_on(federation, cases, missed);
  wait_for_hub(federation, "51");
  meter.reset();
  federation.start("51.03");
  REQUIRE(federation.run_until(caught_up, std::chrono::hours{1}));
  return meter.cost();
}

void show(const std::string& what, std::size_t existing, const Cost& cost) {
  std::cout << what << " with " << existing << " events before: " << cost.records << " records, "
            << cost.bytes << " bytes, " << cost.frames << " frames\n";
}

void check_alike(const Cost& few, const Cost& many, std::size_t missed) {
  CHECK(few.records >= missed);
  CHECK(static_cast<double>(many.records) <= 1.05 * static_cast<double>(few.records));
  CHECK(static_cast<double>(many.bytes) <= 1.05 * static_cast<double>(few.bytes));
  CHECK(static_cast<double>(few.bytes) <= 1.05 * static_cast<double>(many.bytes));
}

void compare(const std::string& what, const std::function<Cost(std::size_t, std::size_t)>& measure,
             std::size_t few, std::size_t many, std::size_t missed) {
  const Cost with_few = measure(few, missed);
  show(what, few, with_few);
  const Cost with_many = measure(many, missed);
  show(what, many, with_many);
  check_alike(with_few, with_many, missed);
}

TEST_CASE("a hub catches up at the cost of what it missed", "[e2e][catchup]") {
  compare("hub", hub_catches_up, 10'000, 100'000, 10'000);
}

TEST_CASE("a member catches up at the cost of what it missed", "[e2e][catchup]") {
  compare("member", member_catches_up, 1'000, 10'000, 10'000);
}

TEST_CASE("a hub of a million events catches up at the cost of what it missed", "[.long]") {
  compare("hub", hub_catches_up, 10'000, 1'000'000, 10'000);
}

TEST_CASE("a member of a million events catches up at the cost of what it missed", "[.long]") {
  compare("member", member_catches_up, 10'000, 1'000'000, 10'000);
}

}  // namespace
}  // namespace simpul
