#include "node/import/import_plan.h"

#include <algorithm>
#include <array>
#include <set>

#include "crypto/encoding.h"
#include "node/import/follow_on.h"

namespace simpul {
namespace {

struct KindNames {
  const char* name;
  const char* command;
  EventKind event;
};
// In the order of ImportStepKind.
constexpr auto kKinds = std::to_array<KindNames>({
    {"open", "case.open", EventKind::kOpened},
    {"note", "case.note", EventKind::kNoted},
    {"forward", "case.forward", EventKind::kForwarded},
    {"accept", "case.accept", EventKind::kAccepted},
    {"answer", "case.answer", EventKind::kAnswered},
    {"return", "case.forward", EventKind::kForwarded},
    {"close", "case.close", EventKind::kClosed},
});

const KindNames& names_of(ImportStepKind kind) {
  return kKinds[static_cast<std::size_t>(kind)];
}

std::string category_of(const Open311Record& record) {
  const std::string name = slug_of(record.service_name);
  if (!name.empty()) return name;
  const std::string code = slug_of(record.service_code);
  return code.empty() ? "other" : code;
}

// What the city calls a way in, as we do.
std::string channel_of_record(const std::string& channel) {
  if (channel == "web" || channel == "sms" || channel == "phone") return channel;
  if (channel == "mobile" || channel == "app" || channel == "open311") return "app";
  return "import";
}

// When it was closed: by its last note of that, or else its last change.
std::optional<Instant> closing_time(const Open311Record& record) {
  std::optional<Instant> time;
  for (const Open311Note& note : record.notes) {
    if (note.type == "closed" && (!time || note.time > *time)) time = note.time;
  }
  return time ? time : record.updated;
}

Digest digest_of(const AgencyMap& mapping, const MemberId& origin, const std::string& record) {
  std::string text = "simpul/open311/v1";
  for (const std::string& part : {origin.text(), mapping.jurisdiction, record}) {
    text += '\0';
    text += part;
  }
  return sha256(as_bytes(text));
}

// Builds the steps of one case.
class Script {
 public:
  Script(const Open311Record& record, const std::string& jurisdiction, PlannedCase& planned)
      : record_(record),
        prefix_("open311:" + jurisdiction + ":" + record.id + ":"),
        case_(planned) {
    for (const Open311Note& note : record.notes) {
      if (!is_milestone(note) && !note.text.empty()) activities_.push_back(&note);
    }
    std::ranges::stable_sort(activities_, {}, &Open311Note::time);
  }

  void write(const std::vector<FollowOn>& follow_ons, std::optional<Instant> closing) {
    add(ImportStepKind::kOpen, case_.origin, record_.requested, "", record_.narrative);
    case_.custodian = case_.origin;
    for (const FollowOn& follow_on : follow_ons) pass(follow_on, closing);
    add_activities_until(Instant::max());
    if (closing) add(ImportStepKind::kClose, case_.origin, *closing, "", record_.status_notes);
    case_.closed = closing.has_value();
  }

 private:
  // Steps of their own, not annotations.
  static bool is_milestone(const Open311Note& note) {
    constexpr std::array<std::string_view, 5> kTypes{"submitted", "opened", "closed",
                                                     kFollowOnCreated, kFollowOnClosed};
    return std::ranges::find(kTypes, note.type) != kTypes.end();
  }

  ImportStep& add(ImportStepKind kind, const MemberId& member, Instant happened,
                  const std::string& part, const std::string& text) {
    const std::string key = prefix_ + name_of(kind) + (part.empty() ? "" : ":" + part);
    case_.steps.push_back(
        {.kind = kind, .member = member, .happened = happened, .key = key, .text = text});
    return case_.steps.back();
  }

  void offer(ImportStepKind kind, const MemberId& from, const MemberId& to, Instant happened,
             const std::string& part, const std::string& text, const char* reason) {
    ImportStep& step = add(kind, from, happened, part, text);
    step.to = to;
    step.reason = reason;
    add(ImportStepKind::kAccept, to, happened, std::string(name_of(kind)) + ":" + part, "");
    case_.custodian = to;
  }

