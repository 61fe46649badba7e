#include "storage/receipt_store.h"

#include <algorithm>

#include "storage/codec.h"
#include "storage/key.h"
#include "storage/table.h"

namespace simpul {

namespace {

// By name, not by number: receipts may come before anything else of a journal.
Key journal_name(const JournalId& journal) {
  Key key;
  key.text(journal.member.text()).u32(journal.generation);
  return key;
}

Key received_key(const JournalId& journal, const MemberId& by) {
  return journal_name(journal).text(by.text());
}

std::optional<Receipt> decode(const MemberId& by, BytesView bytes) {
  ValueReader in(bytes);
  Receipt receipt;
  receipt.by = by;
  receipt.size = in.number();
  receipt.line = in.text();
  if (!in.good()) return std::nullopt;
  return receipt;
}

}  // namespace

void ReceiptStore::receive(const JournalId& journal, const Receipt& receipt) {
  const auto before = received(journal, receipt.by);
  if (before && before->size >= receipt.size) return;
  ValueWriter value;
  value.number(receipt.size).text(receipt.line);
  Table(*transaction_, TableId::kReceiptsReceived).put(received_key(journal, receipt.by), value);
}

std::optional<Receipt> ReceiptStore::received(const JournalId& journal, const MemberId& by) const {
  const auto value =
      Table(*transaction_, TableId::kReceiptsReceived).get(received_key(journal, by));
  if (!value) return std::nullopt;
  auto receipt = decode(by, *value);
  if (!receipt) transaction_->fail_with(damaged("receipt"));
  return receipt;
}

std::vector<Receipt> ReceiptStore::received(const JournalId& journal) const {
  std::vector<Receipt> receipts;
  const Key prefix = journal_name(journal);
  Table(*transaction_, TableId::kReceiptsReceived)
      .scan_prefix(prefix, [&](BytesView key, BytesView value) {
        const auto by = MemberId::parse(KeyReader(key.subspan(prefix.view().size())).text());
        auto receipt = by ? decode(*by, value) : std::nullopt;
        if (!receipt) {
          transaction_->fail_with(damaged("receipt"));
          return false;
        }
        receipts.push_back(*std::move(receipt));
        return true;
      });
  return receipts;
}

std::uint64_t ReceiptStore::acknowledged_size(const JournalId& journal) const {
  std::uint64_t size = 0;
  for (const Receipt& receipt : received(journal))
    if (receipt.by != journal.member) size = std::max(size, receipt.size);
  return size;
}

}  // namespace simpul
