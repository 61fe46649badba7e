#include "tests/bench/sections.h"

namespace simpul::bench {

void measure_limits(Run& run) {
  Limits& limits = run.limits;
  run.report.begin("limits", "what this machine does with its libraries alone");
  run.report.add("LMDB commits of one record", limits.lmdb_commits(), "/s");
  run.report.add("append of 4 KB and fdatasync", limits.synced_appends(), "/s");
  run.report.add("append of 400 bytes and fdatasync, p50", limits.sync_ms(), "ms");
  run.report.add("SHA-256", limits.sha256_mb(), "MB/s");
  run.report.add("SHA-256 of 400 bytes", limits.sha256_events(), "/s");
  run.report.add("Ed25519 signatures", limits.signatures(), "/s");
  run.report.add("Ed25519 verifications", limits.verifications(), "/s");
  run.report.add("ZeroMQ under CURVE, 400 bytes", limits.curve_small(), "/s");
  run.report.add("ZeroMQ under CURVE, 64 KB", limits.curve_large_mb(), "MB/s");
  run.report.add("ZeroMQ under CURVE, round trip, p50", limits.curve_round_trip(), "ms");
  for (const std::size_t batch : {1, 100, 1'000}) {
    run.report.add("composed, batches of " + std::to_string(batch), limits.composed(batch),
                   "events/s");
  }
}

}  // namespace simpul::bench
