// A country's cases: what many members write about many cases, in order of time, so that every
// listing has something to find: cases of all statuses, some handed on, declined or reopened, of
// hundreds of regions, dozens of categories, all classes and privacies, on time and late.
#pragma once

#include <map>
#include <queue>
#include <string>
#include <vector>

#include "protocol/frame.h"
#include "protocol/merkle.h"
#include "tests/bench/world.h"

namespace simpul::bench {

class Casebook {
 public:
  struct Options {
    std::size_t cases = 200'000;
    int days = 330;         // over which they are opened; what was not done by then never is
    std::size_t batch = 8;  // events under one signature, as nodes of little traffic write them
    std::uint64_t seed = 7;
  };

  // A hub, `pusat`, and 43 authors; only data, nobody listens.
  static World country();
  // `world` is of country() and outlives it.
  Casebook(const World& world, Options options);

  // What was written in the next 30 days, by author; empty when all is told. To be fed in order.
  using Chapter = std::map<std::string, std::vector<JournalRecords>>;
  Chapter next_chapter();

  std::size_t events() const { return events_; }
  Instant end() const { return kWorldStart + std::chrono::hours{24} * options_.days; }

  const std::vector<std::string>& members() const { return members_; }
  static std::vector<std::string> regions_of(const std::string& member);
  static std::vector<std::string> categories();

 private:
  struct Story {
    CaseId id;
    const char* plot = "";    // one letter a step; see casebook.cc
    std::size_t author = 0;   // of the next step; place in members_
    std::size_t partner = 0;  // to whom it may be offered
    EventHash token, offer, last, seen;
  };
  struct Turn {
    Instant at{};
    std::size_t story = 0;
    bool operator<(const Turn& other) const { return at > other.at; }
  };
  struct Journal {
    Frontier frontier;
    std::vector<Bytes> waiting;  // not yet under a signature
  };

  void begin_story(Instant at);
  void write_step(std::size_t number, Instant at, Chapter& chapter);
  EventBody body_of_step(const Story& story, char step, Instant at);
  std::vector<EnclosureRef> enclosures(EnclosureRole role);
  void sign(std::size_t author, Chapter& chapter);
  std::size_t pick(std::size_t count) { return random_.below(count); }

  const World& world_;
  Options options_;
  SeededRandom random_;
  std::vector<std::string> members_;
  std::vector<Journal> journals_;
  std::vector<Story> stories_;
  std::priority_queue<Turn> turns_;
  Instant told_ = kWorldStart;
  std::size_t begun_ = 0, events_ = 0;
};

}  // namespace simpul::bench
