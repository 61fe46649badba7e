// What people ask a hub that holds all cases of a country: lists, what is due, one case. As the
// node answers it: through its query desk, JSON and all, each time from a transaction of its own.
#include <filesystem>
#include <functional>

#include "node/engine/arguments.h"
#include "tests/bench/country.h"
#include "tests/bench/sections.h"
#include "tests/bench/stopwatch.h"

namespace simpul::bench {
namespace {

constexpr double kAimMs = 50;      // at p99
constexpr double kSecondsMax = 4;  // for one question
constexpr const char* kStatuses[] = {"received",  "verified", "in-progress", "postponed",
                                     "forwarded", "referred", "answered",    "closed"};

// Draws what is asked for.
class Draw {
 public:
  Draw(const Casebook& book, Store& store) : book_(book), random_(13) {
    ReadTransaction transaction(store.environment());
    CaseStore(transaction).visit_ids([&](const CaseId& id) {
      cases_.push_back(id.text());
      return true;
    });
  }

  std::size_t cases() const { return cases_.size(); }
  const std::string& one_case() { return of(cases_); }
  const std::string& member() { return of(book_.members()); }
  std::string region() { return of(Casebook::regions_of(member())); }
  std::string category() { return of(Casebook::categories()); }
  std::string status() { return kStatuses[random_.below(std::size(kStatuses))]; }
  // Within the year, or some weeks after it.
  std::string moment() {
    return to_text(kWorldStart + std::chrono::hours{24 * (1 + random_.below(380))});
  }

 private:
  template <class All>
  typename All::const_reference of(const All& all) {
    return all[random_.below(all.size())];
  }
  std::string of(std::vector<std::string>&& all) { return all[random_.below(all.size())]; }

  const Casebook& book_;
  SeededRandom random_;
  std::vector<std::string> cases_;
};

struct Question {
  std::string name, query;  // no query: the engine's status
  std::function<Json(Draw&)> arguments;
  bool pages_on = false;  // asks for what follows the answer before, while anything does
};

std::vector<Question> list_questions() {
  const std::string list = "case.list";
  return {
      {"newest", list, [](Draw&) { return Json::object(); }},
      {"by status", list,
       [](Draw& draw) {
         return Json{{"status", draw.status()}};
       }},
      {"by custodian", list,
       [](Draw& draw) {
         return Json{{"custodian", draw.member()}};
       }},
      {"by offeree", list,
       [](Draw& draw) {
         return Json{{"offeree", draw.member()}};
       }},
      {"by audience", list,
       [](Draw& draw) {
         return Json{{"audience", draw.member()}};
       }},
      {"by region", list,
       [](Draw& draw) {
         return Json{{"region", draw.region()}};
       }},
      {"by category", list,
       [](Draw& draw) {
         return Json{{"category", draw.category()}};
       }},
      {"due before", list,
       [](Draw& draw) {
         return Json{{"due_before", draw.moment()}};
       }},
      {"of a custodian, due before", list,
       [](Draw& draw) {
         return Json{{"custodian", draw.member()}, {"due_before", draw.moment()}};
       }},
      {"next pages, newest", list,
       [](Draw&) {
         return Json{{"limit", 200}};
       },
       true},
      {"next pages, due", list,
       [](Draw& draw) {
         return Json{{"due_before", draw.moment()}, {"limit", 200}};
       },
       true},
  };
}

std::vector<Question> combined_questions() {
  const std::string list = "case.list";
  return {
      {"custodian and status", list,
       [](Draw& draw) {
         return Json{{"custodian", draw.member()}, {"status", draw.status()}};
       }},
      {"region, category and status", list,
       [](Draw& draw) {
         return Json{
             {"region", draw.region()}, {"category", draw.category()}, {"status", draw.status()}};
       }},
      {"category and status", list,
       [](Draw& draw) {
         return Json{{"category", draw.category()}, {"status", draw.status()}};
       }},
      {"audience and category", list,
       [](Draw& draw) {
         return Json{{"audience", draw.member()}, {"category", draw.category()}};
       }},
      {"custodian, region of another", list,
       [](Draw& draw) {
         return Json{{"custodian", draw.member()}, {"region", draw.region()}};
       }},
      {"offeree, status and region", list,
       [](Draw& draw) {
         return Json{
             {"offeree", draw.member()}, {"status", "forwarded"}, {"region", draw.region()}};
       }},
      {"status, due before", list,
       [](Draw& draw) {
         return Json{{"status", draw.status()}, {"due_before", draw.moment()}};
       }},
      {"region and category, due before", list,
       [](Draw& draw) {
         return Json{{"region", draw.region()},
                     {"category", draw.category()},
                     {"due_before", draw.moment()}};
       }},
      {"audience, due before", list,
       [](Draw& draw) {
         return Json{{"audience", draw.member()}, {"due_before", draw.moment()}};
       }},
  };
}

std::vector<Question> other_questions() {
  const auto one_case = [](Draw& draw) { return Json{{"case", draw.one_case()}}; };
  const auto nothing = [](Draw&) { return Json::object(); };
  return {{"case show", "case.show", one_case},  {"case timeline", "case.timeline", one_case},
          {"case who", "case.who", one_case},    {"national", "national", nothing},
          {"journals", "journals", nothing},     {"alerts", "alerts", nothing},
          {"status, by the engine", "", nothing}};
}

// Milliseconds that each answer took, until it was text.
std::vector<double> answers(Country& country, Draw& draw, const Question& question,
                            std::size_t count) {
  std::vector<double> ms;
  Json next;
  const Stopwatch all;
  while (ms.size() < count && (ms.size() < 10 || all.seconds() < kSecondsMax)) {
    Json arguments = next.is_null() ? question.arguments(draw) : next;
    const Stopwatch watch;
    const Json answer =
        question.query.empty() ? country.status() : country.ask(question.query, arguments);
    const std::string text = answer.dump();
    ms.push_back(watch.seconds() * 1000);
    next = nullptr;
    if (!question.pages_on || !answer.contains("next")) continue;
    next = std::move(arguments);
    next["from"] = answer["next"];
  }
  return ms;
}

void ask_all(Run& run, Country& country, Draw& draw, const std::vector<Question>& questions) {
  for (const Question& question : questions) {
    const auto ms = answers(country, draw, question, run.quick ? 100 : 1'000);
    run.report.add(question.name + ", p50", percentile(ms, 0.5), "ms");
    run.report.add(question.name + ", p99", percentile(ms, 0.99), "ms", "aim", kAimMs);
  }
}

}  // namespace

void measure_listings(Run& run) {
  const std::size_t cases = run.quick ? 20'000 : 200'000;
  run.report.begin("listings", "what a hub answers that holds " + std::to_string(cases / 1000) +
                                   " k cases of 43 members");
  const std::string directory = run.directory + "/listings";
  {
    const Stopwatch watch;
    Country country(directory, cases);
    Draw draw(country.book(), country.store());
    run.report.add("cases", static_cast<double>(draw.cases()), "");
    run.report.add("events of them", static_cast<double>(country.book().events()), "");
    run.report.add("taken in, folded and indexed in", watch.seconds(), "s");
    ask_all(run, country, draw, list_questions());
    ask_all(run, country, draw, combined_questions());
    ask_all(run, country, draw, other_questions());
  }
  std::filesystem::remove_all(directory);
}

}  // namespace simpul::bench
