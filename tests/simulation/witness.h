// Sees how the lies told to honest nodes end. Who sends more than the protocol allows loses the
// link; of a journal told in two ways, whoever saw both has the proof or says that it is withheld,
// and whoever is linked with one who has the proof has it too. Not thread-safe.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/convergence.h"
#include "tests/simulation/observer.h"
#include "tests/simulation/world.h"

namespace simpul::sim {

class Witness {
 public:
  struct Broken {
    const char* invariant;
    std::string words, about;
  };

  Witness(World& world, const Observer& observer) : world_(world), observer_(observer) {}

  // So many frames go to `to` in one go, where the protocol allows `burst` and then so many a
  // second. Which frames, for people.
  void flooded(const MemberNode& from, MemberNode& to, const std::string& what, std::size_t frames,
               std::size_t burst, double per_second);
  // A frame reached a node.
  void arrived(const MemberNode& node, LinkId link, BytesView frame);
  // What had reached it was taken in.
  void stepped(const MemberNode& node);
  // The data of a node is not what it was.
  void forget(const MemberNode& node);
  // What is due to be judged by now.
  void judge();

  // Forks that somebody honest saw both sides of, or that others have a proof of, without having
  // one.
  std::vector<Disagreement> unproved(const std::set<MemberId>& liars);
  // Whether the case has events of a journal after the point where its author forked it.
  bool is_disputed(const CaseId& id) const;

  const std::vector<Broken>& broken() const { return broken_; }

 private:
  struct Flood {
    std::string words;
    std::size_t node = 0;
    LinkId link = 0;  // at the flooded end
    std::size_t expected = 0, allowed = 0, arrived = 0;
    double per_second = 0;
    Millis first = 0, last = 0;  // when they arrived
    bool slow = false;           // the node took its time
  };
  // One side of a fork, told over a link.
  struct Side {
    LinkId link = 0;
    JournalId journal;
    int side = 0;
  };
  bool is_excused(const Flood& flood) const;
  void note_side(const MemberNode& node, LinkId link, const JournalId& journal, std::uint64_t index,
                 BytesView event);

  World& world_;
  const Observer& observer_;
  std::vector<Flood> floods_;
  std::map<std::size_t, std::vector<Side>> arrived_, stepped_;  // by node; before its last step
  std::map<std::pair<std::size_t, JournalId>, std::set<int>> sides_seen_;
  std::vector<Broken> broken_;
};

}  // namespace simpul::sim
