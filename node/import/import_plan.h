// What happened to each request of a foreign city, as steps that members here take. Pure: the
// same file and mapping give every node the same plan, the same case ids and the same keys, so
// that each node can do its own steps and nobody else's. node/import/README.md has the rules.
#pragma once

#include <string>
#include <vector>

#include "crypto/hash.h"
#include "node/import/agency_map.h"
#include "node/import/open311.h"
#include "protocol/event.h"
#include "protocol/ids.h"

namespace simpul {

enum class ImportStepKind : std::uint8_t {
  kOpen,     // by the origin
  kNote,     // by the origin: an activity, an annotation
  kForward,  // by the origin, to the agency of a follow-on
  kAccept,   // by whom the last forward or return went to
  kAnswer,   // by the receiver, when its follow-on was closed
  kReturn,   // by the receiver: a forward back to the origin
  kClose,    // by the origin
};
const char* name_of(ImportStepKind kind);     // "open", ...
const char* command_of(ImportStepKind kind);  // "case.open", ...; the one that does it
EventKind event_kind_of(ImportStepKind kind);

struct ImportStep {
  ImportStepKind kind = ImportStepKind::kOpen;
  MemberId member;     // who takes it
  MemberId to;         // kForward, kReturn
  Instant happened{};  // as recorded
  std::string key;     // unlike any other step's, and the same in every run
  std::string text;    // for an enclosure; may be empty
  std::string reason;  // kForward, kReturn: a code
};

struct PlannedCase {
  std::string record;   // service_request_id
  Digest derived_from;  // gives the id: CaseId::derive(origin, derived_from)
  CaseId id;
  MemberId origin;
  std::string category, channel, place;
  std::vector<ImportStep> steps;  // in the order in which they can be taken
  MemberId custodian;             // in the end
  bool closed = false;            // in the end
};

struct ImportPlan {
  Privacy privacy = Privacy::kPublic;
  std::vector<PlannedCase> cases;       // in the file's order
  std::vector<ImportProblem> problems;  // what was left out or not taken literally
};

// `file.problems` come first in the plan's.
ImportPlan plan_import(const Open311File& file, const AgencyMap& mapping);

// A name as a code: lower case, everything else than letters and digits one hyphen. May be empty.
std::string slug_of(std::string_view name);

}  // namespace simpul
