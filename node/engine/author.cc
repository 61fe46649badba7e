#include "node/engine/author.h"

#include "node/engine/generations.h"
#include "node/engine/router.h"
#include "protocol/checkpoint.h"

namespace simpul {

JournalId Author::own_journal(const Step& step) {
  const auto heads = step.tables.journals.heads_of(step.self.member);
  return heads.empty() ? JournalId{step.self.member, 1} : heads.back().id;
}

Result<EventPosition> Author::append(Step& step, Event event) {
  if (!gate_.open) return fail(ErrorCode::kNotYet, gate_.why);
  return append_to(step, own_journal(step), std::move(event));
}

Result<EventPosition> Author::append_to(Step& step, const JournalId& journal, Event event) {
  const auto head = step.tables.journals.bare_head(journal);
  Frontier frontier = head ? head->held_frontier : Frontier{};
  event.position = {journal, frontier.size()};
  event.time = step.now;
  SIMPUL_TRY(bytes, encode_event(event, step.random));
  const Digest leaf = leaf_hash(bytes);
  frontier.append(leaf);
  const BytesView view = bytes;
  step.tables.journals.append_run(journal, event.position.index, std::span(&view, 1),
                                  std::span(&leaf, 1), frontier, "");
  if (!run_) run_ = Run{journal, event.position.index, 0};
  ++run_->count;
  SIMPUL_TRY(envelope, decode_envelope(bytes));
  if (!event.case_id.empty()) {
    files_.note(event.case_id, event.position, leaf, step.now);
    route_event(step, envelope);
  }
  return event.position;
}

Result<void> Author::open_generation(Step& step, std::uint32_t generation,
                                     const HeadRef& previous) {
  sign_head(step);
  Event event;
  event.kind = EventKind::kGenerationOpened;
  event.body = GenerationOpened{previous};
  const auto opened = append_to(step, JournalId{step.self.member, generation}, std::move(event));
  if (!opened) return std::unexpected(opened.error());
  sign_head(step);
  if (step.is_hub()) tell_members(step, *opened);
  return {};
}

void Author::sign_head(Step& step) {
  if (!run_) return;
  const auto number = step.tables.journals.ensure(run_->journal);
  step.tables.arrivals.append(
      {.journal = number, .first = run_->first, .count = run_->count, .received = step.now});
  const std::uint64_t size = run_->first + run_->count;
  const auto note = sign_own_checkpoint(step.tables, step.self, run_->journal, size);
  if (note) step.tables.journals.store_checkpoint(run_->journal, size, *note);
  run_.reset();
}

bool signs_now(const Roster& roster, const Identity& self, const JournalId& own) {
  const Member* member = roster.find(self.member);
  return !member || member->signing_key(own.generation, 0) == self.keys.signing.verify_key();
}

Result<std::string> sign_own_checkpoint(Tables& tables, const Identity& self,
                                        const JournalId& journal, std::uint64_t size) {
  const auto head = tables.journals.bare_head(journal);
  if (!head || size > head->held) {
    return fail(ErrorCode::kNotFound, journal.text() + " does not reach " + std::to_string(size));
  }
  Digest root = head->held_frontier.root();
  if (size != head->held) {
    const JournalNodes nodes(tables.journals.transaction(), journal);
    SIMPUL_TRY(earlier, tree_root(nodes, size));
    root = earlier;
  }
  return sign_checkpoint({checkpoint_origin(self.federation, journal), size, root},
                         self.keys.signing);
}

}  // namespace simpul
