#include "storage/mailbox_store.h"

#include <algorithm>

#include "storage/codec.h"
#include "storage/journal_store.h"
#include "storage/key.h"
#include "storage/table.h"

namespace simpul {

namespace {

constexpr std::uint8_t kEventItem = 1;
constexpr std::uint8_t kPacketItem = 2;

Key member_key(const MemberId& member) {
  SIMPUL_CHECK(!member.empty());
  Key key;
  key.text(member.text());
  return key;
}

Key item_key(const MemberId& member, std::uint64_t sequence) {
  return member_key(member).u64(sequence);
}

Key generation_key() {
  Key key;
  key.u8(0).text("mailbox_generation");
  return key;
}

void write_generation(Transaction& transaction, std::uint64_t random) {
  SIMPUL_CHECK(random != 0);
  Key value;
  value.u64(random);
  Table(transaction, TableId::kMeta).put(generation_key(), value);
}

struct Mailbox {
  std::uint64_t size = 0;
  std::uint64_t acked = 0;
};

Mailbox load(Transaction& transaction, const MemberId& member) {
  Mailbox mailbox;
  const auto value = Table(transaction, TableId::kMailboxes).get(member_key(member));
  if (!value) return mailbox;
  ValueReader reader(*value);
  mailbox.size = reader.number();
  mailbox.acked = reader.number();
  if (!reader.good()) transaction.fail_with(damaged("mailbox of " + member.text()));
  return mailbox;
}

void save(Transaction& transaction, const MemberId& member, const Mailbox& mailbox) {
  ValueWriter value;
  value.number(mailbox.size).number(mailbox.acked);
  Table(transaction, TableId::kMailboxes).put(member_key(member), value);
}

Bytes encode_item(Transaction& transaction, const MailboxItem& item) {
  ValueWriter value;
  if (const auto* packet = std::get_if<PacketNumber>(&item))
    return value.u8(kPacketItem).number(packet->value).take();
  const auto& position = std::get<EventPosition>(item);
  const auto number = JournalStore(transaction).number(position.journal);
  SIMPUL_CHECK(number || transaction.failed());
  return value.u8(kEventItem).number(number.value_or(0)).number(position.index).take();
}

std::optional<MailboxItem> decode_item(const JournalStore& journals, BytesView bytes) {
  ValueReader reader(bytes);
  const std::uint8_t tag = reader.u8();
  if (tag == kPacketItem) {
    const PacketNumber packet{reader.number()};
    return reader.good() ? std::optional<MailboxItem>(packet) : std::nullopt;
  }
  const auto journal = journals.journal(reader.number32());
  const std::uint64_t index = reader.number();
  if (tag != kEventItem || !journal || !reader.good()) return std::nullopt;
  return EventPosition{*journal, index};
}

}  // namespace

std::uint64_t MailboxStore::generation() const {
  const auto value = Table(*transaction_, TableId::kMeta).get(generation_key());
  return value ? KeyReader(*value).u64() : 0;
}

void MailboxStore::renew_generation(std::uint64_t random) {
  for (const MemberId& member : members()) {
    Mailbox mailbox = load(*transaction_, member);
    mailbox.acked = 0;
    save(*transaction_, member, mailbox);
  }
  write_generation(*transaction_, random);
}

void MailboxStore::set_generation(std::uint64_t random) {
  SIMPUL_CHECK(generation() == 0);
  write_generation(*transaction_, random);
}

std::uint64_t MailboxStore::append(const MemberId& member, const MailboxItem& item) {
  Mailbox mailbox = load(*transaction_, member);
  const std::uint64_t sequence = mailbox.size++;
  Table(*transaction_, TableId::kMailboxItems)
      .append(item_key(member, sequence), encode_item(*transaction_, item));
  save(*transaction_, member, mailbox);
  return sequence;
}

std::vector<MailboxItem> MailboxStore::read(const MemberId& member, std::uint64_t from,
                                            std::size_t limit) const {
  std::vector<MailboxItem> items;
  const JournalStore journals(*transaction_);
  if (limit == 0) return items;
  Table(*transaction_, TableId::kMailboxItems)
      .scan_prefix(member_key(member), item_key(member, from), [&](BytesView, BytesView value) {
        auto item = decode_item(journals, value);
        if (!item) {
          transaction_->fail_with(damaged("mailbox of " + member.text()));
          return false;
        }
        items.push_back(*std::move(item));
        return items.size() < limit;
      });
  return items;
}

std::uint64_t MailboxStore::size(const MemberId& member) const {
  return load(*transaction_, member).size;
}

std::uint64_t MailboxStore::acked(const MemberId& member) const {
  return load(*transaction_, member).acked;
}

void MailboxStore::set_acked(const MemberId& member, std::uint64_t cursor) {
  Mailbox mailbox = load(*transaction_, member);
  if (cursor <= mailbox.acked) return;
  mailbox.acked = std::min(cursor, mailbox.size);
  save(*transaction_, member, mailbox);
}

std::vector<MemberId> MailboxStore::members() const {
  std::vector<MemberId> members;
  Table(*transaction_, TableId::kMailboxes).scan({}, [&](BytesView key, BytesView) {
    auto member = MemberId::parse(KeyReader(key).text());
    if (member) members.push_back(*std::move(member));
    return true;
  });
  return members;
}

InboundCursor MailboxStore::inbound(const MemberId& holder) const {
  const auto value = Table(*transaction_, TableId::kInbound).get(member_key(holder));
  if (!value) return {};
  KeyReader reader(*value);
  InboundCursor cursor;
  cursor.generation = reader.u64();
  cursor.sequence = reader.u64();
  return cursor;
}

void MailboxStore::set_inbound(const MemberId& holder, const InboundCursor& cursor) {
  Key value;
  value.u64(cursor.generation).u64(cursor.sequence);
  Table(*transaction_, TableId::kInbound).put(member_key(holder), value);
}

}  // namespace simpul
