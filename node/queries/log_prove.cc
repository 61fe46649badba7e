// log.prove {event: "51.03/1#42", size}   -> that the event is in the tree of a checkpoint
// log.prove {journal, from, size}         -> that the tree of `size` extends the one of `from`
// Hashes are base64, in the order of RFC 9162; the size is the newest checkpoint's by default.
#include "crypto/encoding.h"
#include "node/queries/query.h"
#include "protocol/checkpoint.h"

namespace simpul {
namespace {

// The checkpoint to prove against.
Result<std::string> note_for(const QueryContext& context, const Arguments& arguments,
                             const JournalId& journal) {
  const auto size = arguments.number("size");
  if (!size) return newest_note(context, journal);
  auto note = context.tables.journals.checkpoint_at(journal, static_cast<std::uint64_t>(*size));
  if (!note) {
    return fail(ErrorCode::kNotFound, "no checkpoint of " + journal.text() + " at size " +
                                          std::to_string(*size) + " is held");
  }
  return *std::move(note);
}

Result<Json> prove_consistency(const QueryContext& context, const Arguments& arguments,
                               std::int64_t from) {
  SIMPUL_TRY(journal, journal_argument(context, arguments));
  SIMPUL_TRY(note, note_for(context, arguments, journal));
  SIMPUL_TRY(checkpoint, parse_checkpoint(note));
  if (from < 0 || static_cast<std::uint64_t>(from) > checkpoint.size) {
    return fail(ErrorCode::kMalformed,
                "from is between 0 and the size " + std::to_string(checkpoint.size));
  }
  const auto old_size = static_cast<std::uint64_t>(from);
  const JournalNodes nodes(context.tables.journals.transaction(), journal);
  SIMPUL_TRY(old_root, tree_root(nodes, old_size));
  SIMPUL_TRY(proof, consistency_proof(nodes, old_size, checkpoint.size));
  return Json{{"journal", journal.text()},
              {"from", old_size},
              {"from_root", to_base64(old_root.view())},
              {"size", checkpoint.size},
              {"root", to_base64(checkpoint.root.view())},
              {"proof", hashes_json(proof)},
              {"checkpoint", note}};
}

}  // namespace

Result<Json> log_proof(const QueryContext& context, const Arguments& arguments) {
  if (const auto from = arguments.number("from")) {
    return prove_consistency(context, arguments, *from);
  }
  SIMPUL_TRY(text, arguments.text("event"));
  SIMPUL_TRY(position, EventPosition::parse(text));
  const auto bytes = context.tables.journals.event(position.journal, position.index);
  if (!bytes) return fail(ErrorCode::kNotFound, "event " + position.text() + " is not held here");
  SIMPUL_TRY(note, note_for(context, arguments, position.journal));
  SIMPUL_TRY(checkpoint, parse_checkpoint(note));
  const JournalNodes nodes(context.tables.journals.transaction(), position.journal);
  SIMPUL_TRY(proof, inclusion_proof(nodes, position.index, checkpoint.size));
  return Json{{"event", position.text()},
              {"bytes", to_base64(*bytes)},
              {"leaf", to_base64(leaf_hash(*bytes).view())},
              {"index", position.index},
              {"size", checkpoint.size},
              {"root", to_base64(checkpoint.root.view())},
              {"proof", hashes_json(proof)},
              {"checkpoint", note}};
}

}  // namespace simpul
