#include "tests/support/audit.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>

#include "node/engine/arguments.h"
#include "node/federation_file.h"
#include "protocol/case_state.h"
#include "storage/store.h"

namespace simpul {
namespace {

constexpr std::size_t kViolationsShown = 20;

struct HeldEvent {
  Bytes bytes;
  Event event;
};
using Journal = std::map<std::uint64_t, HeldEvent>;

// A stopped node's data, read once.
struct NodeData {
  std::string id;
  std::map<JournalId, Journal> journals;
  std::map<std::string, CaseState> cases;
};

Roster newest_roster(Tables& tables, const VerifyKey& root) {
  const auto bytes = tables.rosters.newest();
  SIMPUL_CHECK(bytes);
  const auto roster = open_roster(*bytes, root);
  SIMPUL_CHECK(roster);
  return roster->roster;
}

NodeData read_node(FederationFixture& federation, const std::string& id, AuditReport& report) {
  NodeData data{id, {}, {}};
  const auto store = Store::open(federation.home(id).data(), {});
  if (!store) {
    report.violations.push_back(id + ": the database is damaged: " + store.error().message);
    return data;
  }
  ReadTransaction transaction(store->environment());
  Tables tables(transaction);
  const auto file = read_federation(federation.home(id).federation());
  SIMPUL_CHECK(file);
  const Roster roster = newest_roster(tables, file->root);
  for (const JournalHead& head : tables.journals.heads()) {
    Journal& journal = data.journals[head.id];
    tables.journals.visit(head.id, 0, [&](std::uint64_t index, BytesView bytes) {
      const auto event = decode_event(bytes);
      if (!event || event->position != EventPosition{head.id, index}) {
        report.violations.push_back(id + ": an event of " + head.id.text() + " is damaged");
        return true;
      }
      journal.emplace(index, HeldEvent{Bytes(bytes.begin(), bytes.end()), *event});
      return true;
    });
    if (head.disputed_from) {
      report.violations.push_back(id + ": journal " + head.id.text() + " is disputed");
    }
  }
  tables.cases.visit_ids([&](const CaseId& about) {
    data.cases[about.text()] = fold_case(about, tables.cases.events_of(about), roster);
    return true;
  });
  if (transaction.failed()) {
    report.violations.push_back(
        id + ": the database is damaged: " + transaction.check().error().message);
  }
  return data;
}

// Own journals are whole, and the hub's copies are the same byte for byte.
void compare_journals(const NodeData& own, const NodeData& hub, AuditReport& report) {
  for (const auto& [id, journal] : own.journals) {
    if (id.member.text() != own.id) continue;
    report.events += journal.size();
    if (!journal.empty() && journal.rbegin()->first + 1 != journal.size()) {
      report.violations.push_back(own.id + ": its journal " + id.text() + " has gaps");
    }
    const auto copy = hub.journals.find(id);
    const Journal none;
    const Journal& held = copy == hub.journals.end() ? none : copy->second;
    if (held.size() != journal.size()) {
      report.violations.push_back("journal " + id.text() + " has " +
                                  std::to_string(journal.size()) + " events at home and " +
                                  std::to_string(held.size()) + " at the hub");
    }
    for (const auto& [index, event] : held) {
      const auto here = journal.find(index);
      if (here != journal.end() && here->second.bytes == event.bytes) continue;
      report.violations.push_back("event " + EventPosition{id, index}.text() +
                                  " differs between its author and the hub");
    }
  }
}

void find_recorded(const NodeData& own, const NodeData& hub,
                   const std::vector<Traffic::Recorded>& recorded, AuditReport& report) {
  std::map<std::string, std::vector<const Event*>> by_time;
  for (const auto& [id, journal] : own.journals) {
    if (id.member.text() != own.id) continue;
    for (const auto& [index, held] : journal) {
      if (held.event.happened) by_time[to_text(*held.event.happened)].push_back(&held.event);
    }
  }
  for (const auto& [time, events] : by_time) {
    if (events.size() > 1) {
      report.violations.push_back("twice in the journal of " + own.id + ": " +
                                  events[0]->position.text() + " and " +
                                  events[1]->position.text());
    }
  }
  for (const Traffic::Recorded& command : recorded) {
    if (command.member != own.id) continue;
    const auto found = by_time.find(command.happened);
    const Event* event = found == by_time.end() ? nullptr : found->second.front();
    const auto name = command.command + " on " + command.case_id + " as " + command.position;
    if (!event) {
      report.violations.push_back("lost: " + own.id + " recorded " + name);
      continue;
    }
    const bool moved = !command.position.empty() && event->position.text() != command.position;
    if (moved || event->case_id.text() != command.case_id) {
      report.violations.push_back("altered: " + own.id + " recorded " + name + " and holds " +
                                  event->position.text());
    }
    const auto copy = hub.journals.find(event->position.journal);
    if (copy == hub.journals.end() || !copy->second.contains(event->position.index)) {
      report.violations.push_back("not at the hub: " + own.id + " recorded " + name);
    }
  }
}

std::string summary(const CaseState& state) {
  return std::string(name_of(state.status)) + " at " + state.custodian.text() + ", epoch " +
         std::to_string(state.route.size()) + ", " +
         (state.offer ? "offered to " + state.offer->to.text() : "not on offer") + ", " +
         std::to_string(state.events.size()) + " events, " + std::to_string(state.void_count) +
         " void, " + std::to_string(state.pending_count) + " pending";
}

// The hub sees every event; whoever is entitled must come to the same state.
void compare_cases(const NodeData& node, const NodeData& hub, AuditReport& report) {
  for (const auto& [about, state] : hub.cases) {
    const bool entitled = std::ranges::any_of(
        state.audience, [&](const MemberId& member) { return member.text() == node.id; });
    if (!entitled) continue;
    const auto here = node.cases.find(about);
    const std::string seen = here == node.cases.end() ? "nothing" : summary(here->second);
    if (seen != summary(state)) {
      report.violations.push_back("case " + about + ": the hub sees " + summary(state) + "; " +
                                  node.id + " sees " + seen);
    }
  }
}

// For a failure's report: what every node says of itself, and how its log ends.
std::string standing(FederationFixture& federation, const std::vector<std::string>& members) {
  constexpr std::size_t kLogShown = 6000;
  std::vector<std::string> all = members;
  all.push_back(federation.hub());
  std::string text;
  for (const std::string& id : all) {
    const auto status = federation.try_call(id, "status");
    const std::string log = federation.log(id);
    text += "--- " + id + "\n" + (status ? status->dump(1) : status.error().message) + "\n" +
            log.substr(log.size() - std::min(log.size(), kLogShown)) + "\n";
  }
  return text;
}

// Sizes of all own journals; nullopt while something is still under way.
std::optional<std::string> settled(FederationFixture& federation,
                                   const std::vector<std::string>& members) {
  std::string sizes;
  const auto hub = federation.try_call(federation.hub(), "status");
  if (!hub || (*hub)["unindexed"] != 0) return std::nullopt;
  for (const Json& peer : (*hub)["peers"]) {
    if (peer["mailbox_backlog"] != 0) return std::nullopt;
  }
  for (const std::string& member : members) {
    const auto status = federation.try_call(member, "status");
    if (!status || (*status)["may_author"] != true || (*status)["unindexed"] != 0) {
      return std::nullopt;
    }
    for (const Json& journal : (*status)["journals"]) {
      const std::string id = journal["journal"];
      if (!id.starts_with(member + "/")) continue;
      const auto& held = (*hub)["journals"];
      const bool whole = std::ranges::any_of(held, [&](const Json& copy) {
        return copy["journal"] == id && copy["size"] == journal["size"];
      });
      if (!whole && journal["size"] != 0) return std::nullopt;
      sizes += id + ":" + journal["size"].dump() + " ";
    }
  }
  return sizes;
}

}  // namespace

std::string AuditReport::text() const {
  std::string text = std::to_string(violations.size()) + " violations\n";
  for (std::size_t i = 0; i < std::min(violations.size(), kViolationsShown); ++i) {
    text += violations[i] + "\n";
  }
  return text;
}

bool settle(FederationFixture& federation, const std::vector<std::string>& members) {
  // What arrives makes nodes write more (receipts, timers), so it must stay settled for a while.
  constexpr int kRoundsQuiet = 25;
  std::optional<std::string> before;
  int quiet = 0;
  const bool held = holds_within(2 * FederationFixture::kLimit, [&] {
    const auto now = settled(federation, members);
    quiet = now && now == before ? quiet + 1 : 0;
    before = now;
    return quiet >= kRoundsQuiet;
  });
  if (!held) UNSCOPED_INFO("Something is still under way:\n" << standing(federation, members));
  return held;
}

AuditReport audit(FederationFixture& federation, const std::vector<std::string>& members,
                  const std::vector<Traffic::Recorded>& recorded) {
  AuditReport report;
  const NodeData hub = read_node(federation, federation.hub(), report);
  report.cases = hub.cases.size();
  for (const auto& [about, state] : hub.cases) {
    report.closed += state.status == CaseStatus::kClosed ? 1 : 0;
    report.forwarded += state.route.size() > 1 ? 1 : 0;
  }
  for (const std::string& member : members) {
    const NodeData node = read_node(federation, member, report);
    compare_journals(node, hub, report);
    find_recorded(node, hub, recorded, report);
    compare_cases(node, hub, report);
  }
  return report;
}

std::vector<std::string> check_running(FederationFixture& federation,
                                       const std::vector<std::string>& members,
                                       const std::vector<std::string>& expected) {
  std::vector<std::string> violations;
  std::vector<std::string> all = members;
  all.push_back(federation.hub());
  for (const std::string& id : all) {
    const Json verified = federation.call(id, "log.verify");
    if (verified["verified"] != true) violations.push_back(id + ": log.verify: " + verified.dump());
    const Json status = federation.call(id, "status");
    for (const Json& alert : status["alerts"]) {
      const std::string code = alert["code"];
      if (std::ranges::find(expected, code) != expected.end()) continue;
      violations.push_back(id + " alerted " + code + ": " + alert["text"].get<std::string>());
    }
  }
  return violations;
}

}  // namespace simpul
