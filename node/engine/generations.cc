#include "node/engine/generations.h"

#include <algorithm>

namespace simpul {
namespace {

// To the hubs, which route it to the others, and to the author.
void hand_on(Step& step, const EventPosition& position) {
  step.tables.mailboxes.append(position.journal.member, position);
  for (const Member& member : step.roster.members) {
    const bool is_other_hub = member.kind == MemberKind::kHub && member.id != step.self.member;
    if (is_other_hub) step.tables.mailboxes.append(member.id, position);
  }
}

// From where on its author may have lost a journal, when it went on from `previous`. It may not
// know of the generations between. The only hub has nobody to fetch its journals from: it may go on
// from a head shown to it alone.
std::optional<std::uint64_t> first_lost(const Step& step, const JournalId& journal,
                                        const HeadRef& previous) {
  if (step.roster.is_hub(journal.member)) return 0;
  if (journal.generation < previous.journal.generation) return std::nullopt;
  return journal == previous.journal ? previous.size : 0;
}

}  // namespace

void tell_members(Step& step, const EventPosition& position) {
  for (const Member& member : step.roster.members) {
    const bool told = member.kind == MemberKind::kHub || member.id == position.journal.member;
    if (!told) step.tables.mailboxes.append(member.id, position);
  }
}

void take_generation(Step& step, const Envelope& envelope, BytesView bytes) {
  const MemberId& author = envelope.position.journal.member;
  const auto event = decode_event(bytes);
  const auto* opened = event ? std::get_if<GenerationOpened>(&event->body) : nullptr;
  if (!opened || author == step.self.member) return;
  if (step.is_hub()) tell_members(step, envelope.position);
  if (opened->previous.journal.member != author) return;
  std::vector<EventPosition> tail;
  for (const JournalHead& head : step.tables.journals.heads_of(author)) {
    if (head.id.generation >= envelope.position.journal.generation) break;
    const auto first = first_lost(step, head.id, opened->previous);
    if (!first) continue;
    step.tables.journals.visit(head.id, *first, [&](std::uint64_t index, BytesView) {
      tail.push_back({head.id, index});
      return true;
    });
  }
  for (const EventPosition& position : tail) hand_on(step, position);
}

bool has_left(Step& step, const JournalId& journal) {
  const auto heads = step.tables.journals.heads_of(journal.member);
  return std::ranges::any_of(heads, [&](const JournalHead& head) {
    return head.id.generation > journal.generation && head.size > 0;
  });
}

}  // namespace simpul
