#include "node/engine/router.h"

#include <algorithm>
#include <iterator>

namespace simpul {
namespace {

// Hubs receive whole journals; everyone else lives by the mailbox.
bool has_mailbox(const Step& step, const MemberId& member) {
  return member != step.self.member && !step.roster.is_hub(member);
}

bool serves(const Step& step, const MemberId& author) {
  return author == step.self.member || step.is_hub();
}

std::vector<EventPosition> in_order_of_time(const CaseFile& file) {
  std::vector<EventPosition> positions;
  positions.reserve(file.state.events.size());
  for (const Judged& judged : file.state.events) positions.push_back(judged.position);
  return positions;
}

}  // namespace

void route_event(Step& step, const Envelope& envelope) {
  const MemberId& author = envelope.position.journal.member;
  if (!serves(step, author)) return;
  const MemberId origin = envelope.case_id.origin();
  if (origin != author && has_mailbox(step, origin)) {
    step.tables.mailboxes.append(origin, envelope.position);
  }
  for (const MemberId& member : step.tables.cases.audience(envelope.case_id)) {
    if (member != author && member != origin && has_mailbox(step, member)) {
      step.tables.mailboxes.append(member, envelope.position);
    }
  }
}

AudienceChange refresh_audience(Step& step, const CaseFile& file) {
  const CaseState& state = file.state;
  const MemberId origin = state.id.origin();
  std::vector<MemberId> now;
  for (const MemberId& member : state.audience) {
    if (member != origin) now.push_back(member);
  }
  const std::vector<MemberId> before = step.tables.cases.audience(state.id);
  if (now == before) return {};
  step.tables.cases.put_audience(state.id, now);
  AudienceChange change;
  std::ranges::set_difference(before, now, std::back_inserter(change.left));
  for (const MemberId& member : now) {
    if (std::ranges::binary_search(before, member)) continue;
    change.joined.push_back(member);
    if (!has_mailbox(step, member)) continue;
    for (const EventPosition& position : in_order_of_time(file)) {
      const MemberId& author = position.journal.member;
      if (author != member && serves(step, author)) {
        step.tables.mailboxes.append(member, position);
      }
    }
  }
  return change;
}

bool entitled_to_case(Step& step, const MemberId& member, const CaseId& id) {
  if (step.roster.is_hub(member) || id.origin() == member) return true;
  return std::ranges::binary_search(step.tables.cases.audience(id), member);
}

}  // namespace simpul
