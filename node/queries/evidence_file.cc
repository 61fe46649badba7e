// evidence {case} -> the file that node/evidence.h describes.
#include <algorithm>

#include "crypto/encoding.h"
#include "node/evidence.h"
#include "node/queries/query.h"
#include "protocol/checkpoint.h"
#include "protocol/fork_proof.h"

namespace simpul {
namespace {

// Notes of this journal that someone besides the author signed: receipts got on ours; on others'
// what a hub cosigned, this node's own receipt included. The newest of each witness.
std::map<std::uint64_t, std::string> witnessed_notes(const QueryContext& context,
                                                     const JournalId& journal,
                                                     const Checkpoint& newest,
                                                     const std::string& note) {
  std::map<std::uint64_t, std::string> notes;
  for (const Receipt& receipt : context.tables.receipts.received(journal)) {
    const auto held = context.tables.journals.checkpoint_at(journal, receipt.size);
    const auto merged = held ? add_signature(*held, receipt.line) : fail(ErrorCode::kNotFound, "");
    if (merged) notes[receipt.size] = *merged;
  }
  if (is_witnessed(context, journal, note)) notes.emplace(newest.size, note);
  return notes;
}

Json witnessed_json(const QueryContext& context, const JournalId& journal, const Checkpoint& newest,
                    const std::string& note, const JournalNodes& nodes) {
  Json witnessed = Json::array();
  for (const auto& [size, witnessed_note] : witnessed_notes(context, journal, newest, note)) {
    if (size > newest.size) continue;
    const auto proof = consistency_proof(nodes, size, newest.size);
    if (!proof) continue;  // not provable from what is held; another witness may be
    witnessed.push_back({{"checkpoint", witnessed_note}, {"consistency", hashes_json(*proof)}});
  }
  return witnessed;
}

// From where on a forked journal's events do not count, and what proves that it forked.
void put_dispute(const QueryContext& context, const JournalHead& head, Json& part) {
  part["disputed_from"] = *head.disputed_from;
  const AuthorKey key = author_key(context.roster);
  for (const Bytes& proof : context.tables.local.fork_proofs()) {
    const auto fork = check_fork_proof(proof, context.roster.federation, key, *head.disputed_from);
    if (fork && fork->journal == head.id) part["fork_proof"] = to_base64(proof);
  }
}

Result<Json> journal_part(const QueryContext& context, const JournalId& journal,
                          const std::vector<std::uint64_t>& indexes) {
  SIMPUL_TRY(note, newest_note(context, journal));
  SIMPUL_TRY(checkpoint, parse_checkpoint(note));
  const JournalNodes nodes(context.tables.journals.transaction(), journal);
  Json events = Json::array();
  for (const std::uint64_t index : indexes) {
    const auto bytes = context.tables.journals.event(journal, index);
    if (!bytes) return fail(ErrorCode::kStorage, "an event of the case cannot be read");
    SIMPUL_TRY(proof, inclusion_proof(nodes, index, checkpoint.size));
    events.push_back(
        {{"index", index}, {"event", to_base64(*bytes)}, {"proof", hashes_json(proof)}});
  }
  return Json{{"journal", journal.text()},
              {"checkpoint", note},
              {"witnessed", witnessed_json(context, journal, checkpoint, note, nodes)},
              {"events", std::move(events)}};
}

}  // namespace

Result<Json> case_evidence(const QueryContext& context, const Arguments& arguments) {
  SIMPUL_TRY(id, arguments.case_id());
  SIMPUL_TRY(held, held_case(context, id));
  const auto roster = context.tables.rosters.newest();
  const auto root =
      context.self ? std::optional(context.self->root) : context.tables.meta.root_key();
  if (!roster || !root) {
    return fail(ErrorCode::kNotYet, "this node has no roster yet, and evidence needs one");
  }
  std::map<JournalId, std::vector<std::uint64_t>> indexes;
  for (const CaseEvent& event : held.events) {
    indexes[event.event.position.journal].push_back(event.event.position.index);
  }
  Json journals = Json::array();
  for (auto& [journal, of_journal] : indexes) {
    std::ranges::sort(of_journal);
    SIMPUL_TRY(part, journal_part(context, journal, of_journal));
    const auto head = context.tables.journals.head(journal);
    if (head && head->disputed_from) put_dispute(context, *head, part);
    journals.push_back(std::move(part));
  }
  return Json{{"format", kEvidenceFormat},
              {"case", id.text()},
              {"made", {{"by", own_member(context).text()}, {"at", to_text(context.now)}}},
              {"federation", context.roster.federation},
              {"root_key", to_hex(root->view())},
              {"roster", to_base64(*roster)},
              {"journals", std::move(journals)}};
}

}  // namespace simpul
