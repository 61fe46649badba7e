#include "node/import/import_run.h"

#include <algorithm>

#include "crypto/encoding.h"
#include "node/engine/arguments.h"

namespace simpul {
namespace {

// Refusals that time can lift: another member has not moved yet, or the node is busy.
bool may_pass(ErrorCode code) {
  return code == ErrorCode::kNotAllowed || code == ErrorCode::kNotYet ||
         code == ErrorCode::kUnavailable || code == ErrorCode::kNotFound;
}

std::string text_at(const Json& json, const char* name) {
  return Arguments(json).text_or(name, "");
}

// An offer is taken but once, so whoever took it by hand took this one.
bool counts_when_done_by_hand(ImportStepKind kind) {
  return kind == ImportStepKind::kAccept;
}

}  // namespace

ImportRun::ImportRun(const ImportPlan& plan, MemberId self, ImportCall call)
    : plan_(plan), self_(std::move(self)), call_(std::move(call)) {
  for (const PlannedCase& planned : plan.cases) {
    Progress progress{.planned = &planned};
    for (const ImportStep& step : planned.steps) {
      if (step.member == self_) progress.own.push_back(&step);
    }
    if (!progress.own.empty()) progress_.push_back(std::move(progress));
  }
}

bool ImportRun::round() {
  bool moved = false;
  for (Progress& progress : progress_) {
    if (progress.open()) moved |= advance(progress);
  }
  return moved;
}

bool ImportRun::advance(Progress& progress) {
  bool moved = false;
  while (progress.open()) {
    const ImportStep& step = *progress.own[progress.next];
    const bool opens = step.kind == ImportStepKind::kOpen;
    if (!progress.compared && !compare(progress) && !opens) return moved;
    if (!progress.open()) break;
    const ImportStep& next = *progress.own[progress.next];
    if (next.kind != ImportStepKind::kOpen && !ready(progress, next, moved)) return moved;
    if (!take(progress, next)) return moved;
    moved = true;
  }
  return moved;
}

bool ImportRun::compare(Progress& progress) {
  const auto timeline = call_("case.timeline", {{"case", progress.planned->id.text()}});
  if (!timeline) {
    progress.waits_for = timeline.error().code == ErrorCode::kNotFound
                             ? "the case has not come here from " + progress.planned->origin.text()
                             : timeline.error().message;
    return false;
  }
  pass_over(progress, *timeline);
  progress.compared = true;
  return true;
}

void ImportRun::pass_over(Progress& progress, const Json& timeline) {
  std::vector<std::pair<std::string, std::string>> held;  // kind and when it happened
  for (const Json& event : timeline.value("timeline", Json::array())) {
    if (text_at(event, "author") != self_.text() || text_at(event, "verdict") == "void") continue;
    held.emplace_back(text_at(event, "kind"), text_at(event, "happened"));
  }
  std::vector<const ImportStep*> left;
  for (const ImportStep* step : progress.own) {
    const auto same = std::ranges::find_if(held, [&](const auto& event) {
      return event.first == name_of(event_kind_of(step->kind)) &&
             (counts_when_done_by_hand(step->kind) || event.second == to_text(step->happened));
    });
    if (same == held.end()) {
      left.push_back(step);
    } else {
      held.erase(same);
      ++progress.already;
    }
  }
  progress.own = std::move(left);
  progress.next = 0;
}

bool ImportRun::ready(Progress& progress, const ImportStep& step, bool& moved) {
  if (step.kind == ImportStepKind::kNote) return true;
  if (step.kind != ImportStepKind::kAccept && progress.custody == Custody::kOurs) return true;
  const auto view = call_("case.show", {{"case", progress.planned->id.text()}});
  if (!view) {
    progress.waits_for = view.error().message;
    return false;
  }
  const std::size_t events = view->value("events", Json::array()).size();
  moved |= std::exchange(progress.events_seen, events) != events;
  const std::string custodian = text_at(*view, "custodian");
  const std::string offered_to =
      view->contains("offer") ? text_at((*view)["offer"], "to") : std::string();
  const bool is_ready = step.kind == ImportStepKind::kAccept
                            ? offered_to == self_.text()
                            : custodian == self_.text() && offered_to.empty();
  if (is_ready) return true;
  progress.waits_for = std::string("cannot ") + name_of(step.kind) + " while " + custodian +
                       " has it" + (offered_to.empty() ? "" : ", on offer to " + offered_to);
  return false;
}

Json ImportRun::arguments_of(const PlannedCase& planned, const ImportStep& step) const {
  // What an Open311 service shows is public already.
  Json json{{"key", step.key}, {"happened", to_text(step.happened)}, {"publish_anyway", true}};
  if (!step.text.empty()) json["text"] = step.text;
  if (!step.to.empty()) json["to"] = step.to.text();
  if (!step.reason.empty()) json["reason"] = step.reason;
  if (step.kind != ImportStepKind::kOpen) {
    json["case"] = planned.id.text();
    return json;
  }
  json["derived_from"] = to_hex(planned.derived_from.view());
  json["category"] = planned.category;
  json["channel"] = planned.channel;
  json["privacy"] = name_of(plan_.privacy);
  if (!planned.place.empty()) json["place"] = planned.place;
  return json;
}

bool ImportRun::take(Progress& progress, const ImportStep& step) {
  const auto result = call_(command_of(step.kind), arguments_of(*progress.planned, step));
  if (!result) return refused(progress, result.error());
  progress.waits_for.clear();
  ++progress.next;
  const bool already = Arguments(*result).flag("already");
  if (already) ++progress.already;
  switch (step.kind) {
    case ImportStepKind::kOpen:
      progress.compared = !already;
      progress.custody = already ? Custody::kUnknown : Custody::kOurs;
      break;
    case ImportStepKind::kAccept:
      progress.custody = already ? Custody::kUnknown : Custody::kOurs;
      break;
    case ImportStepKind::kForward:
    case ImportStepKind::kReturn:
      progress.custody = Custody::kTheirs;
      break;
    default:
      break;
  }
  return true;
}

bool ImportRun::refused(Progress& progress, const Error& error) {
  progress.waits_for = error.message;
  progress.failed = !may_pass(error.code);
  progress.custody = Custody::kUnknown;
  return false;
}

bool ImportRun::finished() const {
  return std::ranges::none_of(progress_, &Progress::open);
}

ImportRun::Counts ImportRun::counts() const {
  Counts counts;
  for (const PlannedCase& planned : plan_.cases) {
    counts.own +=
        static_cast<std::size_t>(std::ranges::count(planned.steps, self_, &ImportStep::member));
  }
  for (const Progress& progress : progress_) {
    const std::size_t left = progress.own.size() - progress.next;
    counts.already += progress.already;
    (progress.failed ? counts.failed : counts.waiting) += left;
  }
  counts.done = counts.own - counts.already - counts.waiting - counts.failed;
  return counts;
}

std::vector<ImportProblem> ImportRun::problems() const {
  std::vector<ImportProblem> problems;
  for (const Progress& progress : progress_) {
    if (progress.next == progress.own.size()) continue;
    problems.push_back({progress.planned->record, progress.failed ? "refused" : "waiting",
                        progress.planned->id.text() + ": " + progress.waits_for, false});
  }
  return problems;
}

}  // namespace simpul
