#include "storage/case_row.h"

#include <algorithm>

#include "storage/codec.h"

namespace simpul {

namespace {

constexpr std::uint8_t kRowVersion = 2;  // 1 had no `timer`
constexpr std::uint64_t kAudienceMax = 100'000;

void write_offer(ValueWriter& out, const std::optional<CaseRow::OpenOffer>& offer) {
  out.flag(offer.has_value());
  if (offer) out.member(offer->to).instant(offer->due);
}

std::optional<CaseRow::OpenOffer> read_offer(ValueReader& in) {
  if (!in.flag()) return std::nullopt;
  CaseRow::OpenOffer offer;
  offer.to = in.member();
  offer.due = in.instant();
  return offer;
}

template <class Enum>
void write_enum(ValueWriter& out, Enum value) {
  out.u8(static_cast<std::uint8_t>(value));
}

void read_audience(ValueReader& in, std::vector<MemberId>& audience) {
  const std::uint64_t count = in.number();
  if (count > kAudienceMax) return in.spoil();
  for (std::uint64_t i = 0; i < count && in.good_so_far(); ++i) audience.push_back(in.member());
}

}  // namespace

std::optional<Instant> CaseRow::due() const {
  if (!offer) return deadline;
  return deadline ? std::min(offer->due, *deadline) : offer->due;
}

CaseRow row_of(const CaseState& state) {
  CaseRow row;
  row.id = state.id;
  row.status = state.status;
  row.custodian = state.custodian;
  row.origin = state.id.origin();
  row.opened_at = state.opened_at;
  row.updated_at = state.updated_at;
  row.region = state.region;
  row.category = state.category;
  row.unit = state.unit;
  row.case_class = state.case_class;
  row.channel = state.channel;
  row.privacy = state.privacy;
  if (state.offer) row.offer = CaseRow::OpenOffer{state.offer->to, state.offer->due};
  row.referred = state.referral.has_value();
  row.needs_upgrade = state.needs_upgrade;
  row.declines_total = state.declines_total;
  row.epochs = static_cast<std::uint32_t>(state.route.size());
  row.reopened_count = state.reopened_count;
  row.pending_count = state.pending_count;
  row.void_count = state.void_count;
  row.answered_at = state.answered_at;
  row.postponed_until = state.postponed_until;
  row.closed_at = state.closed_at;
  row.outcome = state.outcome;
  row.audience.assign(state.audience.begin(), state.audience.end());
  return row;
}

Bytes encode_case_row(const CaseRow& row) {
  ValueWriter out;
  out.u8(kRowVersion).text(row.id.text());
  write_enum(out, row.status);
  out.member(row.custodian).member(row.origin);
  out.instant(row.opened_at).instant(row.updated_at);
  out.text(row.region).text(row.category).text(row.unit);
  write_enum(out, row.case_class);
  write_enum(out, row.channel);
  write_enum(out, row.privacy);
  write_offer(out, row.offer);
  out.flag(row.referred).flag(row.needs_upgrade);
  out.number(row.declines_total).number(row.epochs).number(row.reopened_count);
  out.number(row.pending_count).number(row.void_count);
  out.instant(row.answered_at).instant(row.postponed_until).instant(row.closed_at);
  out.flag(row.outcome.has_value());
  if (row.outcome) write_enum(out, *row.outcome);
  out.instant(row.deadline).number(row.audience.size());
  for (const MemberId& member : row.audience) out.member(member);
  out.instant(row.timer);
  return out.take();
}

Result<CaseRow> decode_case_row(BytesView bytes) {
  ValueReader in(bytes);
  const std::uint8_t version = in.u8();
  if (version < 1 || version > kRowVersion) return std::unexpected(damaged("row of a case"));
  CaseRow row;
  row.id = in.case_id();
  row.status = in.choice(CaseStatus::kClosed);
  row.custodian = in.member();
  row.origin = in.member();
  row.opened_at = in.instant();
  row.updated_at = in.instant();
  row.region = in.text();
  row.category = in.text();
  row.unit = in.text();
  row.case_class = in.choice(CaseClass::kComplaintOversight);
  row.channel = in.choice(Channel::kImport);
  row.privacy = in.choice(Privacy::kConfidential);
  row.offer = read_offer(in);
  row.referred = in.flag();
  row.needs_upgrade = in.flag();
  row.declines_total = in.number32();
  row.epochs = in.number32();
  row.reopened_count = in.number32();
  row.pending_count = in.number32();
  row.void_count = in.number32();
  row.answered_at = in.optional_instant();
  row.postponed_until = in.optional_instant();
  row.closed_at = in.optional_instant();
  if (in.flag()) row.outcome = in.choice(Outcome::kExpired);
  row.deadline = in.optional_instant();
  read_audience(in, row.audience);
  if (version > 1) row.timer = in.optional_instant();
  if (!in.good()) return std::unexpected(damaged("row of a case"));
  return row;
}

}  // namespace simpul
