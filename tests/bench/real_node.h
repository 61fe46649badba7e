// The program itself, `simpul run`, as a process of its own on data made beforehand.
#pragma once

#include <sys/types.h>

#include <string>

#include "crypto/keystore.h"
#include "node/home.h"
#include "tests/bench/world.h"

namespace simpul::bench {

// Makes the home of a member of `world` in `home`, all but its data, which World::open_store puts
// into home.data(). `cost` is what opening its keys will take.
void make_home(const World& world, const std::string& member, const Home& home,
               const KeystoreCost& cost);

// Resident memory of a process, MiB.
struct Memory {
  double anonymous = 0;  // its own
  double program = 0;    // text and constants of the program and its libraries
  double database = 0;   // pages of the database, which the system takes back when it wants
};

class RealNode {
 public:
  // Returns when the node says that it is ready.
  explicit RealNode(const Home& home);
  ~RealNode();  // SIGTERM, and waits
  RealNode(const RealNode&) = delete;
  RealNode& operator=(const RealNode&) = delete;

  double ready_after_ms() const { return ready_after_ms_; }
  Memory memory() const;

 private:
  pid_t pid_ = -1;
  int output_ = -1;
  double ready_after_ms_ = 0;
};

}  // namespace simpul::bench
