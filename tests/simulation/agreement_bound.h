// Within what time all nodes agree once nothing is broken any more: the sum of what each step of
// the protocol waits for, from the constants that the product waits by. SPEC.md, "Convergence",
// is the same table in words.
#pragma once

#include <algorithm>

#include "node/engine/patience.h"
#include "protocol/backoff.h"
#include "protocol/link_session.h"

namespace simpul::sim {

// What a bound depends on beside the protocol's own constants.
struct AgreementTerms {
  Duration silence = LinkOptions{}.dead_after;  // after which a link counts as dead
  Duration late = patience::kTick;              // a timer fires so much late at most
  Duration lines{};                             // until what a line held back comes
  Duration round_trip{};                        // a frame, its being dealt with, and the answer
  std::uint64_t backlog_bytes = 0;              // of records, the most that one node lacks
};

// A step: what is waited for, how many timers fire late within it, how many round trips it takes,
// and how many times a backlog is sent, each window of it a round trip more.
struct AgreementStep {
  Duration waits{};
  int timers = 0, round_trips = 0, backlogs = 0;

  constexpr Duration takes(const AgreementTerms& terms) const {
    const auto windows =
        static_cast<std::int64_t>(terms.backlog_bytes / LinkOptions{}.window_bytes) + 1;
    return waits + timers * terms.late + (round_trips + backlogs * windows) * terms.round_trip;
  }
};

// Dead links are noticed, and dialled anew.
constexpr AgreementStep links_open(const AgreementTerms& terms) {
  const Duration hung = std::max(terms.silence, LinkOptions{}.handshake_timeout);
  return {hung + Backoff::Options{}.delay_max, 2, 4, 0};
}
// From hub to hub to member; a link over which an older one was followed is made anew.
constexpr AgreementStep roster_spreads() {
  return {Backoff::Options{}.delay_max, 1, 7, 0};
}
// A node that lost its journal's tail gets it back and opens the next generation, over new links.
constexpr AgreementStep journals_recover() {
  return {patience::kFetchIdle + Backoff::Options{}.delay_min, 2, 5, 1};
}
// Author to hub, hub to hub, hub to member.
constexpr AgreementStep records_travel() {
  return {3 * patience::kIndexDelay, 3, 3, 3};
}
// Whoever knows may be linked to others alone, so that no link opens here; then one answer a head.
constexpr AgreementStep heads_link() {
  return {patience::kHeadsAgainMax + patience::kHeadsAnswerWithin, 2, 7, 0};
}
// Likewise for the events of a case: first a hub asks, then who asks that hub.
constexpr AgreementStep cases_fill() {
  return {2 * patience::kCaseAgainMax, 2, 2, 0};
}
// What nodes write by themselves of what came, and that travels too; and what they write of that.
// The longest such chain: a complaint is taken back, asked back, given back, closed, and so
// reported.
constexpr int kReactionsInTurn = 4;
constexpr AgreementStep reactions_travel() {
  return {kReactionsInTurn * (patience::kLookForTimers + 3 * patience::kIndexDelay),
          kReactionsInTurn * 4, kReactionsInTurn * 3, kReactionsInTurn * 3};
}
// To the hub, and to whom they are meant for; others that are asked before, such as hubs that are
// yet to get them, may be silent.
constexpr AgreementStep texts_come() {
  return {2 * (patience::kChunkRetryMax + 2 * patience::kChunkAnswerWait), 2, 2, 2};
}

constexpr Duration agreement_bound(const AgreementTerms& terms) {
  Duration time = terms.lines;
  for (const AgreementStep& step :
       {links_open(terms), roster_spreads(), journals_recover(), records_travel(), heads_link(),
        cases_fill(), reactions_travel(), texts_come()}) {
    time += step.takes(terms);
  }
  return time;
}

// As SPEC.md says of nodes that wait no longer than the protocol lets them.
static_assert(agreement_bound({.late = {}}) == std::chrono::milliseconds{3'343'250});
static_assert(agreement_bound({.late = {}, .round_trip = std::chrono::seconds{1}}) -
                  agreement_bound({.late = {}}) ==
              std::chrono::seconds{60});

}  // namespace simpul::sim
