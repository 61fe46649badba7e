#include "node/engine/settlement.h"

#include <algorithm>

#include "node/engine/arguments.h"
#include "node/engine/forks.h"
#include "protocol/checkpoint.h"

namespace simpul {
namespace {

// Now, or up to where a former ruling hub's journal still rules.
bool may_settle(const Roster& roster, const EventPosition& position) {
  if (position.journal.member == roster.ruling_hub) return true;
  return std::ranges::any_of(roster.former_rulings, [&](const HeadRef& head) {
    return head.journal == position.journal && position.index < head.size;
  });
}

// The root held here of a journal at that size; nullopt when what is held does not say.
std::optional<Digest> held_root(Step& step, const JournalId& journal, std::uint64_t size) {
  const JournalNodes nodes(step.tables.journals.transaction(), journal);
  if (const auto root = tree_root(nodes, size)) return *root;
  const auto note = step.tables.journals.checkpoint_at(journal, size);
  const auto checkpoint = note ? parse_checkpoint(*note) : fail(ErrorCode::kNotFound, "");
  return checkpoint ? std::optional(checkpoint->root) : std::nullopt;
}

void apply(Step& step, const HeadRef& settled) {
  const auto head = step.tables.journals.head(settled.journal);
  const auto root = held_root(step, settled.journal, settled.size);
  const bool holds_nothing = !head || head->size == 0;
  if (!holds_nothing && root != settled.root) {
    step.alert("settled-otherwise",
               settled.journal.text() + " was settled at size " + std::to_string(settled.size) +
                   " on a history that this node does not hold; its events here do not count.");
    return;
  }
  step.tables.journals.ensure(settled.journal);
  step.tables.journals.set_settled(settled.journal, settled);
  recheck_cases_of(step, settled.journal,
                   head && head->disputed_from ? *head->disputed_from : settled.size);
  step.log(LogLevel::kInfo, "settled",
           settled.journal.text() + " counts again up to " + std::to_string(settled.size) + ".");
}

}  // namespace

Result<Json> settle_journal(Step& step, Author& author, const Json& json) {
  const Arguments arguments(json);
  if (step.roster.ruling_hub != step.self.member) {
    return fail(ErrorCode::kNotAllowed,
                "only the ruling hub, " + step.roster.ruling_hub.text() + ", may settle a journal");
  }
  SIMPUL_TRY(name, arguments.text("journal"));
  SIMPUL_TRY(journal, JournalId::parse(name));
  const auto head = step.tables.journals.head(journal);
  if (!head) return fail(ErrorCode::kNotFound, "no journal " + name + " is held here");
  const std::int64_t size =
      arguments.number("size").value_or(static_cast<std::int64_t>(head->held));
  if (size < 1 || static_cast<std::uint64_t>(size) > head->held) {
    return fail(ErrorCode::kNotFound, name + " is held here up to " + std::to_string(head->held));
  }
  const JournalNodes nodes(step.tables.journals.transaction(), journal);
  SIMPUL_TRY(root, tree_root(nodes, static_cast<std::uint64_t>(size)));
  const HeadRef settled{journal, static_cast<std::uint64_t>(size), root};
  Event event;
  event.kind = EventKind::kSettled;
  event.body = Settled{settled};
  SIMPUL_TRY(position, author.append(step, std::move(event)));
  for (const Member& member : step.roster.members) {
    if (member.kind != MemberKind::kHub) step.tables.mailboxes.append(member.id, position);
  }
  apply(step, settled);
  return Json{{"journal", name}, {"size", size}, {"event", position.text()}};
}

void take_settlement(Step& step, const Envelope& envelope, BytesView bytes) {
  if (!may_settle(step.roster, envelope.position)) {
    step.log(LogLevel::kWarning, "settlement-refused",
             envelope.position.text() + " settles a journal, which only the ruling hub may do");
    return;
  }
  const auto event = decode_event(bytes);
  const auto* settled = event ? std::get_if<Settled>(&event->body) : nullptr;
  if (settled) apply(step, settled->head);
}

}  // namespace simpul
