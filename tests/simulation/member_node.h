// One member of the simulated country: its keys and its disk, which outlive its process, and
// its process, which comes and goes. Not thread-safe.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/clock.h"
#include "node/engine.h"
#include "node/restore_marker.h"
#include "protocol/roster.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/millis.h"
#include "tests/simulation/prng.h"

namespace simpul::sim {

inline constexpr std::int64_t kEpochMs = 1'767'225'600'000;  // 2026-01-01, at virtual time 0
inline constexpr std::uint64_t kMapBytes = 1ull << 32;       // of a database with room

struct MemberNode {
  MemberNode(std::size_t number, Identity who, MemberKind what, std::string where,
             std::string folder, std::uint64_t seed)
      : index(number),
        identity(std::move(who)),
        kind(what),
        endpoint(std::move(where)),
        data(std::move(folder)),
        random(seed, identity.member.text()) {}

  const std::string& name() const { return identity.member.text(); }
  bool running() const { return engine != nullptr; }
  // What its clock shows: the system's as set, steadied as a node does.
  Instant local(Millis now);

  std::size_t index;
  Identity identity;
  Bytes key_file;  // where its keys rest; read at each start
  MemberKind kind;
  std::string endpoint;  // empty: dials only
  std::string data;      // folder
  Prng random;

  std::optional<Store> store;
  std::unique_ptr<Engine> engine;
  std::vector<Input> inbox;
  Millis wake = 0;
  std::optional<Millis> start_at;  // its service manager starts it again
  std::uint64_t starts = 0;
  std::map<std::uint64_t, CommandInput> asked;  // commands without an answer yet

  // Beside the keys, not in the data folder.
  std::optional<RestoreMarker> marker;
  std::optional<OwnHead> noted;
  Millis next_note = 0;

  // What is wrong with it at present.
  Millis clock_offset = 0;
  SteadiedClock clock;
  Millis slow_by = 0;  // takes so long for a step
  DiskFault disk;
  std::uint64_t map_bytes = kMapBytes;  // the room that its database is given at a start
  bool rotten = false;                  // something stored was altered, and nobody knows it yet
  bool stingy = false;                  // grants no credit
  bool crash_within_step = false;       // after the commit, with only part of its outputs out

  bool issues_rosters = false;      // newer ones than others may have: its disk is spared
  std::uint64_t data_replaced = 0;  // lost, or put back from a copy: how often
};

}  // namespace simpul::sim
