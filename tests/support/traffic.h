// Lively, seeded work for the nodes of a federation of real processes, and a memory of every
// command that a node answered as recorded. One thread per member; commands whose answer was lost
// with the process are given again, with the same key, until they are answered.
#pragma once

#include <atomic>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/federation_fixture.h"

namespace simpul {

class Traffic {
 public:
  struct Recorded {
    std::string member;
    std::string command;
    std::string case_id;
    std::string happened;  // of this command alone: tells its event in the journal
    std::string position;  // empty when the answer was that it had been recorded before
  };

  // The federation must outlive it; its nodes may be killed and started meanwhile.
  Traffic(FederationFixture& federation, std::vector<std::string> members, std::uint64_t seed);
  ~Traffic();  // finishes

  // Waits for each member's last command. REQUIRES all members to run.
  void finish();
  std::size_t count() const;
  std::vector<Recorded> recorded() const;
  // Commands given so far by their happened time, whatever was answered.
  std::vector<std::string> given() const;

 private:
  struct Command {
    std::string name;
    Json arguments;
  };
  void work(const std::string& member, std::uint64_t seed);
  Command draw(const std::string& member, std::mt19937_64& random);
  std::string some_case(std::mt19937_64& random) const;
  std::string next_time();
  void give(const std::string& member, const Command& command);

  FederationFixture& federation_;
  const std::vector<std::string> members_;
  std::atomic<bool> finishing_ = false;
  mutable std::mutex mutex_;
  std::vector<std::string> cases_;
  std::vector<Recorded> recorded_;
  std::vector<std::string> given_;
  std::int64_t next_time_ms_ = 0;
  std::vector<std::jthread> threads_;
};

}  // namespace simpul
