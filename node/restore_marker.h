// Tells a data folder that was lost or put back from a copy from one that simply goes on.
//
// At each start a node draws a fresh nonce and writes it into the database and into
// HOME/keys/marker, outside the data folder. While it runs it notes how long its own journal
// is in HOME/keys/marker-head, which only ever grows. A database whose nonce is not the marker's,
// or whose journal is shorter than noted, is an older copy: the node must not go on authoring in
// that journal, nor begin a generation that was noted.
//
// The nonce is changed in three steps (the marker names old and new; the database takes the
// new; the marker forgets the old), so a crash between them accuses nobody.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "node/home.h"
#include "storage/store.h"

namespace simpul {

// In MetaStore: the data was judged restored at some start. The engine clears it when a hub
// has confirmed the journal or the next generation is open.
inline constexpr std::string_view kDataRestoredFlag = "data-restored";

struct RestoreMarker {
  Bytes nonce;       // empty: the first start is not over
  Bytes next_nonce;  // empty but during a start
};

struct OwnHead {
  std::uint32_t generation = 0;
  std::uint64_t size = 0;
  auto operator<=>(const OwnHead&) const = default;
};

struct DataState {
  Bytes nonce;  // empty: no node ever ran on this data
  OwnHead head;
};

// The sentence to log when the data is not what this node left; nullopt when all is well,
// which includes a fresh node. Pure.
std::optional<std::string> judge_restore(const std::optional<RestoreMarker>& marker,
                                         const std::optional<OwnHead>& noted,
                                         const DataState& data);

std::string to_text(const RestoreMarker& marker);
Result<RestoreMarker> parse_marker(std::string_view text);
std::string to_text(const OwnHead& head);
std::optional<OwnHead> parse_own_head(std::string_view text);

OwnHead own_head(Tables& tables, const MemberId& self);

// At a start, before the engine opens: judges, then gives the data a new nonce. What
// judge_restore() said; an error when marker or database cannot be read or written.
Result<std::optional<std::string>> renew_marker(const Home& home, const Store& store,
                                                const MemberId& self, Random& random);

// While the node runs, now and then, after commits. What was noted further on stays; a new
// generation is on the disk when the call returns.
Result<void> note_own_head(const Home& home, const OwnHead& head);

// The highest generation noted; 0 if none is.
std::uint32_t noted_generation(const Home& home);

}  // namespace simpul
