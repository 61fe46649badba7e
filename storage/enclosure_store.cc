#include "storage/enclosure_store.h"

#include "storage/codec.h"
#include "storage/journal_store.h"
#include "storage/key.h"
#include "storage/table.h"

namespace simpul {

namespace {

Key digest_key(const Digest& digest) {
  Key key;
  key.digest(digest);
  return key;
}

Key chunk_key(const Digest& digest, std::uint64_t index) {
  return digest_key(digest).u64(index);
}

Bytes encode(std::uint32_t journal, const EnclosureRecord& record) {
  const EnclosureCommitment& commitment = record.ref.commitment;
  ValueWriter out;
  out.u8(static_cast<std::uint8_t>(record.ref.role)).number(commitment.padded_size);
  out.digest(commitment.chunk_root).digest(commitment.key_commitment);
  out.text(record.case_id.text()).number(journal).number(record.event.index);
  out.number(record.chunks_held).flag(record.destroyed);
  return out.take();
}

std::optional<EnclosureRecord> decode(Transaction& transaction, const Digest& digest,
                                      BytesView bytes) {
  ValueReader in(bytes);
  EnclosureRecord record;
  record.ref.role = in.choice(EnclosureRole::kReply);
  record.ref.commitment.digest = digest;
  record.ref.commitment.padded_size = in.number();
  record.ref.commitment.chunk_root = in.digest();
  record.ref.commitment.key_commitment = in.digest();
  record.case_id = in.case_id();
  const auto journal = JournalStore(transaction).journal(in.number32());
  record.event.index = in.number();
  record.chunks_held = in.number();
  record.destroyed = in.flag();
  if (!journal || !in.good()) {
    transaction.fail_with(damaged("record of an enclosure"));
    return std::nullopt;
  }
  record.event.journal = *journal;
  return record;
}

}  // namespace

void EnclosureStore::put(const Digest& digest, const EnclosureRecord& record) {
  const auto journal = JournalStore(*transaction_).number(record.event.journal);
  SIMPUL_CHECK(journal || transaction_->failed());
  Table(*transaction_, TableId::kEnclosures)
      .put(digest.view(), encode(journal.value_or(0), record));
}

void EnclosureStore::add(const EnclosureRef& ref, const CaseId& case_id,
                         const EventPosition& event) {
  const Digest& digest = ref.commitment.digest;
  const auto known = get(digest);
  if (known && !(known->destroyed && known->case_id != case_id)) return;
  put(digest, {.ref = ref, .case_id = case_id, .event = event});
}

std::optional<EnclosureRecord> EnclosureStore::get(const Digest& digest) const {
  const auto bytes = Table(*transaction_, TableId::kEnclosures).get(digest.view());
  if (!bytes) return std::nullopt;
  return decode(*transaction_, digest, *bytes);
}

bool EnclosureStore::put_chunk(const Digest& digest, std::uint64_t index, BytesView ciphertext) {
  auto record = get(digest);
  if (!record || record->destroyed) return false;
  if (index >= record->ref.commitment.chunk_count()) return false;
  Table chunks(*transaction_, TableId::kChunks);
  const Key key = chunk_key(digest, index);
  if (chunks.contains(key)) return true;
  chunks.put(key, ciphertext);
  ++record->chunks_held;
  put(digest, *record);
  if (record->chunks_held == record->ref.commitment.chunk_count()) forget_want(digest);
  return true;
}

std::optional<Bytes> EnclosureStore::chunk(const Digest& digest, std::uint64_t index) const {
  return Table(*transaction_, TableId::kChunks).get(chunk_key(digest, index));
}

std::vector<std::uint64_t> EnclosureStore::missing_chunks(const Digest& digest,
                                                          std::size_t limit) const {
  std::vector<std::uint64_t> missing;
  const auto record = get(digest);
  if (!record || record->destroyed) return missing;
  const std::uint64_t count = record->ref.commitment.chunk_count();
  if (record->chunks_held == count) return missing;
  const Table chunks(*transaction_, TableId::kChunks);
  for (std::uint64_t i = 0; i < count && missing.size() < limit; ++i)
    if (!chunks.contains(chunk_key(digest, i))) missing.push_back(i);
  return missing;
}

bool EnclosureStore::complete(const Digest& digest) const {
  const auto record = get(digest);
  return record && !record->destroyed &&
         record->chunks_held == record->ref.commitment.chunk_count();
}

void EnclosureStore::want(const Digest& digest) {
  const auto record = get(digest);
  if (!record || record->destroyed || complete(digest)) return;
  Table(*transaction_, TableId::kWanted).put(digest.view(), {});
}

void EnclosureStore::forget_want(const Digest& digest) {
  Table(*transaction_, TableId::kWanted).erase(digest.view());
}

bool EnclosureStore::is_wanted(const Digest& digest) const {
  return Table(*transaction_, TableId::kWanted).contains(digest.view());
}

std::vector<Digest> EnclosureStore::wanted(const std::optional<Digest>& after,
                                           std::size_t limit) const {
  std::vector<Digest> digests;
  Key from;
  if (after) from.digest(*after).u8(0);
  Table(*transaction_, TableId::kWanted).scan(from, [&](BytesView key, BytesView) {
    if (digests.size() == limit) return false;
    digests.push_back(KeyReader(key).digest());
    return true;
  });
  return digests;
}

void EnclosureStore::destroy(const Digest& digest) {
  drop_chunks(digest);
  forget_want(digest);
  auto record = get(digest);
  if (!record) return;
  record->destroyed = true;
  put(digest, *record);
}

void EnclosureStore::drop_chunks(const Digest& digest) {
  Table(*transaction_, TableId::kChunks).erase_prefix(digest.view());
  auto record = get(digest);
  if (!record) return;
  record->chunks_held = 0;
  put(digest, *record);
}

}  // namespace simpul
