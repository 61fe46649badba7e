// Which tree each table lies in: FORMAT.md tells it, and what the keys and values are.
#include <array>

#include "crypto/hash.h"
#include "storage/table.h"

namespace simpul {

namespace {

enum Tree : std::uint8_t {
  kStateTree,      // small values, of which nearly every step changes some
  kCaseTree,       // what belongs to one case, by its number
  kSubstanceTree,  // what belongs to one enclosure, by its digest: one random place for all of it
  kEventTree,
  kTileTree,
  kNodeTree,
  kCheckpointTree,
  kArrivalTree,
  kCaseNumberTree,
  kCaseIndexTree,
  kCaseAudienceTree,
  kMailboxItemTree,
  kPacketTree,
  kRosterTree,
  kAdmissionTree,
  kRetiredKeyTree,
  kNoteTree,
  kAlertTree,
  kImportTree,
  kForkProofTree,
  kAccessTree,
};

constexpr std::array<const char*, kTreeCount> kTreeNames = {
    "state",       "cases",       "substance",    "events",       "tiles",         "nodes",
    "checkpoints", "arrivals",    "case_numbers", "case_index",   "case_audience", "mailbox_items",
    "packets",     "rosters",     "admissions",   "retired_keys", "notes",         "alerts",
    "imports",     "fork_proofs", "access",
};

constexpr std::uint8_t kNumberSize = sizeof(std::uint64_t);

// Tags are on disk.
constexpr std::array<TablePlace, kTableCount> kPlaces = {{
    {kStateTree, 1},                     // kMeta
    {kStateTree, 2},                     // kJournalNumbers
    {kStateTree, 3},                     // kJournals
    {kEventTree},                        // kEvents
    {kTileTree},                         // kTiles
    {kNodeTree},                         // kNodes
    {kCheckpointTree},                   // kCheckpoints
    {kArrivalTree},                      // kArrivals
    {kCaseNumberTree},                   // kCaseNumbers
    {kCaseTree, 1, kNumberSize},         // kCaseNames
    {kCaseTree, 3, kNumberSize},         // kCaseEvents
    {kCaseTree, 2, kNumberSize},         // kCaseRows
    {kCaseIndexTree},                    // kCaseIndex
    {kStateTree, 4},                     // kCaseCounts
    {kCaseAudienceTree},                 // kCaseAudience
    {kMailboxItemTree},                  // kMailboxItems
    {kStateTree, 5},                     // kMailboxes
    {kStateTree, 6},                     // kInbound
    {kPacketTree},                       // kPackets
    {kSubstanceTree, 4, Digest::kSize},  // kPacketHashes
    {kSubstanceTree, 3, Digest::kSize},  // kPacketsByEnclosure
    {kSubstanceTree, 2, Digest::kSize},  // kEnclosureKeys
    {kSubstanceTree, 1, Digest::kSize},  // kEnclosures
    {kSubstanceTree, 6, Digest::kSize},  // kChunks
    {kStateTree, 7},                     // kWanted
    {kSubstanceTree, 5, Digest::kSize},  // kRelays
    {kStateTree, 8},                     // kQuotas
    {kStateTree, 10},                    // kUntold
    {kStateTree, 9},                     // kReceiptsReceived
    {kRosterTree},                       // kRosters
    {kAdmissionTree},                    // kAdmissions
    {kRetiredKeyTree},                   // kRetiredKeys
    {kNoteTree},                         // kNotes
    {kAlertTree},                        // kAlerts
    {kImportTree},                       // kImports
    {kForkProofTree},                    // kForkProofs
    {kAccessTree},                       // kAccess
}};

}  // namespace

TablePlace place_of(TableId table) {
  return kPlaces[static_cast<std::size_t>(table)];
}

const char* name_of_tree(std::size_t tree) {
  return kTreeNames[tree];
}

}  // namespace simpul
