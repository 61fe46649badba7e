// Service requests as a GeoReport v2 response (Open311) states them, validated. Pure: bytes in,
// values and complaints out. Any thread. It never guesses: a record with something missing or of
// the wrong type is complained of and left out whole.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"
#include "protocol/ids.h"

namespace simpul {

inline constexpr std::size_t kOpen311SizeMax = 100'000'000;  // bytes of a response; held in memory
inline constexpr std::size_t kOpen311DepthMax = 32;          // of nesting; the format needs 5
inline constexpr std::size_t kOpen311RecordsMax = 200'000;   // of one response
inline constexpr std::size_t kOpen311NotesMax = 400;  // of a record: a case folds 4096 events
inline constexpr std::size_t kOpen311TextSizeMax = 48 * 1024;  // of all texts of a record
inline constexpr std::size_t kOpen311NameSizeMax = 256;        // of an id, a name, an agency

// What was wrong with a record or a part of it.
struct ImportProblem {
  std::string record;    // its service_request_id, or "#4" by place (from 1) where it has none
  std::string what;      // "malformed", "missing-field", "unknown-agency", "unpaired-close", ...
  std::string why;       // a sentence
  bool skipped = false;  // the whole record was left out
};

inline constexpr std::string_view kFollowOnCreated = "follow_on_created";
inline constexpr std::string_view kFollowOnClosed = "follow_on_closed";

struct Open311Note {
  Instant time{};
  std::string type;  // "activity", "follow_on_created", "follow_on_closed", ...
  std::string text;  // description, or else the summary; both where they differ and neither is
                     // the description of a follow-on
  std::string follow_on, agency;  // of a follow-on only
};

struct Open311Record {
  std::string id;
  bool closed = false;
  std::string status_notes;
  std::string service_name, service_code;  // one of them may be empty
  std::string agency;                      // agency_responsible
  std::string channel;                     // extended_attributes.channel; may be empty
  Instant requested{};
  std::optional<Instant> updated;
  std::string narrative;  // description, attributes, media_url
  std::string place;      // address and coordinates
  std::vector<Open311Note> notes;
};

struct Open311File {
  std::vector<Open311Record> records;  // each id once
  std::vector<ImportProblem> problems;
};

// Error::kTooLarge past a limit on the whole; Error::kMalformed where it is no JSON array.
Result<Open311File> read_open311(std::string_view json);

// RFC 3339 with a zone, as GeoReport demands; the error names what was given.
Result<Instant> parse_open311_time(const std::string& text);

}  // namespace simpul
