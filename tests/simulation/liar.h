// One member that lies, and the kinds of lies there are. A liar's own engine is honest; what stands
// between it and its lines is not: it changes, keeps back and makes up frames, and writes into its
// own journal what no honest node would. It has its own keys and nobody else's. Not thread-safe.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "protocol/frame.h"
#include "tests/simulation/second_history.h"
#include "tests/simulation/world.h"

namespace simpul::sim {

class Observer;
class Witness;

// A frame that went over one of its links, some time.
struct Overheard {
  Bytes frame;
  std::size_t peer = 0;
  bool sent = false;  // else received
};

struct Liar {
  Liar(MemberNode& who, std::uint64_t seed) : node(who), random(seed, "liar " + who.name()) {}

  MemberNode& node;
  Prng random;
  std::map<std::string, Millis> telling;  // lies that last, and until when
  std::vector<Overheard> overheard;       // some of all there ever were
  std::set<std::size_t> kept_from;        // peers from which something is kept back
  std::multimap<Millis, std::function<void()>> later;

  // What it tells others of one of its journals, whom, and in which state of its data it began.
  std::optional<SecondHistory> second;
  std::set<std::size_t> misled;
  std::uint64_t second_of_data = 0;

  bool is_hub() const { return node.kind == MemberKind::kHub; }
};

// What a lie is told with.
struct LieStage {
  World& world;
  Witness& witness;
  Observer& observer;  // to whom alone the truth is told
  std::map<std::string, std::uint64_t>& counts;

  void count(const char* kind) { ++counts[kind]; }
  // To whom the liar has a link, one drawn; nullptr if it has none. Never another liar.
  MemberNode* draw_peer(Liar& liar) const;
  // Past what stands in between; false if there is no link.
  bool send(Liar& liar, MemberNode& to, const Frame& frame) const;
  bool send_bytes(Liar& liar, MemberNode& to, Bytes frame) const;
  std::set<MemberId> liars;
};

struct Lie {
  const char* name;
  bool by_hub;
  Millis every;  // of each liar, on average
  // Told at once; or, where it lasts, from then on.
  void (*tell)(LieStage& stage, Liar& liar);
  Millis lasts;  // on average; 0: told at once
  // While it lasts: of each frame that the liar sends. False: it is not sent.
  bool (*each_frame)(LieStage& stage, Liar& liar, MemberNode& to, LinkId link, Bytes& frame);
};

// By idea: lies_*.cc.
std::vector<Lie> record_lies();  // forged, kept back
std::vector<Lie> case_lies();    // offers and accepts of what is not its
std::vector<Lie> link_lies();    // replayed, too much, too large, too old
std::vector<Lie> hub_lies();     // relayed badly
std::vector<Lie> fork_lies();    // two histories
// Whether what comes from there may reach the liar's own program, which knows of one history.
bool hears(const Liar& liar, const MemberNode& from, const Bytes& frame);

// The frame, if it is of that kind.
template <class Kind>
std::optional<Kind> frame_as(const Bytes& bytes) {
  auto frame = decode_frame(bytes);
  if (!frame || !std::holds_alternative<Kind>(*frame)) return std::nullopt;
  return std::get<Kind>(std::move(*frame));
}

}  // namespace simpul::sim
