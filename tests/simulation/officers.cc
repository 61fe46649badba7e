#include "tests/simulation/officers.h"

#include "crypto/encoding.h"
#include "node/engine/case_marks.h"
#include "node/engine/relations.h"

namespace simpul::sim {
namespace {

constexpr std::size_t kRecentCases = 60;
constexpr std::size_t kAttachmentMax = 200'000;
constexpr std::size_t kLinksKept = 20;

}  // namespace

Officers::Officers(World& world, std::uint64_t seed, Millis pace)
    : world_(world), random_(seed, "officers"), pace_(pace) {
  next_ = world_.now() + random_.about(pace_);
}

void Officers::act() {
  while (next_ <= world_.now()) {
    next_ += random_.about(pace_);
    MemberNode& node = *random_.pick(world_.nodes());
    if (!node.running()) continue;
    const bool is_hub = node.kind == MemberKind::kHub;
    if (!is_hub && (recent_.empty() || random_.percent(20))) {
      open(node);
    } else if (!recent_.empty()) {
      work(node);
    }
  }
}

void Officers::replied(const MemberNode&, const CommandInput& command, const Result<Json>& result) {
  if (!result) {
    ++refused_;
    return;
  }
  ++recorded_;
  if (command.name == "case.link") {
    linked_.push_back(command.arguments);
    if (linked_.size() > kLinksKept) linked_.pop_front();
  }
  if (command.name != "case.open" && command.name != "case.split") return;
  recent_.push_back((*result)["case"].get<std::string>());
  if (recent_.size() > kRecentCases) recent_.pop_front();
}

void Officers::give(MemberNode& node, const std::string& name, Json arguments) {
  ++given_;
  world_.command(node, name, std::move(arguments));
}

std::string Officers::words() {
  return kWordsBegin + to_hex(random_.bytes(static_cast<std::size_t>(random_.between(4, 40))));
}

void Officers::open(MemberNode& node) {
  static const std::vector<std::string> kPrivacy{"public", "public", "anonymous", "confidential"};
  static const std::vector<std::string> kCategory{"roads.hole", "water", "health.clinic",
                                                  "licences"};
  Json arguments{{"category", random_.pick(kCategory)},
                 {"privacy", random_.pick(kPrivacy)},
                 {"text", words()}};
  if (random_.percent(60)) arguments["identity"] = words();
  give(node, "case.open", std::move(arguments));
}

std::string Officers::someone_else(const MemberNode& node) {
  for (;;) {
    const MemberNode& other = *random_.pick(world_.nodes());
    if (&other != &node && other.kind != MemberKind::kHub) return other.name();
  }
}

// Looks at a case that the node knows, preferring those on its own desk.
void Officers::work(MemberNode& node) {
  std::optional<CaseRow> row;
  {
    ReadTransaction transaction = node.store->read();
    Tables tables(transaction);
    for (int tries = 0; tries < 12; ++tries) {
      const std::string& text = recent_[random_.under(recent_.size())];
      auto found = tables.cases.get(*CaseId::parse(text));
      if (!found) continue;
      row = std::move(found);
      const bool on_desk = row->custodian == node.identity.member ||
                           (row->offer && row->offer->to == node.identity.member);
      if (on_desk || random_.percent(10)) break;
    }
  }
  if (!row) return;
  const MemberId& self = node.identity.member;
  Choice choice;
  if (random_.percent(6)) {
    choice = as_anyone();
  } else if (random_.percent(10)) {
    choice = as_asked(node);
  } else if (row->offer && row->offer->to == self) {
    choice = as_offeree();
  } else if (row->custodian == self) {
    choice = as_custodian(node, *row);
  } else {
    choice = as_bystander(node, *row);
  }
  if (choice.name.empty()) return;
  if (!choice.arguments.contains("case")) choice.arguments["case"] = row->id.text();
  const bool races = random_.percent(3);
  if (races) give(node, choice.name, choice.arguments);
  give(node, choice.name, std::move(choice.arguments));
}

Officers::Choice Officers::as_offeree() {
  const std::uint64_t draw = random_.under(100);
  if (draw < 55) return {"case.accept", {{"text", words()}}};
  if (draw < 90) return {"case.decline", {{"text", words()}}};
  return {"case.note", {{"text", words()}}};
}

// Whoever has a case has something to say of how it stands to others.
Officers::Choice Officers::as_linker(const MemberNode& node) {
  if (random_.percent(45)) {
    Json arguments{{"text", words()}};
    if (random_.percent(80)) arguments["to"] = someone_else(node);
    return {"case.split", std::move(arguments)};
  }
  if (!linked_.empty() && random_.percent(30))
    return {"case.unlink", linked_[random_.under(linked_.size())]};
  static const std::vector<std::string> kRelations{"duplicate-of", "duplicate-of", "duplicate-of",
                                                   "part-of", "related"};
  return {"case.link",
          {{"other", recent_[random_.under(recent_.size())]},
           {"as", random_.pick(kRelations)},
           {"text", words()}}};
}

// Cases that others take for duplicates of cases here.
Officers::Choice Officers::as_asked(const MemberNode& node) {
  ReadTransaction transaction = node.store->read();
  Tables tables(transaction);
  const std::vector<CaseId> asked = cases_marked(tables, kLinkAsked);
  if (asked.empty()) return {};
  const char* const word = random_.percent(70) ? "case.agree" : "case.disagree";
  return {word, {{"case", random_.pick(asked).text()}, {"text", words()}}};
}

Officers::Choice Officers::as_custodian(const MemberNode& node, const CaseRow& row) {
  const std::uint64_t draw = random_.under(100);
  if (row.offer) {
    if (draw < 40) return {"case.recall", Json::object()};
    if (draw < 55) return {"case.refer", Json::object()};
    return {"case.note", {{"text", words()}}};
  }
  if (row.status == CaseStatus::kClosed) {
    if (draw < 45) return {"case.reopen", Json::object()};
    if (draw < 55) return {"case.hold", {{"text", words()}}};
    if (draw < 65) return {"case.release", Json::object()};
    if (draw < 90) return {"case.erase", {{"for_good", true}, {"ground", "request"}}};
    return as_linker(node);
  }
  if (draw < 7) return as_linker(node);
  if (draw < 35) {
    Json arguments{{"to", someone_else(node)}, {"text", words()}};
    if (random_.percent(30)) {
      const Millis due = kEpochMs + world_.now() + random_.about(4 * 3'600'000);
      arguments["due"] = due;
    }
    return {"case.forward", std::move(arguments)};
  }
  if (draw < 45) return {"case.progress", {{"text", words()}}};
  if (draw < 60) return {"case.answer", {{"text", words()}}};
  if (draw < 70)
    return {"case.close", {{"outcome", random_.percent(70) ? "resolved" : "out-of-scope"}}};
  if (draw < 75) return {"case.verify", Json::object()};
  if (draw < 80) return {"case.assign", {{"unit", "unit-" + std::to_string(random_.under(9))}}};
  if (draw < 83) return {"case.postpone", Json::object()};
  if (draw < 86) return {"case.resume", Json::object()};
  if (draw < 89) return {"case.refer", Json::object()};
  if (draw < 92) return {"case.correct", {{"field", "category"}, {"value", "water"}}};
  if (draw < 95) return {"case.privacy", {{"privacy", "confidential"}}};
  const Bytes data = random_.bytes(random_.under(kAttachmentMax));
  Json files =
      Json::array({{{"name", "photo.jpg"}, {"type", "image/jpeg"}, {"data", to_base64(data)}}});
  return {"attach", {{"attachments", std::move(files)}}};
}

Officers::Choice Officers::as_bystander(const MemberNode& node, const CaseRow& row) {
  if (node.kind == MemberKind::kHub) {
    if (!row.referred && !row.offer) return {};
    return {"hub.rule", {{"to", someone_else(node)}, {"text", words()}}};
  }
  const bool ended = row.status == CaseStatus::kClosed || row.status == CaseStatus::kAnswered;
  if (row.id.origin() == node.identity.member && random_.percent(15)) {
    return {ended ? "case.appeal" : "case.withdraw", {{"text", words()}}};
  }
  if (row.status == CaseStatus::kClosed && random_.percent(40)) {
    const bool own = row.id.origin() == node.identity.member;
    if (own && random_.percent(50))
      return {"case.erase", {{"for_good", true}, {"ground", "request"}}};
    if (own) return {"case.rate", {{"stars", random_.between(1, 5)}, {"text", words()}}};
    if (random_.percent(30)) return {"case.hold", {{"text", words()}}};
  }
  if (row.id.origin() == node.identity.member && random_.percent(70)) {
    return {"case.reply", {{"text", words()}}};
  }
  return {"case.note", {{"text", words()}}};
}

// What may well be refused.
Officers::Choice Officers::as_anyone() {
  static const std::vector<std::string> kAny{"case.accept", "case.decline", "case.recall",
                                             "case.close",  "case.answer",  "case.reopen",
                                             "case.reply",  "case.privacy", "hub.rule"};
  Choice choice{random_.pick(kAny), {{"text", words()}}};
  if (choice.name == "case.privacy") choice.arguments["privacy"] = "anonymous";
  if (choice.name == "hub.rule") choice.arguments["to"] = random_.pick(world_.nodes())->name();
  return choice;
}

}  // namespace simpul::sim
