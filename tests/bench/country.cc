#include "tests/bench/country.h"

#include "tests/bench/stopwatch.h"

namespace simpul::bench {
namespace {

constexpr int kAlerts = 5'000;  // as many as a troubled year brings

}  // namespace

Country::Country(const std::string& directory, std::size_t cases)
    : world_(Casebook::country()),
      hub_(world_, directory),
      book_(world_, {.cases = cases}),
      desk_(hub_.store(), world_.identity("pusat")) {
  hub_.pass_time(book_.end() - hub_.now());
  for (auto chapter = book_.next_chapter(); !chapter.empty(); chapter = book_.next_chapter()) {
    for (auto& [author, records] : chapter) hub_.feed(author, std::move(records));
  }
  add_alerts();
}

Json Country::ask(const std::string& query, const Json& arguments) {
  return must(desk_.ask(query, arguments, hub_.now()));
}

Json Country::status() {
  std::vector<Input> inputs{CommandInput{1, "status", Json::object()}};
  for (const Output& output : hub_.engine().step(inputs, hub_.now())) {
    if (const auto* reply = std::get_if<ReplyOut>(&output))
      return must(Result<Json>(reply->result));
  }
  return must<Json>(fail(ErrorCode::kNotFound, "the engine did not answer"));
}

void Country::add_alerts() {
  WriteTransaction transaction(hub_.store().environment());
  LocalStore local(transaction);
  for (int i = 0; i < kAlerts; ++i) {
    local.add_alert({0, hub_.now(), "peer", "the link failed, time " + std::to_string(i), false});
  }
  must(transaction.commit());
}

}  // namespace simpul::bench
