#include "storage/local_store.h"

#include <algorithm>

#include "storage/codec.h"
#include "storage/key.h"
#include "storage/table.h"

namespace simpul {

namespace {

Key case_key(const CaseId& id) {
  Key key;
  key.text(id.text());
  return key;
}

Key note_key(const CaseId& id, std::uint64_t number) {
  return case_key(id).u64(number);
}

// Foreign keys may be long or hold zeros: their hash stands for them.
Digest import_key(std::string_view source_key) {
  return sha256(as_bytes(source_key));
}

void put_alert(Transaction& transaction, const Alert& alert) {
  ValueWriter value;
  value.instant(alert.time).text(alert.code).text(alert.text).flag(alert.dismissed);
  Table(transaction, TableId::kAlerts).put(sequence_key(alert.number), value);
}

std::optional<Alert> decode_alert(std::uint64_t number, BytesView value) {
  ValueReader in(value);
  Alert alert;
  alert.number = number;
  alert.time = in.instant();
  alert.code = in.text();
  alert.text = in.text();
  alert.dismissed = in.flag();
  if (!in.good()) return std::nullopt;
  return alert;
}

}  // namespace

std::uint64_t LocalStore::add_note(const CaseId& id, const LocalNote& note) {
  Table table(*transaction_, TableId::kNotes);
  const Key prefix = case_key(id);
  const auto last = table.last(prefix);
  const std::uint64_t number =
      last ? KeyReader(BytesView(last->first).subspan(prefix.view().size())).u64() + 1 : 1;
  ValueWriter value;
  value.instant(note.time).text(note.author).bytes(note.body);
  table.put(note_key(id, number), value);
  return number;
}

std::vector<LocalNote> LocalStore::notes(const CaseId& id) const {
  std::vector<LocalNote> notes;
  const Key prefix = case_key(id);
  Table(*transaction_, TableId::kNotes).scan_prefix(prefix, [&](BytesView key, BytesView value) {
    ValueReader in(value);
    LocalNote note;
    note.number = KeyReader(key.subspan(prefix.view().size())).u64();
    note.time = in.instant();
    note.author = in.text();
    note.body = in.bytes();
    if (!in.good()) transaction_->fail_with(damaged("note on " + id.text()));
    notes.push_back(std::move(note));
    return !transaction_->failed();
  });
  return notes;
}

bool LocalStore::erase_note(const CaseId& id, std::uint64_t number) {
  return Table(*transaction_, TableId::kNotes).erase(note_key(id, number));
}

std::size_t LocalStore::erase_notes(const CaseId& id) {
  return Table(*transaction_, TableId::kNotes).erase_prefix(case_key(id));
}

// One that stands undismissed among the newest so many is not repeated: what a peer can provoke
// again and again costs one line.
constexpr std::size_t kAlertsCompared = 64;

std::uint64_t LocalStore::add_alert(const Alert& alert) {
  for (const Alert& known : alerts(kAlertsCompared)) {
    if (known.code == alert.code && known.text == alert.text) return known.number;
  }
  const auto last = Table(*transaction_, TableId::kAlerts).last({});
  Alert numbered = alert;
  numbered.number = last ? KeyReader(last->first).u64() + 1 : 1;
  put_alert(*transaction_, numbered);
  return numbered.number;
}

std::vector<Alert> LocalStore::alerts(std::size_t limit, bool with_dismissed) const {
  std::vector<Alert> alerts;
  const Table table(*transaction_, TableId::kAlerts);
  auto entry = table.last({});
  while (entry && alerts.size() < limit) {
    auto alert = decode_alert(KeyReader(entry->first).u64(), entry->second);
    if (!alert) {
      transaction_->fail_with(damaged("alert"));
      break;
    }
    const std::uint64_t number = alert->number;
    if (with_dismissed || !alert->dismissed) alerts.push_back(*std::move(alert));
    if (number == 0) break;
    entry = table.last({}, sequence_key(number - 1));
  }
  return alerts;
}

bool LocalStore::dismiss_alert(std::uint64_t number) {
  const auto value = Table(*transaction_, TableId::kAlerts).get(sequence_key(number));
  auto alert = value ? decode_alert(number, *value) : std::nullopt;
  if (!alert) return false;
  alert->dismissed = true;
  put_alert(*transaction_, *alert);
  return true;
}

std::optional<std::string> LocalStore::imported(std::string_view source_key) const {
  const auto value = Table(*transaction_, TableId::kImports).get(import_key(source_key).view());
  if (!value) return std::nullopt;
  return std::string(as_text(*value));
}

void LocalStore::set_imported(std::string_view source_key, std::string_view marker) {
  Table(*transaction_, TableId::kImports).put(import_key(source_key).view(), as_bytes(marker));
}

bool LocalStore::add_fork_proof(BytesView proof) {
  Table table(*transaction_, TableId::kForkProofs);
  const Digest hash = sha256(proof);
  if (table.contains(hash.view())) return false;
  table.put(hash.view(), proof);
  return true;
}

void LocalStore::drop_fork_proof(const Digest& hash) {
  Table(*transaction_, TableId::kForkProofs).erase(hash.view());
}

std::optional<Bytes> LocalStore::fork_proof(const Digest& hash) const {
  const auto value = Table(*transaction_, TableId::kForkProofs).get(hash.view());
  return value ? std::optional(to_bytes(*value)) : std::nullopt;
}

std::vector<Bytes> LocalStore::fork_proofs() const {
  std::vector<Bytes> proofs;
  Table(*transaction_, TableId::kForkProofs).scan({}, [&](BytesView, BytesView value) {
    proofs.push_back(to_bytes(value));
    return true;
  });
  return proofs;
}

}  // namespace simpul
