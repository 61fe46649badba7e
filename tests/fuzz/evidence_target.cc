// Evidence files. Whatever the file says, the checker ends with a report or an error, and a file
// that verifies under the root key of a federation it has nothing to do with does not exist.
#include "node/evidence.h"

#include "crypto/encoding.h"
#include "tests/fuzz/samples.h"
#include "tests/fuzz/script.h"
#include "tests/fuzz/targets.h"

namespace simpul::fuzz {

void fuzz_evidence(BytesView input) {
  const auto report = verify_evidence(as_text(input), std::nullopt);
  if (!report) {
    SIMPUL_CHECK(!report.error().message.empty());
    return;
  }
  SIMPUL_CHECK(report->at("verified").get<bool>() == report->at("damage").empty());
  (void)report->dump();  // what is shown: all of it must be text
  const VerifyKey stranger = signing_key(200).verify_key();
  const auto strange = verify_evidence(as_text(input), stranger);
  SIMPUL_CHECK(strange.has_value() && !strange->at("verified").get<bool>());
}

}  // namespace simpul::fuzz
