// case.who {case} -> {"case", "privacy", "missing", "texts": [{"role", "event", "written",
// "readers": [{"member", "name", "fate", "spans": [{"ground", "since", "by", "until"}]}]}],
// "erasures": [{"by", "at", "ground", "outstanding": [{"member", "name"}]}]}: who has been entitled
// to which text, by the log, and who has yet to say that it destroyed what was erased. Needs no
// keys.
#include <algorithm>

#include "crypto/encoding.h"
#include "node/queries/query.h"
#include "protocol/case_readers.h"

namespace simpul {
namespace {

Json spans_json(const std::vector<ReadingSpan>& spans) {
  Json json = Json::array();
  for (const ReadingSpan& span : spans) {
    json.push_back(
        {{"ground", name_of(span.ground)}, {"since", to_text(span.since)}, {"by", span.by.text()}});
    if (span.until) json.back()["until"] = to_text(*span.until);
  }
  return json;
}

Json readers_json(const std::vector<Reading>& readings, const Event& event, const EnclosureRef& ref,
                  const Roster& roster) {
  Json json = Json::array();
  for (const Reading& reading : readings) {
    if (reading.event != event.position || reading.enclosure != ref.commitment.digest) continue;
    const Member* member = roster.find(reading.reader);
    json.push_back({{"member", reading.reader.text()},
                    {"name", member ? member->name : ""},
                    {"fate", name_of(reading.fate)},
                    {"spans", spans_json(reading.spans)}});
  }
  return json;
}

}  // namespace

Result<Json> case_who(const QueryContext& context, const Arguments& arguments) {
  SIMPUL_TRY(id, arguments.case_id());
  SIMPUL_TRY(held, held_case(context, id));
  const auto readings = readings_of(id, held.events, context.roster);
  Json texts = Json::array();
  for (const Judged& judged : held.state.events) {
    const auto found = std::ranges::find(held.events, judged.hash, &CaseEvent::hash);
    if (found == held.events.end()) continue;
    for (const EnclosureRef& ref : found->event.enclosures) {
      texts.push_back({{"role", name_of(ref.role)},
                       {"digest", to_hex(ref.commitment.digest.view())},
                       {"event", judged.position.text()},
                       {"kind", name_of(found->event.kind)},
                       {"label", label_json(found->event.kind)},
                       {"author", judged.position.journal.member.text()},
                       {"written", to_text(found->event.time)},
                       {"readers", readers_json(readings, found->event, ref, context.roster)}});
    }
  }
  return Json{{"case", id.text()},
              {"privacy", name_of(held.state.privacy)},
              {"missing", held.state.missing.size()},
              {"erasures", erasures_json(held.state, context.roster)},
              {"texts", std::move(texts)}};
}

}  // namespace simpul
