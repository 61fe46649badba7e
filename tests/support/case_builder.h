// Builds cases in a few words, without keys or bytes: each event is authored by a member that has
// seen all, or a given part, of what came before. Hashes are any distinct digests.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "protocol/case_state.h"

namespace simpul {

inline MemberId member(const std::string& text) {
  return MemberId::parse(text).value();
}

// The cast: a hub that rules, a former one, Bali and Badung, two more, and an auditor.
inline Roster case_roster() {
  Roster roster;
  roster.federation = "test";
  roster.ruling_hub = member("pusat");
  const auto add = [&](const char* id, MemberKind kind) {
    Member added;
    added.id = member(id);
    added.kind = kind;
    roster.members.push_back(added);
  };
  add("34.04", MemberKind::kRegency);
  add("51", MemberKind::kProvince);
  add("51.03", MemberKind::kRegency);
  add("bpk", MemberKind::kAuditor);
  add("lama", MemberKind::kHub);
  add("pupr", MemberKind::kMinistry);
  add("pusat", MemberKind::kHub);
  return roster;
}

class CaseBuilder {
 public:
  using Events = std::vector<CaseEvent>;

  static constexpr Instant kStart{std::chrono::sys_days{std::chrono::January / 1 / 2026}};
  static constexpr Instant kDue = kStart + std::chrono::hours{96};

  static constexpr std::uint64_t kFirstIndex = 1000;  // leaves room for indexes before

  explicit CaseBuilder(const std::string& origin = "51.03") {
    SeededRandom random(1);
    id = CaseId::make(member(origin), random);
  }

  // `author` appends `body`, having seen everything. Returns the event's hash.
  EventHash add(const std::string& author, EventBody body) {
    return add(author, std::move(body), events);
  }

  // The same by one who had seen only `seen`, and its own events.
  EventHash add(const std::string& author, EventBody body, const Events& seen) {
    return append(draft(author, std::move(body)), seen);
  }

  EventHash open(Opened opened = {}) { return add(id.origin().text(), std::move(opened)); }

  EventHash open_as(Privacy privacy) {
    Opened opened;
    opened.privacy = privacy;
    return open(std::move(opened));
  }

  EventHash forward(const std::string& from, const std::string& to) {
    return add(from, Forwarded{member(to), kDue, "wewenang"});
  }
  EventHash forward(const std::string& from, const std::string& to, const Events& seen) {
    return add(from, Forwarded{member(to), kDue, "wewenang"}, seen);
  }

  // An offer and its acceptance.
  void pass(const std::string& from, const std::string& to) {
    add(to, Accepted{forward(from, to)});
  }

  // An event as `author` would write it next, not placed yet.
  Event draft(const std::string& author, EventBody body) {
    Event event;
    event.position = {{member(author), generation}, kFirstIndex + events.size()};
    event.kind = kind_of(body);
    event.state_changing = changes_state(event.kind);
    event.time = now += std::chrono::minutes{1};
    event.case_id = id;
    event.body = std::move(body);
    return event;
  }

  EventHash append(const Event& drafted, const Events& seen) {
    Events view = seen;
    for (const CaseEvent& each : events) {
      const JournalId& journal = each.event.position.journal;
      if (journal == drafted.position.journal) view.push_back(each);
    }
    return append_as_is(place_draft(drafted, fold_case(id, view, roster), view));
  }

  EventHash append_as_is(Event event) {
    const std::string name = "event " + std::to_string(events.size());
    events.push_back({sha256(as_bytes(name)), std::move(event)});
    return events.back().hash;
  }

  CaseState fold() const { return fold_case(id, events, roster); }

  Judged judged(const EventHash& hash) const {
    const CaseState state = fold();
    const auto found = std::ranges::find(state.events, hash, &Judged::hash);
    return found != state.events.end() ? *found : Judged{};
  }
  Verdict verdict(const EventHash& hash) const { return judged(hash).verdict; }
  std::string why(const EventHash& hash) const { return judged(hash).why; }

  // Without one event, as if it had not arrived.
  Events without(const EventHash& hash) const {
    Events rest;
    for (const CaseEvent& each : events) {
      if (each.hash != hash) rest.push_back(each);
    }
    return rest;
  }

  // Whether `author` may append `body` now; "" or the reason.
  std::string refusal(const std::string& author, EventBody body) {
    const auto checked = check_move(fold(), events, draft(author, std::move(body)), roster);
    return checked ? "" : checked.error().message;
  }

  CaseId id;
  Roster roster = case_roster();
  Events events;
  Instant now = kStart;
  std::uint32_t generation = 1;  // of the journals that authors write to
};

}  // namespace simpul
