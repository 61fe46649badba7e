// log.show {journal, from, count} -> {"journal", "size", "events": [event..., with its leaf hash]}
// log.checkpoint {journal, size}  -> {"journal", "size", "root", "checkpoint": the note, "signers",
//                                     "keys": verifier keys for public tools}
#include "crypto/encoding.h"
#include "node/queries/query.h"
#include "protocol/checkpoint.h"

namespace simpul {
namespace {

constexpr std::int64_t kCountDefault = 20;
constexpr std::size_t kCountMax = 10'000;

Json entry_json(const JournalId& journal, std::uint64_t index, BytesView bytes) {
  auto event = decode_event(bytes);
  Json json = event ? event_json(*event)
                    : Json{{"event", EventPosition{journal, index}.text()},
                           {"kind", "unreadable"},
                           {"why", event.error().message}};
  json["leaf"] = to_base64(leaf_hash(bytes).view());
  json["size"] = bytes.size();
  return json;
}

// The member named "simpul/<federation>/<member>", if it is one.
const Member* signer(const QueryContext& context, const std::string& name) {
  for (const Member& member : context.roster.members) {
    if (cosigner_name(context.roster.federation, member.id) == name) return &member;
  }
  return nullptr;
}

// The keys that a public tool needs to open the note.
Json keys_json(const QueryContext& context, const JournalId& journal, std::uint64_t size,
               const std::string& note, const std::vector<std::string>& signers) {
  Json keys = Json::array();
  const std::string origin = checkpoint_origin(context.roster.federation, journal);
  if (const Member* author = context.roster.find(journal.member)) {
    keys.push_back(note_verifier_key(origin, author->signing_key(journal.generation, size)));
  }
  for (const std::string& name : signers) {
    const Member* member = signer(context, name);
    if (!member) continue;
    const auto witnessed = cosigned_at(*member, context.roster.federation, note);
    keys.push_back(
        cosignature_verifier_key(name, witnessed ? witnessed->key : member->signing.back().key));
  }
  return keys;
}

}  // namespace

Result<Json> show_log(const QueryContext& context, const Arguments& arguments) {
  SIMPUL_TRY(journal, journal_argument(context, arguments));
  const JournalHead head = *context.tables.journals.head(journal);
  const std::int64_t count = arguments.number("count").value_or(kCountDefault);
  const std::int64_t from = arguments.number("from").value_or(
      std::max<std::int64_t>(0, static_cast<std::int64_t>(head.size) - count));
  if (from < 0 || count < 1 || static_cast<std::size_t>(count) > kCountMax) {
    return fail(ErrorCode::kMalformed, "from is 0 or more, count is from 1 to 10000");
  }
  Json events = Json::array();
  context.tables.journals.visit(journal, static_cast<std::uint64_t>(from),
                                [&](std::uint64_t index, BytesView bytes) {
                                  events.push_back(entry_json(journal, index, bytes));
                                  return events.size() < static_cast<std::size_t>(count);
                                });
  return Json{{"journal", journal.text()}, {"size", head.size}, {"events", std::move(events)}};
}

Result<Json> log_checkpoint(const QueryContext& context, const Arguments& arguments) {
  SIMPUL_TRY(journal, journal_argument(context, arguments));
  SIMPUL_TRY(newest, newest_note(context, journal));
  std::string note = newest;
  if (const auto size = arguments.number("size")) {
    const auto held =
        context.tables.journals.checkpoint_at(journal, static_cast<std::uint64_t>(*size));
    if (!held) {
      return fail(ErrorCode::kNotFound, "no checkpoint of " + journal.text() + " at size " +
                                            std::to_string(*size) + " is held");
    }
    note = *held;
  }
  SIMPUL_TRY(checkpoint, parse_checkpoint(note));
  SIMPUL_TRY(signers, signers_of(note));
  return Json{{"journal", journal.text()},
              {"size", checkpoint.size},
              {"root", to_base64(checkpoint.root.view())},
              {"checkpoint", note},
              {"signers", signers},
              {"keys", keys_json(context, journal, checkpoint.size, note, signers)}};
}

}  // namespace simpul
