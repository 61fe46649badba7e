#include "node/engine/relation_desk.h"

#include <algorithm>

#include "node/engine/arguments.h"
#include "node/engine/drafts.h"
#include "node/engine/find_link.h"
#include "node/engine/reactions.h"
#include "protocol/merkle.h"

namespace simpul {
namespace {

// What the other case is to this one, if this is `relation` of it.
Relation seen_from_other(Relation relation) {
  switch (relation) {
    case Relation::kPartOf:
      return Relation::kHasPart;
    case Relation::kHasPart:
      return Relation::kPartOf;
    case Relation::kDuplicateOf:
      return Relation::kHasDuplicate;
    case Relation::kHasDuplicate:
      return Relation::kDuplicateOf;
    case Relation::kRelated:
      return Relation::kRelated;
  }
  return Relation::kRelated;
}

// What is said of one case alone is said of it, and never of what belongs to it; taken back is
// both.
Result<Relation> relation_argument(const Arguments& arguments, bool undone) {
  SIMPUL_TRY(name, arguments.text("as"));
  const auto relation = relation_of(name);
  const bool is_of_other = relation == Relation::kHasPart || relation == Relation::kHasDuplicate;
  if (relation && (undone || !is_of_other)) return *relation;
  const std::string known = "part-of, duplicate-of, related";
  return fail(ErrorCode::kMalformed,
              "'" + name + "' is none of " + known + (undone ? ", has-part, has-duplicate" : ""));
}

// Who is to be told of `other` because `id` hangs on it: whoever speaks with that one's reporter.
MemberId told_of_other(const CaseId& id, const MemberId& self) {
  return id.origin() == self ? MemberId{} : id.origin();
}

// The link of this node's case `file` to another, which asks for agreement where it is a duplicate.
Result<Linked> link_from(const Arguments& arguments, Relation relation, const CaseFile& other,
                         const CaseId& other_id) {
  Linked link{.relation = relation, .other = other_id, .with = {}, .undone = false};
  if (relation != Relation::kDuplicateOf) return link;
  if (arguments.has("with")) {
    SIMPUL_TRY(member, arguments.member("with"));
    link.with = member;
  } else {
    link.with = other.state.has_opened() ? other.state.custodian : other_id.origin();
  }
  return link;
}

Json done(const CaseId& id) {
  return {{"case", id.text()}, {"grade", "recorded"}};
}

}  // namespace

std::optional<Result<Json>> RelationDesk::run(Step& step, const std::string& name,
                                              const Json& arguments) {
  if (name == "case.link") return link(step, arguments, false);
  if (name == "case.unlink") return link(step, arguments, true);
  if (name == "case.split") return split(step, arguments);
  if (name == "case.agree") return answer(step, arguments, true);
  if (name == "case.disagree") return answer(step, arguments, false);
  return std::nullopt;
}

Result<CaseFile> RelationDesk::open(Step& step, const CaseId& id) {
  CaseFile file = files_.open(step.tables, id, step.roster);
  if (file.state.has_opened()) return file;
  return fail(ErrorCode::kNotFound, "no case " + id.text() + " is known here");
}

Result<void> RelationDesk::check(Step& step, const CaseFile& file, const EventBody& body) {
  return check_move(file.state, file.events, case_event(step, file, body), step.roster);
}

Result<EventHash> RelationDesk::write(Step& step, const CaseFile& file, EventBody body,
                                      const std::string& text) {
  std::vector<Draft> drafts;
  SIMPUL_TRY_VOID(draft_text(drafts, EnclosureRole::kReason, text, step.random));
  Event event = case_event(step, file, std::move(body));
  event.enclosures = refs_of(drafts);
  SIMPUL_TRY(position, author_.append(step, std::move(event)));
  keep_drafts(step, drafts, file.state.id, position);
  const auto bytes = step.tables.journals.event(position.journal, position.index);
  if (bytes) return leaf_hash(*bytes);
  return fail(ErrorCode::kStorage, position.text() + " could not be stored");
}

Result<Json> RelationDesk::link(Step& step, const Json& json, bool undone) {
  const Arguments arguments(json);
  SIMPUL_TRY(id, arguments.case_id());
  SIMPUL_TRY(other_id, arguments.case_id("other"));
  SIMPUL_TRY(relation, relation_argument(arguments, undone));
  SIMPUL_TRY(file, open(step, id));
  const CaseFile other = files_.open(step.tables, other_id, step.roster);
  SIMPUL_TRY(link, link_from(arguments, relation, other, other_id));
  link.undone = undone;
  if (undone) link.with = {};
  SIMPUL_TRY_VOID(check(step, file, link));

  const bool both_here = other.state.custodian == step.self.member;
  Linked back{.relation = seen_from_other(relation), .other = id, .with = {}, .undone = undone};
  if (!undone && relation != Relation::kRelated) back.with = told_of_other(id, step.self.member);
  const bool is_said_there = find_link(other.state, back.relation, id) != nullptr;
  const bool writes_back = both_here && is_said_there == undone;
  if (relation == Relation::kPartOf && !both_here && !undone) {
    return fail(ErrorCode::kNotAllowed, other_id.text() +
                                            " is not with this node: only who has "
                                            "both cases makes one a part of the other");
  }
  if (writes_back) SIMPUL_TRY_VOID(check(step, other, back));

  SIMPUL_TRY(hash, write(step, file, link, arguments.text_or("text", "")));
  if (writes_back) SIMPUL_TRY_VOID(write(step, other, back, ""));
  if (both_here && link.with == step.self.member) {
    SIMPUL_TRY(linked, open(step, id));
    SIMPUL_TRY_VOID(write(step, linked, LinkAnswered{hash, true}, ""));
  }
  return done(id);
}

Result<Json> RelationDesk::split(Step& step, const Json& json) {
  const Arguments arguments(json);
  SIMPUL_TRY(id, arguments.case_id());
  SIMPUL_TRY(file, open(step, id));
  const CaseState& whole = file.state;
  if (arguments.has("to")) {
    SIMPUL_TRY(to, arguments.member("to"));
    const Member* const member = step.roster.find(to);
    if (member == nullptr || member->suspended || member->kind == MemberKind::kAuditor) {
      return fail(ErrorCode::kNotAllowed, to.text() + " is no member that can be offered a part");
    }
    if (to == step.self.member) {
      return fail(ErrorCode::kNotAllowed, "the part is with this node: leave --to out");
    }
  }
  SIMPUL_TRY_VOID(arguments.instant("due"));
  const CaseId unused = CaseId::make(step.self.member, step.random);
  Linked of_whole{.relation = Relation::kHasPart, .other = unused, .with = {}, .undone = false};
  SIMPUL_TRY_VOID(check(step, file, of_whole));

  Json opening = json;
  opening["category"] = arguments.text_or("category", whole.category);
  opening["region"] = arguments.text_or("region", whole.region);
  opening["class"] = name_of(whole.case_class);
  opening["channel"] = name_of(whole.channel);
  opening["privacy"] = name_of(whole.privacy);
  SIMPUL_TRY(opened, *desk_.run(step, "case.open", opening));
  SIMPUL_TRY(part, CaseId::parse(opened["case"].get<std::string>()));
  const Json result{{"case", part.text()},
                    {"part_of", id.text()},
                    {"event", opened["event"]},
                    {"grade", "recorded"}};
  if (opened.contains("already")) return opened;

  of_whole.other = part;
  SIMPUL_TRY_VOID(write(step, file, of_whole, ""));
  SIMPUL_TRY(part_file, open(step, part));
  const Linked of_part{.relation = Relation::kPartOf, .other = id, .with = {}, .undone = false};
  SIMPUL_TRY_VOID(write(step, part_file, of_part, ""));
  if (!arguments.has("to")) return result;
  Json offer{{"case", part.text()}, {"to", json["to"]}, {"reason", "competence"}};
  if (json.contains("due")) offer["due"] = json["due"];
  SIMPUL_TRY_VOID(*desk_.run(step, "case.forward", offer));
  return result;
}

Result<Json> RelationDesk::answer(Step& step, const Json& json, bool agrees) {
  const Arguments arguments(json);
  SIMPUL_TRY(id, arguments.case_id());
  SIMPUL_TRY(file, open(step, id));
  const auto asked = std::ranges::find_if(file.state.links, [&](const CaseLink& each) {
    return each.relation == Relation::kDuplicateOf && each.with == step.self.member;
  });
  if (asked == file.state.links.end()) {
    return fail(ErrorCode::kNotAllowed,
                "nobody asks this node whether " + id.text() + " is a duplicate");
  }
  const LinkAnswered said{asked->hash, agrees};
  SIMPUL_TRY_VOID(check(step, file, said));
  const CaseFile survivor = files_.open(step.tables, asked->other, step.roster);
  const bool is_ours = survivor.state.custodian == step.self.member;
  if (agrees && !is_ours) {
    return fail(ErrorCode::kNotAllowed,
                asked->other.text() + " is not with this node: whoever has it is to agree");
  }
  const Linked back{.relation = Relation::kHasDuplicate,
                    .other = id,
                    .with = agrees ? told_of_other(id, step.self.member) : MemberId{},
                    .undone = !agrees};
  const bool is_said = find_link(survivor.state, Relation::kHasDuplicate, id) != nullptr;
  const bool writes_back = is_ours && is_said != agrees;
  if (writes_back) SIMPUL_TRY_VOID(check(step, survivor, back));
  SIMPUL_TRY_VOID(write(step, file, said, arguments.text_or("text", "")));
  if (writes_back) SIMPUL_TRY_VOID(write(step, survivor, back, ""));
  return done(id);
}

}  // namespace simpul
