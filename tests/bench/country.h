// A hub that holds a year of everybody's cases, asked as a node answers: through its query desk, or
// by its engine.
#pragma once

#include <string>

#include "node/query_desk.h"
#include "tests/bench/casebook.h"
#include "tests/bench/quiet_hub.h"

namespace simpul::bench {

class Country {
 public:
  // Feeds `cases` cases to a hub in `directory`.
  Country(const std::string& directory, std::size_t cases);

  Json ask(const std::string& query, const Json& arguments);
  Json status();

  Store& store() { return hub_.store(); }
  const Casebook& book() const { return book_; }

 private:
  void add_alerts();

  const World world_;
  QuietHub hub_;
  Casebook book_;
  QueryDesk desk_;
};

}  // namespace simpul::bench
