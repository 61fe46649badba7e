// What this machine can do at most, measured with its libraries alone, so that the node's own
// figures can be read beside it. Each is measured once, when it is first asked for.
#pragma once

#include <functional>
#include <map>
#include <string>

namespace simpul::bench {

class Limits {
 public:
  // `directory` lies where the benchmarks keep their data; `seconds` go into each measurement.
  Limits(std::string directory, double seconds)
      : directory_(std::move(directory)), seconds_(seconds) {}

  double lmdb_commits();      // of one record each, per second
  double synced_appends();    // of 4 KB, per second
  double sync_ms();           // median of one append of 400 bytes and fdatasync
  double sha256_mb();         // MB/s over 64 KB blocks
  double sha256_events();     // hashes of 400 bytes per second
  double signatures();        // Ed25519, per second
  double verifications();     // Ed25519, per second
  double curve_small();       // messages of 400 bytes per second over one CURVE link
  double curve_large_mb();    // MB/s in messages of 64 KB
  double curve_round_trip();  // ms, median
  // Events per second by everything that an acknowledged batch needs and nothing else: CURVE, a
  // hash per event, one signature per batch, appended to LMDB, committed, acknowledged.
  double composed(std::size_t batch);

 private:
  double once(const std::string& name, const std::function<double()>& measure);
  std::string directory_;
  double seconds_;
  std::map<std::string, double> known_;
};

}  // namespace simpul::bench
