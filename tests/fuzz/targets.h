// The fuzz targets: each takes one input and checks more than that nothing crashes; what must hold
// is said at the top of its source. A broken claim ends the process. Targets keep no state that an
// input could change for the next one. tests/fuzz/README.md says how to run and add one.
#pragma once

#include <span>
#include <string_view>

#include "crypto/bytes.h"

namespace simpul::fuzz {

struct Target {
  std::string_view name;  // also of its corpus, corpus/NAME/
  void (*run)(BytesView input);
};

std::span<const Target> targets();
const Target* find_target(std::string_view name);

void fuzz_agency_map(BytesView input);
void fuzz_case_fold(BytesView input);
void fuzz_case_id(BytesView input);
void fuzz_case_row(BytesView input);
void fuzz_case_table(BytesView input);
void fuzz_checkpoint(BytesView input);
void fuzz_config(BytesView input);
void fuzz_control_wire(BytesView input);
void fuzz_csv(BytesView input);
void fuzz_csv_cases(BytesView input);
void fuzz_damaged_store(BytesView input);
void fuzz_enclosure_chunks(BytesView input);
void fuzz_enclosure_content(BytesView input);
void fuzz_enrolment(BytesView input);
void fuzz_event(BytesView input);
void fuzz_evidence(BytesView input);
void fuzz_federation_file(BytesView input);
void fuzz_fork_proof(BytesView input);
void fuzz_frame(BytesView input);
void fuzz_key_packet(BytesView input);
void fuzz_keystore(BytesView input);
void fuzz_link_pair(BytesView input);
void fuzz_link_session(BytesView input);
void fuzz_member_id(BytesView input);
void fuzz_merkle(BytesView input);
void fuzz_open311(BytesView input);
void fuzz_policy_file(BytesView input);
void fuzz_receipt(BytesView input);
void fuzz_restore_marker(BytesView input);
void fuzz_roster(BytesView input);
void fuzz_slander(BytesView input);
void fuzz_tables(BytesView input);
void fuzz_text(BytesView input);
void fuzz_time(BytesView input);

}  // namespace simpul::fuzz
