#include "node/import/import_plan.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <set>
#include <sstream>

#include "node/engine/arguments.h"

using namespace simpul;

namespace {

std::string vector_file(const std::string& name) {
  std::ifstream stream(std::string(SIMPUL_SOURCE_DIR) + "/tests/vectors/open311/" + name);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

ImportPlan plan_of_twin() {
  return plan_import(read_open311(vector_file("requests.json")).value(),
                     read_agency_map(vector_file("mapping.toml")).value());
}

const PlannedCase& case_of(const ImportPlan& plan, const std::string& record) {
  const auto found = std::ranges::find(plan.cases, record, &PlannedCase::record);
  REQUIRE(found != plan.cases.end());
  return *found;
}

// "lamps open, lamps forward wiring, ...": one word a step.
std::string story_of(const ImportPlan& plan, const std::string& record) {
  std::string story;
  for (const ImportStep& step : case_of(plan, record).steps) {
    if (!story.empty()) story += ", ";
    story += step.member.text() + " " + name_of(step.kind);
    if (!step.to.empty()) story += " " + step.to.text();
  }
  return story;
}

// What is said of a record, sorted.
std::vector<std::string> complaints_of(const ImportPlan& plan, const std::string& record) {
  std::vector<std::string> complaints;
  for (const ImportProblem& problem : plan.problems) {
    if (problem.record == record) complaints.push_back(problem.what);
  }
  std::ranges::sort(complaints);
  return complaints;
}

using Complaints = std::vector<std::string>;

}  // namespace

TEST_CASE("a request that stayed with its agency is opened, annotated and closed", "[import]") {
  const ImportPlan plan = plan_of_twin();
  CHECK(story_of(plan, "20-0001") == "lamps open, lamps note, lamps close");
  const PlannedCase& planned = case_of(plan, "20-0001");
  CHECK(planned.category == "leaning-lamp-post");
  CHECK(planned.channel == "web");
  CHECK(planned.closed);
  CHECK(planned.id == CaseId::derive(planned.origin, planned.derived_from));
  CHECK(to_text(planned.steps.back().happened) == "2020-03-02T03:00:00.000Z");
}

TEST_CASE("a closed follow-on is one forward, one answer and one way back", "[import]") {
  const ImportPlan plan = plan_of_twin();
  CHECK(story_of(plan, "20-0002") ==
        "lamps open, lamps note, lamps forward wiring, wiring accept, wiring answer, "
        "wiring return lamps, lamps accept, lamps close");
  const auto& steps = case_of(plan, "20-0002").steps;
  CHECK(to_text(steps[2].happened) == "2020-03-03T01:05:00.000Z");
  CHECK(to_text(steps[4].happened) == "2020-05-01T03:00:00.000Z");
  CHECK(steps[4].text == "Wiring Repair #20-0900 closed by Wiring Office");
  CHECK(complaints_of(plan, "20-0002").empty());
}

TEST_CASE("an open follow-on of an open request keeps the custody", "[import]") {
  const ImportPlan plan = plan_of_twin();
  CHECK(story_of(plan, "20-0003") == "lamps open, lamps forward wiring, wiring accept, lamps note");
  CHECK(case_of(plan, "20-0003").custodian.text() == "wiring");
  CHECK_FALSE(case_of(plan, "20-0003").closed);
  CHECK(complaints_of(plan, "20-0003") == Complaints{"unclosed"});
}

TEST_CASE("of follow-ons open at once, the one created first goes first", "[import]") {
  const ImportPlan plan = plan_of_twin();
  const std::string both =
      "lamps open, lamps forward wiring, wiring accept, wiring answer, wiring return lamps, "
      "lamps accept, lamps forward roads, roads accept, roads answer, roads return lamps, "
      "lamps accept, lamps close";
  CHECK(story_of(plan, "20-0004") == both);
  CHECK(complaints_of(plan, "20-0004") == Complaints{"overlap"});
  // The time of the second forward stays the recorded one, before the first came back.
  CHECK(to_text(case_of(plan, "20-0004").steps[6].happened) == "2020-04-01T01:00:00.000Z");
  CHECK(story_of(plan, "20-0005") ==
        "roads open, roads forward wiring, wiring accept, wiring answer, wiring return roads, "
        "roads accept, roads forward lamps, lamps accept, lamps answer, lamps return roads, "
        "roads accept, roads close");
  CHECK(complaints_of(plan, "20-0005") == Complaints{"overlap"});
}

TEST_CASE("a follow-on that was open when its request was closed comes back unanswered",
          "[import]") {
  const ImportPlan plan = plan_of_twin();
  CHECK(story_of(plan, "20-0011") ==
        "lamps open, lamps forward roads, roads accept, roads answer, roads return lamps, "
        "lamps accept, lamps forward wiring, wiring accept, wiring return lamps, lamps accept, "
        "lamps close");
  CHECK(complaints_of(plan, "20-0011") == Complaints{"overlap", "unclosed"});
}

TEST_CASE("of two follow-ons that never closed, the first has the custody", "[import]") {
  const ImportPlan plan = plan_of_twin();
  CHECK(story_of(plan, "20-0012") == "lamps open, lamps forward wiring, wiring accept");
  CHECK(complaints_of(plan, "20-0012") == Complaints{"not-replayed", "unclosed"});
}

TEST_CASE("what is unknown or unpaired is reported, and the rest is planned", "[import]") {
  const ImportPlan plan = plan_of_twin();
  CHECK(plan.cases.size() == 9);
  CHECK(complaints_of(plan, "20-0006") == Complaints{"unknown-agency"});
  CHECK(complaints_of(plan, "20-0007") == Complaints{"unknown-agency"});
  CHECK(story_of(plan, "20-0007") ==
        "lamps open, lamps forward wiring, wiring accept, wiring answer, wiring return lamps, "
        "lamps accept, lamps close");
  CHECK(story_of(plan, "20-0010") == "roads open");
  CHECK(complaints_of(plan, "20-0010") == Complaints{"unpaired-close"});
  CHECK(complaints_of(plan, "20-0008") == Complaints{"missing-field"});
}

TEST_CASE("every step has a key of its own, the same in every run and for a later file",
          "[import]") {
  const ImportPlan plan = plan_of_twin();
  const ImportPlan again = plan_of_twin();
  std::set<std::string> keys;
  for (std::size_t at = 0; at < plan.cases.size(); ++at) {
    REQUIRE(plan.cases[at].id == again.cases[at].id);
    for (std::size_t step = 0; step < plan.cases[at].steps.size(); ++step) {
      const std::string& key = plan.cases[at].steps[step].key;
      REQUIRE(key == again.cases[at].steps[step].key);
      REQUIRE(keys.insert(key).second);
    }
  }
  // The open follow-on is closed in a later file: what was planned before keeps its keys.
  Open311File later = read_open311(vector_file("requests.json")).value();
  auto& notes = std::ranges::find(later.records, "20-0003", &Open311Record::id)->notes;
  notes.insert(notes.begin(), {.time = Instant{}, .type = "activity", .text = "A new note"});
  Open311Note closing = notes[2];
  closing.type = kFollowOnClosed;
  closing.time += std::chrono::hours(100);
  notes.push_back(closing);
  const ImportPlan next = plan_import(later, read_agency_map(vector_file("mapping.toml")).value());
  std::set<std::string> next_keys;
  for (const ImportStep& step : case_of(next, "20-0003").steps) next_keys.insert(step.key);
  for (const ImportStep& step : case_of(plan, "20-0003").steps) CHECK(next_keys.contains(step.key));
  CHECK(next_keys.size() == case_of(plan, "20-0003").steps.size() + 4);
}

TEST_CASE("one id created twice is paired in the order of time", "[import]") {
  Open311File file = read_open311(vector_file("requests.json")).value();
  auto& notes = std::ranges::find(file.records, "20-0002", &Open311Record::id)->notes;
  for (const std::size_t at : {2u, 3u}) {
    Open311Note again = notes[at];
    again.time += std::chrono::hours(24 * 70);
    notes.insert(notes.begin(), again);
    std::ranges::rotate(notes, notes.begin() + 1);
  }
  const ImportPlan plan = plan_import(file, read_agency_map(vector_file("mapping.toml")).value());
  CHECK(case_of(plan, "20-0002").steps.size() == 8 + 5);
  std::set<std::string> keys;
  for (const ImportStep& step : case_of(plan, "20-0002").steps) keys.insert(step.key);
  CHECK(keys.size() == 8 + 5);
}

TEST_CASE("a name becomes a code", "[import]") {
  CHECK(slug_of("Pot Hole (in  Street)") == "pot-hole-in-street");
  CHECK(slug_of("--") == "");
  CHECK(slug_of(std::string(100, 'A')) == std::string(kCodeSizeMax, 'a'));
}
