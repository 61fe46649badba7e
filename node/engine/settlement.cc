#include "node/engine/settlement.h"

#include <algorithm>

#include "node/engine/arguments.h"
#include "node/engine/forks.h"
#include "protocol/checkpoint.h"
#include "protocol/ruling_hubs.h"

namespace simpul {
namespace {

// The root held here of a journal at that size; nullopt when what is held does not say.
std::optional<Digest> held_root(Step& step, const JournalId& journal, std::uint64_t size) {
  const JournalNodes nodes(step.tables.journals.transaction(), journal);
  if (const auto root = tree_root(nodes, size)) return *root;
  const auto note = step.tables.journals.checkpoint_at(journal, size);
  const auto checkpoint = note ? parse_checkpoint(*note) : fail(ErrorCode::kNotFound, "");
  return checkpoint ? std::optional(checkpoint->root) : std::nullopt;
}

std::string name_for(const JournalId& journal) {
  return "settled/" + journal.text();
}

std::string no_head_text(Step& step, const JournalId& journal, std::int64_t size) {
  const auto note =
      step.tables.journals.last_checkpoint_at_or_before(journal, static_cast<std::uint64_t>(size));
  const auto below = note ? parse_checkpoint(*note) : fail(ErrorCode::kNotFound, "");
  return "no head of " + journal.text() + " of size " + std::to_string(size) +
         " that its author signed is held here; the next below has size " +
         std::to_string(below ? below->size : 0);
}

void count_again(Step& step, const HeadRef& settled) {
  const auto head = step.tables.journals.bare_head(settled.journal);
  step.tables.journals.ensure(settled.journal);
  step.tables.journals.set_settled(settled.journal, settled);
  recheck_cases_of(step, settled.journal,
                   head && head->disputed_from ? *head->disputed_from : settled.size);
  step.log(LogLevel::kInfo, "settled",
           settled.journal.text() + " counts again up to " + std::to_string(settled.size) + ".");
}

void apply(Step& step, const HeadRef& settled) {
  const auto head = step.tables.journals.bare_head(settled.journal);
  const auto root = held_root(step, settled.journal, settled.size);
  const bool holds_nothing = !head || head->size == 0;
  if (holds_nothing || root == settled.root) return count_again(step, settled);
  const std::string words =
      settled.journal.text() + " was settled at size " + std::to_string(settled.size);
  if (root) {
    return step.alert("settled-otherwise", words +
                                               " on a history that this node does not hold; "
                                               "its events here do not count.");
  }
  step.log(LogLevel::kInfo, "settlement-waits",
           words + "; whether what is held here is of that history is not proved yet.");
}

std::optional<HeadRef> settled_in(BytesView bytes) {
  const auto event = decode_event(bytes);
  const auto* settled = event ? std::get_if<Settled>(&event->body) : nullptr;
  return settled ? std::optional(settled->head) : std::nullopt;
}

void note_settled(Step& step, const JournalId& journal, const EventPosition& by) {
  step.tables.meta.put(name_for(journal), as_bytes(by.text()));
}

// Who knows the journal by single events knows no root at that size. Those of cases that it is
// concerned with go to it once more, proved against the settled head.
void send_again(Step& step, const HeadRef& settled) {
  std::vector<CaseId> ids;
  step.tables.cases.visit_ids([&](const CaseId& id) {
    ids.push_back(id);
    return true;
  });
  for (const CaseId& id : ids) {
    std::vector<MemberId> readers = step.tables.cases.audience(id);
    readers.push_back(id.origin());
    std::ranges::sort(readers);
    const auto same = std::ranges::unique(readers);
    readers.erase(same.begin(), same.end());
    std::erase_if(readers, [&](const MemberId& reader) {
      return step.roster.is_hub(reader) || reader == settled.journal.member;
    });
    for (const EventPosition& position : step.tables.cases.positions_of(id)) {
      if (position.journal != settled.journal || position.index >= settled.size) continue;
      for (const MemberId& reader : readers) step.tables.mailboxes.append(reader, position);
    }
  }
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
  if (!step.tables.journals.checkpoint_at(journal, static_cast<std::uint64_t>(size))) {
    return fail(ErrorCode::kNotFound, no_head_text(step, journal, size));
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
  note_settled(step, journal, position);
  count_again(step, settled);
  send_again(step, settled);
  return Json{{"journal", name}, {"size", size}, {"event", position.text()}};
}

void take_settlement(Step& step, const Envelope& envelope, BytesView bytes) {
  if (!ruling_rank(step.roster, envelope.position)) {
    step.log(LogLevel::kWarning, "settlement-refused",
             envelope.position.text() + " settles a journal, which only the ruling hub may do");
    return;
  }
  const auto settled = settled_in(bytes);
  if (!settled) return;
  note_settled(step, settled->journal, envelope.position);
  apply(step, *settled);
}

void heed_settlement(Step& step, const JournalId& journal) {
  const auto head = step.tables.journals.bare_head(journal);
  if (!head || head->settled || !head->disputed_from) return;
  const auto text = step.tables.meta.get(name_for(journal));
  const auto by = text ? EventPosition::parse(std::string(as_text(*text)))
                       : fail(ErrorCode::kNotFound, "not settled");
  const auto bytes = by ? step.tables.journals.event(by->journal, by->index) : std::nullopt;
  const auto settled = bytes ? settled_in(*bytes) : std::nullopt;
  if (settled && held_root(step, journal, settled->size) == settled->root) {
    count_again(step, *settled);
  }
}

bool is_settled(Step& step, const JournalId& journal) {
  return step.tables.meta.get(name_for(journal)).has_value();
}

}  // namespace simpul
