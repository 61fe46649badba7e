// What a case is, told a second time: a plain, slow reading of protocol/SPEC.md, "Cases", written
// without a look at how the product folds, and sharing no code with it but value types. Where
// the two differ, one of them is wrong. Pure.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "protocol/event.h"
#include "protocol/roster.h"

namespace simpul::sim {

// One event as some node holds it.
struct Fact {
  EventHash hash;
  Event event;
  bool disputed = false;  // of a forked journal's void part: may be cited, never counts
};

// What must be the same everywhere.
// A link that stands, and what was said of it.
struct LinkView {
  MemberId with;
  std::optional<bool> agreed;
  std::string report;  // of a part: "closed resolved at 51"
  bool operator==(const LinkView&) const = default;
};

struct CaseView {
  bool opened = false;
  std::string status;  // as the product names it
  MemberId custodian;
  EventHash token;
  std::vector<EventHash> tokens;   // of all epochs that count, in order
  std::optional<EventHash> offer;  // open
  MemberId offeree;                // of the open offer
  std::string privacy;
  std::set<MemberId> audience;  // hubs not counted
  // Clocks that are said to have run out: under which custody, which, which time it was started.
  std::set<std::tuple<EventHash, std::string, std::uint32_t>> escalated;
  std::map<EventHash, std::set<MemberId>> erasures;  // and who said that what it had is gone
  std::set<EventHash> erased;                        // whose texts are to be nowhere
  std::set<MemberId> holders;                        // who has it held by law
  std::optional<unsigned> stars;
  std::map<std::pair<std::string, std::string>, LinkView> links;  // by relation and case
  std::optional<EventHash> withdrawal, appeal;
  bool frozen = false;  // holds what its authors must be newer to go on from
  std::uint64_t pending = 0;
  bool operator==(const CaseView&) const = default;
};

std::string describe(const CaseView& view);
// How a part is said to stand.
std::string text(const PartReported& report);

// What a model that is wrong on purpose does (bugs.h).
enum class Mutation {
  kNone,
  kUnofferedAccept,   // an accept by whoever wrote it moves the case
  kDeclineIgnored,    // the offer stays open
  kRecallTakesBack,   // a recall ends the offer at once
  kRulingIgnored,     // rulings never count
  kRulingOverAccept,  // a ruling that had seen the accept counts too
  kLastAnswerCounts,  // of two answers to an offer the later
  kFrozenProgress,    // the custodian works on while the case is on offer
  kNewestPrivacy,     // the newest statement holds, not the strictest
  kReplyIgnored,      // a reply undoes no closing as expired
  kAudienceForgets,   // past custodians are no audience
  kErasureMisses,     // what was written unaware of an erasure stays
  kUndoneLinkStands,  // links are never undone
  kAppealIgnored,     // rulings on appeals never count
};

// REQUIRES fewer events than the fold's limit of 4096.
CaseView naive_fold(const CaseId& id, const std::vector<Fact>& facts, const Roster& roster,
                    Mutation mutation = Mutation::kNone);

}  // namespace simpul::sim
