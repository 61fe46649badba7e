#include "tests/simulation/registrar.h"

#include "node/engine/key_requests.h"
#include "tests/simulation/product_view.h"

namespace simpul::sim {
namespace {

constexpr std::size_t kRuledAtOnce = 5;

std::optional<Roster> roster_at(const MemberNode& node) {
  ReadTransaction transaction = node.store->read();
  Tables tables(transaction);
  return held_roster(tables, node.identity.root);
}

}  // namespace

bool Registrar::may_issue() const {
  return hub().running() && hub().data_replaced == data_replaced_;
}

void Registrar::begin_episode() {
  data_replaced_ = hub().data_replaced;
  hub().issues_rosters = false;
}

void Registrar::give(std::string name, Json arguments) {
  hub().issues_rosters = true;
  world_.command(hub(), std::move(name), std::move(arguments));
}

std::optional<Member> Registrar::listed(const MemberId& member) const {
  if (!hub().running()) return std::nullopt;
  const auto roster = roster_at(hub());
  const Member* found = roster ? roster->find(member) : nullptr;
  return found ? std::optional(*found) : std::nullopt;
}

bool Registrar::runs_out() const {
  const auto roster = hub().running() ? roster_at(hub()) : std::nullopt;
  return roster && roster->expires < Instant(Duration(kEpochMs + world_.now() + kDay));
}

void Registrar::attend() {
  if (!may_issue()) return;
  const auto roster = roster_at(hub());
  if (!roster) return;
  ReadTransaction transaction = hub().store->read();
  Tables tables(transaction);
  for (const Admission& admission : tables.admissions.all(EnrolState::kPending)) {
    const auto request = open_enrolment(admission.request);
    if (!request || !random_.percent(70)) continue;
    give("hub.admit",
         {{"member", request->member.text()},
          {"fingerprint", fingerprint(request->signing, request->sealing, request->transport)}});
  }
  for (const Member& member : roster->members) {
    const auto request = open_key_request(tables, member);
    if (!request || !random_.percent(70)) continue;
    give("hub.confirm-key",
         {{"member", member.id.text()},
          {"fingerprint", fingerprint(request->asked.key, member.sealing, member.transport)}});
  }
}

void Registrar::renew(std::optional<Millis> until) {
  Json arguments = Json::object();
  if (until) arguments["until"] = kEpochMs + *until;
  give("hub.renew", std::move(arguments));
}

void Registrar::suspend(const MemberId& member, bool suspended) {
  give(suspended ? "hub.suspend" : "hub.reinstate", {{"member", member.text()}});
}

void Registrar::rule_away(const MemberId& from, const std::vector<MemberId>& heirs) {
  std::vector<CaseId> open;
  {
    ReadTransaction transaction = hub().store->read();
    Tables tables(transaction);
    tables.cases.visit_ids([&](const CaseId& id) {
      const auto row = tables.cases.get(id);
      if (row && row->custodian == from && row->status != CaseStatus::kClosed) open.push_back(id);
      return open.size() < kRuledAtOnce;
    });
  }
  for (const CaseId& id : open) {
    world_.command(
        hub(), "hub.rule",
        {{"case", id.text()}, {"to", random_.pick(heirs).text()}, {"ground", "suspended"}});
  }
}

}  // namespace simpul::sim
