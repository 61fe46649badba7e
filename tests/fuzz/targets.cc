#include "tests/fuzz/targets.h"

#include <algorithm>
#include <array>

namespace simpul::fuzz {

namespace {

constexpr std::array kTargets = {
    Target{"agency_map", fuzz_agency_map},
    Target{"case_fold", fuzz_case_fold},
    Target{"case_id", fuzz_case_id},
    Target{"case_row", fuzz_case_row},
    Target{"case_table", fuzz_case_table},
    Target{"checkpoint", fuzz_checkpoint},
    Target{"config", fuzz_config},
    Target{"control_wire", fuzz_control_wire},
    Target{"csv", fuzz_csv},
    Target{"csv_cases", fuzz_csv_cases},
    Target{"damaged_store", fuzz_damaged_store},
    Target{"enclosure_chunks", fuzz_enclosure_chunks},
    Target{"enclosure_content", fuzz_enclosure_content},
    Target{"enrolment", fuzz_enrolment},
    Target{"event", fuzz_event},
    Target{"evidence", fuzz_evidence},
    Target{"federation_file", fuzz_federation_file},
    Target{"fork_proof", fuzz_fork_proof},
    Target{"frame", fuzz_frame},
    Target{"key_packet", fuzz_key_packet},
    Target{"keystore", fuzz_keystore},
    Target{"link_pair", fuzz_link_pair},
    Target{"link_session", fuzz_link_session},
    Target{"member_id", fuzz_member_id},
    Target{"merkle", fuzz_merkle},
    Target{"open311", fuzz_open311},
    Target{"policy_file", fuzz_policy_file},
    Target{"receipt", fuzz_receipt},
    Target{"restore_marker", fuzz_restore_marker},
    Target{"roster", fuzz_roster},
    Target{"slander", fuzz_slander},
    Target{"tables", fuzz_tables},
    Target{"text", fuzz_text},
    Target{"time", fuzz_time},
};

}  // namespace

std::span<const Target> targets() {
  return kTargets;
}

const Target* find_target(std::string_view name) {
  const auto found = std::ranges::find(kTargets, name, &Target::name);
  return found != kTargets.end() ? &*found : nullptr;
}

}  // namespace simpul::fuzz
