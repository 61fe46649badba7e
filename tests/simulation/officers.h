// Officers and reporters at work: they look at what their own node shows of a case and do what
// people do, now and then what they may not. Each node's office keeps hours of its own. Not
// thread-safe.
#pragma once

#include <deque>
#include <map>
#include <string>

#include "storage/case_row.h"
#include "tests/simulation/world.h"

namespace simpul::sim {

class Officers {
 public:
  // How every text of theirs begins.
  static constexpr const char* kWordsBegin = "an officer's words: ";

  // `pace`: time between two commands in the whole country, on average.
  Officers(World& world, std::uint64_t seed, Millis pace);

  Millis next() const { return next_; }
  void act();
  void replied(const MemberNode& node, const CommandInput& command, const Result<Json>& result);

  std::uint64_t given() const { return given_; }
  std::uint64_t recorded() const { return recorded_; }
  std::uint64_t refused() const { return refused_; }

 private:
  struct Choice {
    std::string name;
    Json arguments;
  };
  void open(MemberNode& node);
  void work(MemberNode& node);
  Choice as_offeree();
  Choice as_linker(const MemberNode& node);
  Choice as_asked(const MemberNode& node);
  Choice as_custodian(const MemberNode& node, const CaseRow& row);
  Choice as_bystander(const MemberNode& node, const CaseRow& row);
  Choice as_anyone();
  std::string someone_else(const MemberNode& node);
  std::string words();
  void give(MemberNode& node, const std::string& name, Json arguments);

  World& world_;
  Prng random_;
  Millis pace_;
  Millis next_ = 0;
  std::deque<std::string> recent_;  // cases, oldest first
  std::deque<Json> linked_;         // arguments of links, to undo some
  std::uint64_t given_ = 0, recorded_ = 0, refused_ = 0;
};

}  // namespace simpul::sim
