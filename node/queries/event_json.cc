// Events as JSON: codes, ids, times and digests, as they stand in the journal.
#include "crypto/encoding.h"
#include "node/queries/query.h"

namespace simpul {
namespace {

Json head_json(const HeadRef& head) {
  return {
      {"journal", head.journal.text()}, {"size", head.size}, {"root", to_base64(head.root.view())}};
}

const char* field_name(CorrectedField field) {
  switch (field) {
    case CorrectedField::kRegion:
      return "region";
    case CorrectedField::kCategory:
      return "category";
    case CorrectedField::kClass:
      return "class";
  }
  return "unknown";
}

struct BodyVisitor {
  Json operator()(const Opened& body) const {
    return {{"channel", name_of(body.channel)},
            {"class", name_of(body.case_class)},
            {"privacy", name_of(body.privacy)},
            {"region", body.region},
            {"category", body.category}};
  }
  Json operator()(const Assigned& body) const { return {{"unit", body.unit}}; }
  Json operator()(const Postponed& body) const {
    return {{"reason", body.reason}, {"until", to_text(body.until)}};
  }
  Json operator()(const Forwarded& body) const {
    return {{"to", body.to.text()}, {"due", to_text(body.due)}, {"reason", body.reason}};
  }
  Json operator()(const Referred& body) const { return {{"ground", body.ground}}; }
  Json operator()(const Closed& body) const {
    Json json{{"outcome", name_of(body.outcome)}};
    if (!body.duplicate_of.empty()) json["duplicate_of"] = body.duplicate_of.text();
    return json;
  }
  Json operator()(const Reopened& body) const { return {{"reason", body.reason}}; }
  Json operator()(const Corrected& body) const {
    return {{"field", field_name(body.field)}, {"value", body.value}};
  }
  Json operator()(const Delivered& body) const { return {{"seen", head_json(body.seen)}}; }
  Json operator()(const Declined& body) const {
    Json json{{"reason", body.reason}};
    if (!body.suggested.empty()) json["suggested"] = body.suggested.text();
    return json;
  }
  Json operator()(const Ruled& body) const {
    return {{"to", body.to.text()}, {"ground", body.ground}};
  }
  Json operator()(const Settled& body) const { return {{"head", head_json(body.head)}}; }
  Json operator()(const Rated& body) const { return {{"stars", body.stars}}; }
  Json operator()(const PrivacyChanged& body) const { return {{"privacy", name_of(body.privacy)}}; }
  Json operator()(const Escalated& body) const { return {{"clock", name_of(body.stage)}}; }
  Json operator()(const Erased& body) const { return {{"ground", body.ground}}; }
  Json operator()(const LegalHold& body) const { return {{"holds", body.holds}}; }
  Json operator()(const Linked& body) const {
    Json json{{"as", name_of(body.relation)}, {"other", body.other.text()}};
    if (!body.with.empty()) json["with"] = body.with.text();
    if (body.undone) json["undone"] = true;
    return json;
  }
  Json operator()(const PartReported& body) const {
    Json json{{"part", body.part.text()},
              {"stage", name_of(body.stage)},
              {"custodian", body.custodian.text()}};
    if (body.stage == PartStage::kClosed) json["outcome"] = name_of(body.outcome);
    return json;
  }
  Json operator()(const LinkAnswered& body) const { return {{"agrees", body.agrees}}; }
  Json operator()(const Appealed& body) const { return {{"to", body.to.text()}}; }
  Json operator()(const GenerationOpened& body) const {
    return {{"previous", head_json(body.previous)}};
  }
  Json operator()(const KeyRotated& body) const {
    return {{"version", body.version},
            {"key", to_hex(body.key.view())},
            {"from_generation", body.from_generation}};
  }
  template <class Body>
  Json operator()(const Body&) const {
    return Json::object();
  }
};

}  // namespace

Json body_json(const EventBody& body) {
  return std::visit(BodyVisitor{}, body);
}

Json event_json(const Event& event) {
  const char* kind = name_of(event.kind);
  Json json{{"event", event.position.text()},
            {"kind", kind ? kind : "unknown-" + std::to_string(static_cast<unsigned>(event.kind))},
            {"label", label_json(event.kind)},
            {"author", event.position.journal.member.text()},
            {"logged", to_text(event.time)},
            {"happened", to_text(event.happened.value_or(event.time))},
            {"changes_state", event.state_changing},
            {"details", body_json(event.body)}};
  if (!event.case_id.empty()) json["case"] = event.case_id.text();
  json["enclosures"] = Json::array();
  for (const EnclosureRef& ref : event.enclosures) {
    json["enclosures"].push_back(
        {{"role", name_of(ref.role)}, {"digest", to_hex(ref.commitment.digest.view())}});
  }
  return json;
}

Json hashes_json(std::span<const Digest> hashes) {
  Json json = Json::array();
  for (const Digest& hash : hashes) json.push_back(to_base64(hash.view()));
  return json;
}

}  // namespace simpul
