// What lists and counts need of a case: a snapshot of its folded state, small enough to read by
// the thousand. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/result.h"
#include "protocol/case_state.h"
#include "protocol/ids.h"

namespace simpul {

struct CaseRow {
  struct OpenOffer {
    MemberId to;
    Instant due{};
    bool operator==(const OpenOffer&) const = default;
  };

  CaseId id;
  CaseStatus status = CaseStatus::kReceived;
  MemberId custodian;  // empty while the opening event is missing
  MemberId origin;
  Instant opened_at{}, updated_at{};
  std::string region, category, unit;
  CaseClass case_class = CaseClass::kComplaint;
  Channel channel = Channel::kOther;
  Privacy privacy = Privacy::kPublic;
  std::optional<OpenOffer> offer;
  bool referred = false;  // a ruling is awaited
  bool needs_upgrade = false;
  std::uint32_t declines_total = 0;
  std::uint32_t epochs = 0;
  std::uint32_t reopened_count = 0;
  std::uint32_t pending_count = 0, void_count = 0;
  std::optional<Instant> answered_at, postponed_until, closed_at;
  std::optional<Outcome> outcome;
  std::optional<Instant> deadline;  // of the clock that runs; the engine's to compute
  std::optional<Instant> timer;     // when this node is to act by itself; likewise
  std::vector<MemberId> audience;   // sorted

  bool operator==(const CaseRow&) const = default;

  // When something must happen: the earlier of the offer's due and the deadline.
  std::optional<Instant> due() const;
};

// All fields but `deadline` and `timer`.
CaseRow row_of(const CaseState& state);

Bytes encode_case_row(const CaseRow& row);
// Error::kStorage if the bytes are not a row of a version known here.
Result<CaseRow> decode_case_row(BytesView bytes);

}  // namespace simpul
