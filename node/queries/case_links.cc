// case.links {} -> {"cases": [the links of case.show, each with the "case" that bears it]}: cases
// of others that are said to be duplicates of cases here, which this node has yet to answer.
#include "node/engine/case_marks.h"
#include "node/engine/relations.h"
#include "node/queries/query.h"

namespace simpul {
namespace {

// How the other case stands, if it is held here.
Json other_json(const QueryContext& context, const CaseId& other) {
  const auto row = context.tables.cases.get(other);
  if (!row || row->custodian.empty()) return {};
  return {{"label", label_json(row->status)},
          {"status", name_of(row->status)},
          {"custodian", row->custodian.text()},
          {"updated", to_text(row->updated_at)}};
}

Json link_json(const QueryContext& context, const CaseLink& link) {
  Json json{{"as", name_of(link.relation)},
            {"other", link.other.text()},
            {"by", link.by.text()},
            {"since", to_text(link.since)}};
  if (!link.with.empty()) json["with"] = link.with.text();
  if (link.agreed) json["agreed"] = *link.agreed;
  if (link.report) {
    json["report"] = {{"stage", name_of(link.report->stage)},
                      {"custodian", link.report->custodian.text()}};
    if (link.report->stage == PartStage::kClosed) {
      json["report"]["outcome"] = name_of(link.report->outcome);
    }
  }
  Json here = other_json(context, link.other);
  if (!here.is_null()) json["here"] = std::move(here);
  return json;
}

}  // namespace

Json links_json(const QueryContext& context, const CaseState& state) {
  Json json = Json::array();
  for (const CaseLink& link : state.links) json.push_back(link_json(context, link));
  return json;
}

Result<Json> case_links(const QueryContext& context, const Arguments&) {
  const MemberId self = own_member(context);
  Json cases = Json::array();
  for (const CaseId& id : cases_marked(context.tables, kLinkAsked)) {
    SIMPUL_TRY(held, held_case(context, id));
    for (const CaseLink& link : held.state.links) {
      if (link.relation != Relation::kDuplicateOf || link.with != self || link.agreed) continue;
      cases.push_back(link_json(context, link));
      cases.back()["case"] = id.text();
    }
  }
  return Json{{"cases", std::move(cases)}};
}

}  // namespace simpul
