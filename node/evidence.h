// Evidence: one JSON file that proves to anyone, offline, what happened to a case. Written by the
// query "evidence", checked here from nothing but the file and the federation's root key.
//
//   {"format": "simpul-evidence/1", "case", "made": {"by", "at"}, "federation",
//    "root_key": hex, "roster": base64 of the signed roster,
//    "journals": [{"journal", "checkpoint": note,
//                  "witnessed": [{"checkpoint": note, "consistency": [base64...]}],
//                  "events": [{"index", "event": base64, "proof": [base64...]}]}]}
//
// `checkpoint` is the journal's newest; each event's proof leads to its root. `witnessed` are
// heads that others cosigned (receipts), proved to be beginnings of the same tree. A journal that
// forked also has "disputed_from" and "fork_proof" (base64): its events from there on do not count.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "node/engine.h"
#include "protocol/roster.h"

namespace simpul {

inline constexpr std::string_view kEvidenceFormat = "simpul-evidence/1";
inline constexpr std::size_t kEvidenceSizeMax = 64u << 20;
inline constexpr std::size_t kEvidenceDepthMax = 32;  // of nesting; the format needs 6

// The roster's keys in the form that fork proofs are checked with. `roster` must outlive it.
std::function<std::optional<VerifyKey>(const JournalId&, std::uint64_t)> author_key(
    const Roster& roster);

// What an evidence file says, and whether it holds. Pure; no store, no network.
//   {"verified": bool, "case", "status", "label", "custodian", "root_key", "roster": {...},
//    "root_key_given": bool, "journals": [{journal, size, events, cosigned_by}], "route",
//    "timeline", "damage": ["sentence", ...]}
// `root_key` is the one known from elsewhere; without it the file's own is taken, which proves
// nothing until it is compared. Error::kMalformed when the file cannot be read as evidence at all.
Result<Json> verify_evidence(std::string_view file, const std::optional<VerifyKey>& root_key);

}  // namespace simpul
