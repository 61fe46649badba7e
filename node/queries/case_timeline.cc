// case.timeline {case} -> {"case", "status", "timeline": [event...]}: each event with when it
// happened, was logged, came here, was delivered to and taken or declined by the offeree, the
// verdict of the fold and its grade.
#include <algorithm>
#include <map>

#include "node/queries/query.h"

namespace simpul {
namespace {

constexpr std::chrono::hours kClockSkew{24};  // by which an author's clock may be ahead

// Looks for when events arrived here: for the first arrival that covers each.
class ArrivalSearch {
 public:
  ArrivalSearch(const QueryContext& context, const std::vector<CaseEvent>& events)
      : arrivals_(context.tables.arrivals) {
    for (const CaseEvent& held : events) {
      const EventPosition& position = held.event.position;
      const auto number = context.tables.journals.number(position.journal);
      if (number && wanted_[*number].emplace(position.index, position).second) ++open_;
    }
  }

  void look(std::uint64_t from, std::uint64_t until) {
    if (open_ == 0 || from >= until) return;
    arrivals_.scan(from, [&](std::uint64_t sequence, const Arrival& arrival) {
      if (sequence >= until) return false;
      take(arrival);
      return open_ > 0;
    });
  }

  std::map<EventPosition, Instant> found() && { return std::move(received_); }

 private:
  void take(const Arrival& arrival) {
    const auto journal = wanted_.find(arrival.journal);
    if (journal == wanted_.end()) return;
    auto& indexes = journal->second;
    auto next = indexes.lower_bound(arrival.first);
    while (next != indexes.end() && next->first - arrival.first < arrival.count) {
      received_.emplace(next->second, arrival.received);
      next = indexes.erase(next);
      --open_;
    }
  }

  const ArrivalStore& arrivals_;
  std::map<std::uint32_t, std::map<std::uint64_t, EventPosition>> wanted_;
  std::map<EventPosition, Instant> received_;
  std::size_t open_ = 0;
};

// Hardly any came before the case began: those are looked for last.
std::map<EventPosition, Instant> arrivals_of(const QueryContext& context,
                                             const std::vector<CaseEvent>& events) {
  const auto earliest =
      std::ranges::min_element(events, {}, [](const CaseEvent& held) { return held.event.time; });
  if (earliest == events.end()) return {};
  const ArrivalStore& arrivals = context.tables.arrivals;
  const std::uint64_t begun = arrivals.first_since(earliest->event.time - kClockSkew);
  ArrivalSearch search(context, events);
  search.look(begun, arrivals.end());
  search.look(0, begun);
  return std::move(search).found();
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
