// hub.queue {limit} -> {"cases": [{case, category, region, custodian, why, label, since, route,
// declined, offer, owner, reasons, appealed_to}], "more": whether there are others}: what waits for
// a ruling. That is cases referred, then offers that nobody answered in time, then appeals that the
// node did not pass on by itself, then what lies with members that are suspended. `reasons` are the
// texts of referrals, declines and appeals, written for the ruling hub too.
#include <algorithm>

#include "node/engine/case_marks.h"
#include "node/engine/relations.h"
#include "node/queries/query.h"
#include "protocol/owners.h"

namespace simpul {
namespace {

constexpr std::int64_t kQueueDefault = 50;
constexpr std::int64_t kQueueMax = 1'000;

enum class Waits { kReferred, kUnanswered, kAppealed, kSuspended };

struct Waiting {
  CaseRow row;
  Waits why = Waits::kReferred;
};

Json why_json(Waits why) {
  switch (why) {
    case Waits::kReferred:
      return {{"why", "referred"}, {"label", {{"id", "Dimintakan penetapan"}, {"en", "Referred"}}}};
    case Waits::kUnanswered:
      return {{"why", "unanswered"},
              {"label", {{"id", "Penawaran tidak dijawab"}, {"en", "Offer unanswered"}}}};
    case Waits::kAppealed:
      return {{"why", "appealed"}, {"label", {{"id", "Keberatan pelapor"}, {"en", "Appealed"}}}};
    case Waits::kSuspended:
      return {{"why", "suspended"},
              {"label", {{"id", "Pemegang ditangguhkan"}, {"en", "Custodian suspended"}}}};
  }
  return {};
}

class QueueReader {
 public:
  QueueReader(const QueryContext& context, std::size_t limit) : context_(context), limit_(limit) {}

  std::vector<Waiting> read() {
    CaseFilter referred;
    referred.status = CaseStatus::kReferred;
    add_all(referred, Waits::kReferred, [](const CaseRow&) { return true; });
    CaseFilter offered;
    offered.status = CaseStatus::kForwarded;
    offered.due_before = context_.now;
    add_all(offered, Waits::kUnanswered,
            [this](const CaseRow& row) { return row.offer && row.offer->due < context_.now; });
    for (const CaseId& id : cases_marked(context_.tables, kAppealWaits)) {
      if (const auto row = context_.tables.cases.get(id)) add(*row, Waits::kAppealed);
    }
    for (const Member& member : context_.roster.members) {
      if (!member.suspended) continue;
      CaseFilter theirs;
      theirs.custodian = member.id;
      add_all(theirs, Waits::kSuspended, [](const CaseRow& row) {
        return row.status != CaseStatus::kClosed && row.status != CaseStatus::kReferred;
      });
    }
    return std::move(found_);
  }

 private:
  // One more than the limit tells that there are more.
  template <class Predicate>
  void add_all(const CaseFilter& filter, Waits why, Predicate waits) {
    Bytes from;
    do {
      CasePage page = context_.tables.cases.list(filter, limit_ + 1, from);
      for (CaseRow& row : page.rows) {
        if (found_.size() > limit_) return;
        if (waits(row)) add(row, why);
      }
      from = std::move(page.next);
    } while (!from.empty());
  }

  void add(const CaseRow& row, Waits why) {
    const auto same = [&](const Waiting& each) { return each.row.id == row.id; };
    if (found_.size() > limit_ || std::ranges::any_of(found_, same)) return;
    found_.push_back({row, why});
  }

  const QueryContext& context_;
  std::size_t limit_;
  std::vector<Waiting> found_;
};

// What the parties wrote to who rules, in order of time.
Json reasons_json(const QueryContext& context, const HeldCase& held) {
  Json reasons = Json::array();
  for (const Judged& judged : held.state.events) {
    const auto found = std::ranges::find(held.events, judged.hash, &CaseEvent::hash);
    if (found == held.events.end()) continue;
    const Event& event = found->event;
    const bool for_the_hub = event.kind == EventKind::kReferred ||
                             event.kind == EventKind::kDeclined ||
                             event.kind == EventKind::kAppealed;
    if (!for_the_hub) continue;
    for (const EnclosureRef& ref : event.enclosures) {
      if (ref.role != EnclosureRole::kReason) continue;
      reasons.push_back(text_json(context, event, ref, false));
      reasons.back()["kind"] = name_of(event.kind);
    }
  }
  return reasons;
}

Instant since(const Waiting& waiting, const HeldCase& held) {
  if (waiting.why == Waits::kUnanswered) return waiting.row.offer->due;
  if (waiting.why == Waits::kAppealed && held.state.appeal) return held.state.appeal->at;
  for (const CaseEvent& each : held.events) {
    if (held.state.referral == each.hash) return each.event.time;
  }
  return held.state.updated_at;
}

Result<Json> waiting_json(const QueryContext& context, const Waiting& waiting) {
  SIMPUL_TRY(held, held_case(context, waiting.row.id));
  const CaseState& state = held.state;
  Json json = why_json(waiting.why);
  json["case"] = state.id.text();
  json["category"] = state.category;
  json["region"] = state.region;
  json["custodian"] = state.custodian.text();
  json["since"] = to_text(since(waiting, held));
  json["route"] = route_json(state);
  json["declined"] = declines_json(state);
  json["declines_total"] = state.declines_total;
  if (state.offer) {
    json["offer"] = {{"to", state.offer->to.text()}, {"due", to_text(state.offer->due)}};
  }
  if (state.appeal) json["appealed_to"] = state.appeal->to.text();
  const auto* const owner = owner_of(context.roster.policy.owners, state.category, state.region);
  if (owner != nullptr) json["owner"] = owner->owner.text();
  json["reasons"] = reasons_json(context, held);
  return json;
}

}  // namespace

Result<Json> hub_queue(const QueryContext& context, const Arguments& arguments) {
  const std::int64_t limit = arguments.number("limit").value_or(kQueueDefault);
  if (limit < 1 || limit > kQueueMax) {
    return fail(ErrorCode::kMalformed, "limit is from 1 to " + std::to_string(kQueueMax));
  }
  if (!context.roster.is_hub(own_member(context))) {
    return fail(ErrorCode::kNotAllowed, "only a hub has a queue of cases to rule on");
  }
  std::vector<Waiting> found = QueueReader(context, static_cast<std::size_t>(limit)).read();
  const bool more = found.size() > static_cast<std::size_t>(limit);
  if (more) found.resize(static_cast<std::size_t>(limit));
  Json json{{"cases", Json::array()}, {"more", more}};
  for (const Waiting& waiting : found) {
    SIMPUL_TRY(row, waiting_json(context, waiting));
    json["cases"].push_back(std::move(row));
  }
  return json;
}

}  // namespace simpul
