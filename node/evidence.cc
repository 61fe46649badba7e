#include "node/evidence.h"

#include <algorithm>

#include "crypto/encoding.h"
#include "node/json_depth.h"
#include "node/queries/query.h"
#include "protocol/checkpoint.h"
#include "protocol/fork_proof.h"

namespace simpul {
namespace {

// One pass over a file. What does not hold is named and the pass goes on.
class Verifier {
 public:
  explicit Verifier(const Json& file) : file_(file) {}

  Result<Json> run(const std::optional<VerifyKey>& root_key);

 private:
  void damage(const std::string& sentence) { report_["damage"].push_back(sentence); }
  Result<void> open_roster_with(const std::optional<VerifyKey>& given);
  void check_journal(const Json& json);
  std::optional<Checkpoint> check_note(const JournalId& journal, const std::string& note);
  Json check_cosignatures(const JournalId& journal, const std::string& note);
  void check_witnessed(const JournalId& journal, const Json& json, const Checkpoint& newest,
                       Json& cosigned_by);
  void check_event(const JournalId& journal, const Json& json, const Checkpoint& newest,
                   std::optional<std::uint64_t> disputed_from);
  std::optional<std::uint64_t> check_dispute(const JournalId& journal, const Json& json);
  void tell_case();

  const Json& file_;
  Json report_{{"damage", Json::array()}, {"journals", Json::array()}};
  CaseId case_id_;
  Roster roster_;
  std::vector<CaseEvent> events_;
};

// Values of a JSON object that may be anything at all.
std::string text_of(const Json& json, const char* name) {
  const bool is_text = json.is_object() && json.contains(name) && json[name].is_string();
  return is_text ? json[name].get<std::string>() : "";
}

const Json& list_of(const Json& json, const char* name) {
  static const Json kEmpty = Json::array();
  const bool is_list = json.is_object() && json.contains(name) && json[name].is_array();
  return is_list ? json[name] : kEmpty;
}

std::optional<std::uint64_t> number_of(const Json& json, const char* name) {
  const bool is_number = json.is_object() && json.contains(name) && json[name].is_number_unsigned();
  return is_number ? std::optional(json[name].get<std::uint64_t>()) : std::nullopt;
}

Result<std::vector<Digest>> hashes_of(const Json& list) {
  std::vector<Digest> hashes;
  for (const Json& item : list) {
    const auto bytes = from_base64(item.is_string() ? item.get<std::string>() : "?");
    if (!bytes || bytes->size() != Digest::kSize) {
      return fail(ErrorCode::kMalformed, "a hash of a proof is not 32 bytes in base64");
    }
    std::ranges::copy(*bytes, hashes.emplace_back().bytes.begin());
  }
  return hashes;
}

Result<void> Verifier::open_roster_with(const std::optional<VerifyKey>& given) {
  SIMPUL_TRY(raw, from_hex(text_of(file_, "root_key")));
  SIMPUL_TRY(stated, VerifyKey::from(raw));
  if (given && *given != stated) {
    damage(
        "The file names another root key than the one given: it is of another federation, or "
        "forged.");
  }
  const VerifyKey& root = given ? *given : stated;
  report_["root_key"] = to_hex(root.view());
  report_["root_key_given"] = given.has_value();
  SIMPUL_TRY(bytes, from_base64(text_of(file_, "roster")));
  SIMPUL_TRY(opened, open_roster(bytes, root));
  roster_ = std::move(opened.roster);
  report_["federation"] = roster_.federation;
  report_["roster"] = {{"version", roster_.version},
                       {"members", roster_.members.size()},
                       {"issued", to_text(roster_.issued)}};
  return {};
}

std::optional<Checkpoint> Verifier::check_note(const JournalId& journal, const std::string& note) {
  const Member* author = roster_.find(journal.member);
  if (!author) {
    damage("Journal " + journal.text() + ": its author is not in the roster.");
    return std::nullopt;
  }
  const auto read = parse_checkpoint(note);
  if (!read) {
    damage("Journal " + journal.text() +
           ": the checkpoint is not readable: " + read.error().message + ".");
    return std::nullopt;
  }
  const auto opened = open_checkpoint(note, checkpoint_origin(roster_.federation, journal),
                                      author->signing_key(journal.generation, read->size));
  if (!opened) {
    damage("Journal " + journal.text() + ": the checkpoint at size " + std::to_string(read->size) +
           " is not signed by " + journal.member.text() + ".");
    return std::nullopt;
  }
  return *opened;
}

Json Verifier::check_cosignatures(const JournalId& journal, const std::string& note) {
  Json cosigned_by = Json::array();
  for (const Member& member : roster_.members) {
    const auto witnessed = cosigned_at(member, roster_.federation, note);
    if (witnessed) {
      cosigned_by.push_back({{"by", member.id.text()}, {"at", to_text(witnessed->time)}});
    } else if (witnessed.error().code == ErrorCode::kBadSignature) {
      damage("Journal " + journal.text() + ": the cosignature of " + member.id.text() +
             " does not verify.");
    }
  }
  return cosigned_by;
}

void Verifier::check_witnessed(const JournalId& journal, const Json& json, const Checkpoint& newest,
                               Json& cosigned_by) {
  const std::string note = text_of(json, "checkpoint");
  const auto checkpoint = check_note(journal, note);
  if (!checkpoint) return;
  const auto proof = hashes_of(list_of(json, "consistency"));
  if (!proof ||
      !verify_consistency(checkpoint->size, checkpoint->root, newest.size, newest.root, *proof)) {
    damage("Journal " + journal.text() + ": the head witnessed at size " +
           std::to_string(checkpoint->size) + " is not a beginning of the one at " +
           std::to_string(newest.size) + ": history was rewritten, or the proof is damaged.");
    return;
  }
  for (Json& witness : check_cosignatures(journal, note)) {
    witness["size"] = checkpoint->size;
    cosigned_by.push_back(std::move(witness));
  }
}

void Verifier::check_event(const JournalId& journal, const Json& json, const Checkpoint& newest,
                           std::optional<std::uint64_t> disputed_from) {
  const auto index = number_of(json, "index");
  const auto bytes = from_base64(text_of(json, "event"));
  if (!index || !bytes) {
    damage("Journal " + journal.text() + ": an entry is not an index and an event in base64.");
    return;
  }
  const std::string place = EventPosition{journal, *index}.text();
  const auto proof = hashes_of(list_of(json, "proof"));
  const Digest leaf = leaf_hash(*bytes);
  if (!proof || !verify_inclusion(leaf, *index, newest.size, *proof, newest.root)) {
    damage("Event " + place + " is not the one that " + journal.member.text() +
           " signed: the event or its proof was altered.");
    return;
  }
  auto event = decode_event(*bytes);
  if (!event) {
    damage("Event " + place + " is not well formed: " + event.error().message + ".");
    return;
  }
  if (event->position != EventPosition{journal, *index}) {
    damage("Event " + place + " says that it stands at " + event->position.text() + ".");
    return;
  }
  if (event->case_id != case_id_) {
    damage("Event " + place + " is not of case " + case_id_.text() + ".");
    return;
  }
  const bool disputed = disputed_from && *index >= *disputed_from;
  events_.push_back({.hash = leaf, .event = std::move(*event), .disputed = disputed});
}

// A fork is believed when it is proved, never because the file says so.
std::optional<std::uint64_t> Verifier::check_dispute(const JournalId& journal, const Json& json) {
  const auto from = number_of(json, "disputed_from");
  if (!from) return std::nullopt;
  const auto bytes = from_base64(text_of(json, "fork_proof"));
  const auto fork = bytes ? check_fork_proof(*bytes, roster_.federation, author_key(roster_), *from)
                          : fail(ErrorCode::kNotFound, "");
  if (fork && fork->journal == journal) return fork->void_from;
  damage("Journal " + journal.text() + " is said to be forked from event " + std::to_string(*from) +
         " on, but the file does not prove it.");
  return std::nullopt;
}

void Verifier::check_journal(const Json& json) {
  const auto journal = JournalId::parse(text_of(json, "journal"));
  if (!journal) return damage("A journal's name is not readable.");
  const std::string note = text_of(json, "checkpoint");
  const auto newest = check_note(*journal, note);
  if (!newest) return;
  Json cosigned_by = Json::array();
  for (const Json& witnessed : list_of(json, "witnessed")) {
    check_witnessed(*journal, witnessed, *newest, cosigned_by);
  }
  if (list_of(json, "witnessed").empty()) check_cosignatures(*journal, note);
  const auto disputed_from = check_dispute(*journal, json);
  for (const Json& event : list_of(json, "events")) {
    check_event(*journal, event, *newest, disputed_from);
  }
  Json row{{"journal", journal->text()},
           {"size", newest->size},
           {"events", list_of(json, "events").size()},
           {"cosigned_by", std::move(cosigned_by)}};
  if (disputed_from) row["disputed_from"] = *disputed_from;
  report_["journals"].push_back(std::move(row));
}

void Verifier::tell_case() {
  const CaseState state = fold_case(case_id_, events_, roster_);
  if (!state.has_opened()) damage("The event that opened the case is not among those proved.");
  if (!state.missing.empty()) {
    damage("The file is incomplete: its events cite " + std::to_string(state.missing.size()) +
           " that are not in it.");
  }
  report_["status"] = name_of(state.status);
  report_["label"] = label_json(state.status);
  report_["custodian"] = state.custodian.text();
  report_["route"] = Json::array();
  for (const Epoch& epoch : state.route) {
    const Member* member = roster_.find(epoch.custodian);
    report_["route"].push_back({{"epoch", epoch.number},
                                {"custodian", epoch.custodian.text()},
                                {"name", member ? member->name : ""},
                                {"since", to_text(epoch.since)}});
  }
  report_["timeline"] = Json::array();
  for (const Judged& judged : state.events) {
    const auto found = std::ranges::find(events_, judged.hash, &CaseEvent::hash);
    if (found == events_.end()) continue;
    Json json = event_json(found->event);
    json["verdict"] = name_of(judged.verdict);
    if (!judged.why.empty()) json["why"] = judged.why;
    report_["timeline"].push_back(std::move(json));
  }
}

Result<Json> Verifier::run(const std::optional<VerifyKey>& root_key) {
  if (text_of(file_, "format") != kEvidenceFormat) {
    return fail(ErrorCode::kMalformed, "this is no evidence file of a format known here (" +
                                           std::string(kEvidenceFormat) + ")");
  }
  SIMPUL_TRY(id, CaseId::parse(text_of(file_, "case")));
  case_id_ = id;
  report_["case"] = id.text();
  report_["made"] = file_.contains("made") ? file_["made"] : Json::object();
  const auto opened = open_roster_with(root_key);
  if (!opened) {
    damage("The roster is not signed by the root key: " + opened.error().message +
           ". Nothing else in the file can be trusted.");
  } else {
    for (const Json& journal : list_of(file_, "journals")) check_journal(journal);
    tell_case();
  }
  report_["verified"] = report_["damage"].empty();
  return std::move(report_);
}

}  // namespace

std::function<std::optional<VerifyKey>(const JournalId&, std::uint64_t)> author_key(
    const Roster& roster) {
  return [&roster](const JournalId& journal, std::uint64_t size) -> std::optional<VerifyKey> {
    const Member* author = roster.find(journal.member);
    if (!author) return std::nullopt;
    return author->signing_key(journal.generation, size);
  };
}

Result<Json> verify_evidence(std::string_view file, const std::optional<VerifyKey>& root_key) {
  if (file.size() > kEvidenceSizeMax) {
    return fail(ErrorCode::kTooLarge, "an evidence file is 64 MiB at most");
  }
  if (json_depth(file) > kEvidenceDepthMax) {
    return fail(ErrorCode::kMalformed, "the file nests deeper than any evidence");
  }
  const Json json = Json::parse(file, nullptr, false);
  if (!json.is_object()) return fail(ErrorCode::kMalformed, "the file is not JSON");
  return Verifier(json).run(root_key);
}

}  // namespace simpul
