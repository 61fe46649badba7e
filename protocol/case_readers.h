// Who has been entitled to which texts of a case, since when, on what ground and until when: what
// has to be answered when a person asks who knows what about them, or when something leaked. A pure
// function of the case's events and the roster. It tells what nodes that keep the rules were given;
// what left in other ways stands in no log. SPEC section "Who has read what".
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "protocol/case_state.h"

namespace simpul {

enum class ReadingGround : std::uint8_t {
  kAuthor = 0,  // wrote it
  kOrigin = 1,
  kCustodian = 2,
  kOfferee = 3,
  kHub = 4,     // of a public case, or asked to rule
  kLinked = 5,  // named by a link
};
const char* name_of(ReadingGround ground);  // "author", ...

enum class KeyFate : std::uint8_t {
  kInForce = 0,    // entitled as the case stands
  kKept = 1,       // no longer entitled, and nothing says that the key is gone
  kDestroyed = 2,  // declined without ever having been custodian, or said to be destroyed
};
const char* name_of(KeyFate fate);  // "in-force", ...

struct ReadingSpan {
  ReadingGround ground = ReadingGround::kAuthor;
  Instant since{};
  EventPosition by;              // the event that gave the ground
  std::optional<Instant> until;  // when the ground fell away
};

struct Reading {
  MemberId reader;
  EnclosureRole role = EnclosureRole::kNarrative;
  Digest enclosure;
  EventPosition event;             // that commits to it
  std::vector<ReadingSpan> spans;  // in order; never empty
  KeyFate fate = KeyFate::kInForce;
};

// By reader, then in the order of the events. Times are those at which events were logged: that is
// when keys are given. Hubs and entitlements are those of `roster`, past ones too.
std::vector<Reading> readings_of(const CaseId& id, std::span<const CaseEvent> events,
                                 const Roster& roster);

}  // namespace simpul