  void pass(const FollowOn& follow_on, std::optional<Instant> closing) {
    add_activities_until(follow_on.created);
    const std::string part =
        follow_on.id + (follow_on.occurrence > 1 ? "#" + std::to_string(follow_on.occurrence) : "");
    offer(ImportStepKind::kForward, case_.origin, follow_on.member, follow_on.created, part,
          follow_on.created_text, "follow-on");
    if (follow_on.closed) {
      add(ImportStepKind::kAnswer, follow_on.member, *follow_on.closed, part,
          follow_on.closed_text);
      offer(ImportStepKind::kReturn, follow_on.member, case_.origin, *follow_on.closed, part, "",
            "returned");
    } else if (closing) {
      offer(ImportStepKind::kReturn, follow_on.member, case_.origin, *closing, part, "",
            "returned");
    }
  }

  void add_activities_until(Instant end) {
    for (; next_ < activities_.size() && activities_[next_]->time <= end; ++next_) {
      const Open311Note& note = *activities_[next_];
      const std::string part = part_of(note);
      add(ImportStepKind::kNote, case_.origin, note.time, part, note.text);
    }
  }

  // Names an activity by what it says, so that a later file with more of them changes no key.
  std::string part_of(const Open311Note& note) {
    const std::string time = std::to_string(note.time.time_since_epoch().count());
    const Digest digest = sha256(as_bytes(time), as_bytes(note.type), as_bytes(note.text));
    std::string part = to_hex(digest.view().first(8));
    const std::size_t before = told_.count(part);
    told_.insert(part);
    return before == 0 ? part : part + "#" + std::to_string(before + 1);
  }

  const Open311Record& record_;
  const std::string prefix_;
  PlannedCase& case_;
  std::vector<const Open311Note*> activities_;
  std::size_t next_ = 0;
  std::multiset<std::string> told_;
};

class Planner {
 public:
  Planner(const AgencyMap& mapping, ImportPlan& plan) : mapping_(mapping), plan_(plan) {}

  void add(const Open311Record& record) {
    const MemberId origin = mapping_.find(record.agency);
    if (origin.empty()) {
      return skip(record, "unknown-agency", record.agency + " is nobody here");
    }
    const auto closing = record.closed ? closing_time(record) : std::nullopt;
    if (record.closed && !closing) {
      return skip(record, "missing-field", "it is closed, but nothing says since when");
    }
    PlannedCase planned{.record = record.id,
                        .derived_from = digest_of(mapping_, origin, record.id),
                        .origin = origin,
                        .category = category_of(record),
                        .channel = channel_of_record(record.channel),
                        .place = record.place};
    planned.id = CaseId::derive(origin, planned.derived_from);
    if (!ids_.insert(planned.id).second) {
      return skip(record, "id-conflict", "another record gives the same id " + planned.id.text());
    }
    const auto follow_ons = follow_ons_of(record, origin, mapping_, plan_.problems);
    Script(record, mapping_.jurisdiction, planned).write(follow_ons, closing);
    plan_.cases.push_back(std::move(planned));
  }

 private:
  void skip(const Open311Record& record, const char* what, std::string why) {
    plan_.problems.push_back({record.id, what, std::move(why), true});
  }

  const AgencyMap& mapping_;
  ImportPlan& plan_;
  std::set<CaseId> ids_;
};

}  // namespace

const char* name_of(ImportStepKind kind) {
  return names_of(kind).name;
}
const char* command_of(ImportStepKind kind) {
  return names_of(kind).command;
}
EventKind event_kind_of(ImportStepKind kind) {
  return names_of(kind).event;
}

std::string slug_of(std::string_view name) {
  std::string slug;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    const char lower = upper ? static_cast<char>(c - 'A' + 'a') : c;
    if ((lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9')) {
      slug += lower;
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  }
  slug.resize(std::min(slug.size(), kCodeSizeMax));
  while (slug.ends_with('-')) slug.pop_back();
  return slug;
}

ImportPlan plan_import(const Open311File& file, const AgencyMap& mapping) {
  ImportPlan plan{.privacy = mapping.privacy, .problems = file.problems};
  Planner planner(mapping, plan);
  for (const Open311Record& record : file.records) planner.add(record);
  return plan;
}

}  // namespace simpul
