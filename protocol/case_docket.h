// The verdicts of one fold, by ordinal. A later verdict on an event replaces the earlier one.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "protocol/custody.h"

namespace simpul {

class Docket {
 public:
  explicit Docket(std::size_t events) : entries_(events) {}

  bool is_judged(Ordinal ordinal) const { return entries_[ordinal].judged; }
  bool is_effective(Ordinal ordinal) const {
    return is_judged(ordinal) && verdict(ordinal) == Verdict::kEffective;
  }
  Verdict verdict(Ordinal ordinal) const { return entries_[ordinal].verdict; }
  const std::string& why(Ordinal ordinal) const { return entries_[ordinal].why; }

  void judge(Ordinal ordinal, Verdict verdict, std::string why = {}) {
    entries_[ordinal] = {true, verdict, std::move(why)};
  }
  void refuse(std::vector<Refusal> refusals) {
    for (Refusal& each : refusals) judge(each.ordinal, Verdict::kVoid, std::move(each.why));
  }
  // `verdict` for what counted in the epoch: kEffective, or kSuperseded off the route.
  void record(EpochRecord& epoch, Verdict verdict) {
    for (const Ordinal each : epoch.effective) judge(each, verdict);
    for (const Ordinal each : epoch.unknown) judge(each, Verdict::kUnknown);
    refuse(std::move(epoch.refused));
  }

 private:
  struct Entry {
    bool judged = false;
    Verdict verdict = Verdict::kVoid;
    std::string why;
  };
  std::vector<Entry> entries_;
};

}  // namespace simpul
