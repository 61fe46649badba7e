#include "node/engine/settlement.h"

#include <set>

#include "crypto/encoding.h"
#include "node/engine/arguments.h"
#include "node/engine/forks.h"
#include "node/engine/settlement_notes.h"
#include "protocol/checkpoint.h"
#include "protocol/ruling_hubs.h"

namespace simpul {
namespace {

constexpr std::size_t kPageEvents = 1'000, kPageBytes = 1u << 20;  // looked at together

// The root held here of a journal at that size; nullopt when what is held does not say.
std::optional<Digest> held_root(Step& step, const JournalId& journal, std::uint64_t size) {
  const JournalNodes nodes(step.tables.journals.transaction(), journal);
  if (const auto root = tree_root(nodes, size)) return *root;
  const auto note = step.tables.journals.checkpoint_at(journal, size);
  const auto checkpoint = note ? parse_checkpoint(*note) : fail(ErrorCode::kNotFound, "");
  return checkpoint ? std::optional(checkpoint->root) : std::nullopt;
}

std::string no_head_text(Step& step, const JournalId& journal, std::int64_t size) {
  const auto note =
      step.tables.journals.last_checkpoint_at_or_before(journal, static_cast<std::uint64_t>(size));
  const auto below = note ? parse_checkpoint(*note) : fail(ErrorCode::kNotFound, "");
  return "no head of " + journal.text() + " of size " + std::to_string(size) +
         " that its author signed is held here; the next below has size " +
         std::to_string(below ? below->size : 0);
}

// What of the journal counts, or counts no longer, changes from where it is disputed on.
void set_settled(Step& step, const JournalId& journal, const std::optional<HeadRef>& settled) {
  const auto head = step.tables.journals.bare_head(journal);
  step.tables.journals.ensure(journal);
  step.tables.journals.set_settled(journal, settled);
  if (head && head->disputed_from) recheck_cases_of(step, journal, *head->disputed_from);
}

void count_again(Step& step, const HeadRef& settled) {
  set_settled(step, settled.journal, settled);
  step.log(LogLevel::kInfo, "settled",
           settled.journal.text() + " counts again up to " + std::to_string(settled.size) + ".");
}

void count_no_longer(Step& step, const JournalId& journal) {
  const auto head = step.tables.journals.bare_head(journal);
  if (head && head->settled) set_settled(step, journal, std::nullopt);
}

void apply(Step& step, const HeadRef& settled) {
  const auto head = step.tables.journals.bare_head(settled.journal);
  const auto root = held_root(step, settled.journal, settled.size);
  const bool holds_nothing = !head || head->size == 0;
  if (holds_nothing || root == settled.root) return count_again(step, settled);
  const std::string words =
      settled.journal.text() + " was settled at size " + std::to_string(settled.size);
  if (root) {
    count_no_longer(step, settled.journal);
    return step.alert("settled-otherwise", words +
                                               " on a history that this node does not hold; "
                                               "its events here do not count.");
  }
  step.log(LogLevel::kInfo, "settlement-waits",
           words + "; whether what is held here is of that history is not proved yet.");
}

// By who did not rule, says the roster now.
void withdraw(Step& step, const JournalId& journal, const EventPosition& by) {
  note_settled_by(step, journal, std::nullopt);
  count_no_longer(step, journal);
  step.alert("settlement-withdrawn", by.text() + ", which settled " + journal.text() +
                                         ", is not a ruling hub's by the roster in force; what it "
                                         "let count again counts no longer.");
}

void judge(Step& step, const JournalId& journal) {
  const auto before = settled_by(step, journal);
  const auto last = last_said(step, journal);
  if (before && !ruling_rank(step.roster, *before)) withdraw(step, journal, *before);
  if (!last || before == last->by) return;
  note_settled_by(step, journal, last->by);
  apply(step, last->head);
}

void send_to_readers(Step& step, const CaseId& id, const EventPosition& position) {
  std::set<MemberId> readers{id.origin()};
  for (const MemberId& member : step.tables.cases.audience(id)) readers.insert(member);
  for (const MemberId& reader : readers) {
    if (step.roster.is_hub(reader) || reader == position.journal.member) continue;
    step.tables.mailboxes.append(reader, position);
  }
}

// Who knows the journal by single events knows no root at that size. Those of cases that it is
// concerned with go to it once more, proved against the settled head.
void send_again(Step& step, const HeadRef& settled) {
  std::uint64_t index = 0;
  while (index < settled.size) {
    const auto page = step.tables.journals.scan(settled.journal, index, kPageEvents, kPageBytes);
    if (page.empty()) return;
    for (const Bytes& event : page) {
      const EventPosition position{settled.journal, index++};
      const auto envelope = decode_envelope(event);
      const bool is_of_case = envelope && !envelope->case_id.empty();
      if (is_of_case && position.index < settled.size) {
        send_to_readers(step, envelope->case_id, position);
      }
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
  if (size < 0 || static_cast<std::uint64_t>(size) > head->held) {
    return fail(ErrorCode::kNotFound, name + " is held here up to " + std::to_string(head->held));
  }
  if (size > 0 && !step.tables.journals.checkpoint_at(journal, static_cast<std::uint64_t>(size))) {
    return fail(ErrorCode::kNotFound, no_head_text(step, journal, size));
  }
  const JournalNodes nodes(step.tables.journals.transaction(), journal);
  SIMPUL_TRY(root, tree_root(nodes, static_cast<std::uint64_t>(size)));
  if (arguments.has("root") && arguments.text("root") != to_base64(root.view())) {
    return fail(ErrorCode::kNotFound, name + " has another root at " + std::to_string(size) +
                                          " here: " + to_base64(root.view()));
  }
  const HeadRef settled{journal, static_cast<std::uint64_t>(size), root};
  Event event;
  event.kind = EventKind::kSettled;
  event.body = Settled{settled};
  SIMPUL_TRY(position, author.append(step, std::move(event)));
  for (const Member& member : step.roster.members) {
    if (member.kind != MemberKind::kHub) step.tables.mailboxes.append(member.id, position);
  }
  note_said(step, journal, position);
  judge(step, journal);
  send_again(step, settled);
  return Json{{"journal", name}, {"size", size}, {"event", position.text()}};
}

void take_settlement(Step& step, const Envelope& envelope, BytesView bytes) {
  const EventPosition& by = envelope.position;
  const bool rules = ruling_rank(step.roster, by).has_value();
  if (!rules) {
    step.log(LogLevel::kWarning, "settlement-refused",
             by.text() + " settles a journal, which only the ruling hub may do");
  }
  if (!rules && !step.roster.is_hub(by.journal.member)) return;
  const auto settled = settled_in(bytes);
  if (!settled) return;
  note_said(step, settled->journal, by);
  judge(step, settled->journal);
}

void heed_settlement(Step& step, const JournalId& journal) {
  const auto head = step.tables.journals.bare_head(journal);
  if (!head || !head->disputed_from) return;
  const auto settled = settled_head(step, journal);
  if (!settled || head->settled == settled) return;
  if (held_root(step, journal, settled->size) == settled->root) count_again(step, *settled);
}

void heed_settlements(Step& step) {
  for (const JournalId& journal : journals_spoken_of(step)) judge(step, journal);
}

void tell_settlements(Step& step, const MemberId& newcomer) {
  for (const JournalId& journal : journals_spoken_of(step)) {
    if (const auto by = settled_by(step, journal)) step.tables.mailboxes.append(newcomer, *by);
  }
}

bool is_settled(Step& step, const JournalId& journal) {
  return settled_by(step, journal).has_value();
}

}  // namespace simpul
