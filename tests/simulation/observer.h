// Knows the truth: sees every event when its author commits it, and from then on demands it of
// everyone who has it or must have it. Looks at stores after each step and at nothing else of
// the product. Not thread-safe.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/model.h"
#include "tests/simulation/world.h"

namespace simpul::sim {

// The invariants by name, as README.md lists them.
inline constexpr const char* kRecordedSurvives = "recorded-survives";
inline constexpr const char* kAcknowledgedSurvives = "acknowledged-survives";
inline constexpr const char* kUnchanged = "unchanged";
inline constexpr const char* kOnce = "once";
inline constexpr const char* kOneCustodian = "one-custodian";
inline constexpr const char* kStateAgrees = "state-agrees";
inline constexpr const char* kCheckpointed = "checkpointed";
inline constexpr const char* kNobodyConvicted = "nobody-convicted";
inline constexpr const char* kConvergence = "convergence";

class Observer {
 public:
  struct Broken {
    std::string invariant, words;
    std::string about;  // a case or a journal, to find its history by
  };

  Observer(World& world, std::uint64_t seed) : world_(world), random_(seed, "observer") {}

  // After a step of the node. Records what it authored, checks what reached it.
  void look(MemberNode& node);
  // Its data is not what it was.
  void data_replaced(MemberNode& node);
  // One case at one node, whatever it holds of it: the product's fold against the model's.
  void check_some_case(MemberNode& node);
  // When everyone agrees: what must be there is there, covered by checkpoints, and no one accused.
  void check_all();

  const std::vector<Broken>& broken() const { return broken_; }
  std::uint64_t events() const { return events_; }
  std::uint64_t folds() const { return folds_; }

 private:
  struct Seen {
    std::uint64_t arrivals = 0;
    std::map<JournalId, std::vector<bool>> held;  // by index
  };
  void arrived(MemberNode& node, Tables& tables, const JournalId& journal, std::uint64_t index);
  void note_acknowledged(MemberNode& node, Tables& tables);
  void check_case(MemberNode& node, Tables& tables, const CaseId& id);
  void check_acknowledged(MemberNode& node, Tables& tables);
  void check_checkpoints(MemberNode& node, Tables& tables);
  void report(const char* invariant, const MemberNode& node, const std::string& about,
              const std::string& words);

  World& world_;
  Prng random_;
  std::map<JournalId, std::vector<EventHash>> truth_;  // as their authors committed them
  std::map<JournalId, std::uint64_t> acknowledged_;    // durable at a second node
  std::map<std::size_t, Seen> seen_;                   // by node
  std::vector<Broken> broken_;
  std::uint64_t events_ = 0, folds_ = 0;
};

}  // namespace simpul::sim
