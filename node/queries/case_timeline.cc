// case.timeline {case} -> {"case", "status", "timeline": [event...]}: each event with when it
// happened, was logged, came here, was delivered to and taken or declined by the offeree, the
// verdict of the fold and its grade.
#include <algorithm>
#include <map>

#include "node/queries/query.h"

namespace simpul {
namespace {

// When these events arrived here: the first arrival that covers each.
std::map<EventPosition, Instant> arrivals_of(const QueryContext& context,
                                             const std::vector<CaseEvent>& events) {
  std::map<std::uint32_t, std::map<std::uint64_t, EventPosition>> wanted;
  std::size_t open = 0;
  for (const CaseEvent& held : events) {
    const EventPosition& position = held.event.position;
    const auto number = context.tables.journals.number(position.journal);
    if (number && wanted[*number].emplace(position.index, position).second) ++open;
  }
  std::map<EventPosition, Instant> received;
  context.tables.arrivals.scan(0, [&](std::uint64_t, const Arrival& arrival) {
    const auto journal = wanted.find(arrival.journal);
    if (journal == wanted.end()) return true;
    auto& indexes = journal->second;
    auto next = indexes.lower_bound(arrival.first);
    while (next != indexes.end() && next->first - arrival.first < arrival.count) {
      received.emplace(next->second, arrival.received);
      next = indexes.erase(next);
      --open;
    }
    return open > 0;
  });
  return received;
}

// What became of an offer.
void put_offer_fate(Json& json, const EventHash& offer, const std::vector<CaseEvent>& events) {
  const auto put = [&](const char* name, Instant time) {
    if (!json.contains(name)) json[name] = to_text(time);
  };
  for (const CaseEvent& held : events) {
    const Event& event = held.event;
    const Instant time = event.happened.value_or(event.time);
    if (const auto* body = std::get_if<Delivered>(&event.body); body && body->offer == offer) {
      put("delivered", time);
    } else if (const auto* taken = std::get_if<Accepted>(&event.body);
               taken && taken->offer == offer) {
      put("accepted", time);
    } else if (const auto* refused = std::get_if<Declined>(&event.body);
               refused && refused->offer == offer) {
      put("declined", time);
    }
  }
}

}  // namespace

Result<Json> case_timeline(const QueryContext& context, const Arguments& arguments) {
  SIMPUL_TRY(id, arguments.case_id());
  SIMPUL_TRY(held, held_case(context, id));
  const auto received = arrivals_of(context, held.events);
  Grades grades(context);
  Json timeline = Json::array();
  for (const Judged& judged : held.state.events) {
    const auto found = std::ranges::find(held.events, judged.hash, &CaseEvent::hash);
    if (found == held.events.end()) continue;
    Json json = event_json(found->event);
    json["verdict"] = name_of(judged.verdict);
    if (!judged.why.empty()) json["why"] = judged.why;
    json["grade"] = grades.of(judged.position);
    if (const auto time = received.find(judged.position); time != received.end()) {
      json["received"] = to_text(time->second);
    }
    if (found->event.kind == EventKind::kForwarded) {
      put_offer_fate(json, judged.hash, held.events);
    }
    timeline.push_back(std::move(json));
  }
  return Json{{"case", id.text()},
              {"status", name_of(held.state.status)},
              {"label", label_json(held.state.status)},
              {"custodian", held.state.custodian.text()},
              {"missing", held.state.missing.size()},
              {"timeline", std::move(timeline)}};
}

}  // namespace simpul
