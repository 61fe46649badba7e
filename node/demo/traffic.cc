#include "node/demo/traffic.h"

#include <algorithm>

#include "node/clock.h"
#include "node/demo/seats.h"

namespace simpul {
namespace {

using std::chrono::milliseconds;

// Until what the move needs (an offer, a referral, a ruling) has come to the node that makes it.
constexpr std::chrono::seconds kPatience{30};
constexpr milliseconds kTryAgain{100};

bool may_come(const Error& error) {
  return error.code == ErrorCode::kNotAllowed || error.code == ErrorCode::kNotFound ||
         error.code == ErrorCode::kNotYet;
}

}  // namespace

Traffic::Traffic(DemoFederation& federation, Voice& voice, std::uint64_t seed)
    : federation_(federation), voice_(voice), random_(seed), next_opening_(Clock::now()) {}

void Traffic::set_rate(unsigned cases_per_minute) {
  interval_ =
      cases_per_minute == 0
          ? Clock::duration{}
          : std::chrono::duration_cast<Clock::duration>(std::chrono::minutes(1)) / cases_per_minute;
  next_opening_ = Clock::now();
}

Result<void> Traffic::play() {
  const auto now = Clock::now();
  if (interval_ > Clock::duration{} && next_opening_ <= now) {
    SIMPUL_TRY_VOID(open());
    // What a slow moment kept back is not made up for.
    next_opening_ = std::max(next_opening_ + interval_, now);
  }
  for (Playing& playing : playing_) {
    if (playing.due <= now) SIMPUL_TRY_VOID(play(playing));
  }
  std::erase_if(playing_,
                [](const Playing& playing) { return playing.next == playing.plan.moves.size(); });
  return {};
}

Result<void> Traffic::open() {
  Playing playing;
  playing.plan = plan_case(random_);
  SIMPUL_TRY(opened, federation_.ask(playing.plan.origin, "case.open", playing.plan.opening));
  playing.id = opened["case"];
  ++opened_;
  const std::string text = shortened(playing.plan.opening["text"].get<std::string>(), 60);
  say(playing.id, playing.plan.origin, {"menerima: " + text, "receives: " + text});
  schedule(playing);
  playing_.push_back(std::move(playing));
  return {};
}

void Traffic::schedule(Playing& playing) {
  if (playing.next == playing.plan.moves.size()) return;
  playing.due = Clock::now() + playing.plan.moves[playing.next].after;
  playing.give_up = playing.due + kPatience;
}

Result<void> Traffic::play(Playing& playing) {
  if (playing.next == playing.plan.moves.size()) return {};
  const PlannedMove& move = playing.plan.moves[playing.next];
  Json arguments = move.arguments;
  arguments["case"] = playing.id;
  if (move.due > milliseconds{0}) {
    arguments["due"] = (SystemClock().now() + move.due).time_since_epoch().count();
  }
  const auto done = federation_.ask(move.member, move.command, arguments);
  if (!done) {
    const bool goes_on = may_come(done.error()) && Clock::now() < playing.give_up;
    if (!goes_on) return fail(done.error().code, playing.id + ": " + done.error().message);
    playing.due = Clock::now() + kTryAgain;
    return {};
  }
  tell(playing, move);
  ++playing.next;
  schedule(playing);
  return {};
}

// Only what passes between members: the rest would be too much to read.
void Traffic::tell(const Playing& playing, const PlannedMove& move) {
  if (move.command == "case.forward" || move.command == "hub.rule") {
    const std::string to = called(move.arguments["to"]);
    const bool rules = move.command == "hub.rule";
    say(playing.id, move.member,
        {(rules ? "menetapkan pemegang: " : "meneruskan ke ") + to,
         (rules ? "rules that it goes to " : "forwards it to ") + to});
  } else if (move.command == "case.accept") {
    say(playing.id, move.member, {"mengambil alih", "accepts it"});
  } else if (move.command == "case.decline") {
    say(playing.id, move.member, {"menolak: bukan wewenang", "declines: not its authority"});
  } else if (move.command == "case.close") {
    say(playing.id, move.member, {"menutup: selesai", "closes it: resolved"});
  }
}

void Traffic::say(const std::string& id, const std::string& member, const Words& words) {
  if (hushed_) return;
  const std::string who = padded(id, 22) + padded(called(member), 33);
  voice_.step({who + words.id, who + words.en});
}

}  // namespace simpul
