// The relaying half of EnclosureStore: who waits for what, what it counts against whom, and which
// hubs are still to hear that they may let go.
#include "storage/codec.h"
#include "storage/enclosure_store.h"
#include "storage/key.h"
#include "storage/table.h"

namespace simpul {

namespace {

// A relay entry: (digest, recipient) -> (author, bytes counted).
struct Hold {
  MemberId author;
  std::uint64_t bytes = 0;
};

Key hold_key(const Digest& digest, const MemberId& recipient) {
  Key key;
  key.digest(digest).text(recipient.text());
  return key;
}

std::optional<Hold> load(Transaction& transaction, BytesView key) {
  const auto value = Table(transaction, TableId::kRelays).get(key);
  if (!value) return std::nullopt;
  ValueReader in(*value);
  Hold hold;
  hold.author = in.member();
  hold.bytes = in.number();
  if (!in.good()) transaction.fail_with(damaged("list of relayed enclosures"));
  return hold;
}

// Members that the enclosure is still held for.
std::vector<MemberId> waiting(Transaction& transaction, const Digest& digest) {
  std::vector<MemberId> members;
  Table(transaction, TableId::kRelays).scan_prefix(digest.view(), [&](BytesView key, BytesView) {
    KeyReader reader(key);
    reader.digest();
    auto member = MemberId::parse(reader.text());
    if (member) members.push_back(*std::move(member));
    return true;
  });
  return members;
}

Key author_key(const MemberId& author) {
  Key key;
  key.text(author.text());
  return key;
}

Key untold_key(const MemberId& hub, const Digest& digest) {
  Key key;
  key.text(hub.text()).digest(digest);
  return key;
}

}  // namespace

std::uint64_t ciphertext_size(const EnclosureCommitment& commitment) {
  return commitment.padded_size + commitment.chunk_count() * kChunkTagSize;
}

void EnclosureStore::hold_for(const Digest& digest, const MemberId& author,
                              const MemberId& recipient) {
  const Key key = hold_key(digest, recipient);
  Table relays(*transaction_, TableId::kRelays);
  if (relays.contains(key)) return;
  const auto record = get(digest);
  if (!record) return;
  // The first hold carries the count, so that the last release can take it back in full: each
  // entry remembers the same author and size.
  const auto held = waiting(*transaction_, digest);
  Hold hold{author, ciphertext_size(record->ref.commitment)};
  if (!held.empty()) {
    hold = load(*transaction_, hold_key(digest, held.front())).value_or(hold);
  } else {
    Key total;
    total.u64(relayed_bytes(author) + hold.bytes);
    Table(*transaction_, TableId::kQuotas).put(author_key(author), total);
  }
  ValueWriter value;
  value.member(hold.author).number(hold.bytes);
  relays.put(key, value);
}

bool EnclosureStore::release(const Digest& digest, const MemberId& recipient) {
  const Key key = hold_key(digest, recipient);
  const auto hold = load(*transaction_, key);
  if (!hold) return false;
  Table(*transaction_, TableId::kRelays).erase(key);
  if (!waiting(*transaction_, digest).empty()) return false;
  const std::uint64_t counted = relayed_bytes(hold->author);
  Key total;
  total.u64(counted > hold->bytes ? counted - hold->bytes : 0);
  Table(*transaction_, TableId::kQuotas).put(author_key(hold->author), total);
  return true;
}

std::vector<MemberId> EnclosureStore::held_for(const Digest& digest) const {
  return waiting(*transaction_, digest);
}

std::uint64_t EnclosureStore::relayed_bytes(const MemberId& author) const {
  const auto value = Table(*transaction_, TableId::kQuotas).get(author_key(author));
  return value ? KeyReader(*value).u64() : 0;
}

void EnclosureStore::tell(const MemberId& hub, const Digest& digest) {
  Table table(*transaction_, TableId::kUntold);
  const Key key = untold_key(hub, digest);
  const auto value = table.get(key);
  ValueWriter again;
  table.put(key, again.number(value ? ValueReader(*value).number() + 1 : 0));
}

void EnclosureStore::told(const MemberId& hub, const Untold& untold) {
  Table table(*transaction_, TableId::kUntold);
  const Key key = untold_key(hub, untold.digest);
  const auto value = table.get(key);
  if (value && ValueReader(*value).number() == untold.again) table.erase(key);
}

std::vector<Untold> EnclosureStore::untold(const MemberId& hub, std::size_t limit) const {
  std::vector<Untold> found;
  Key prefix;
  prefix.text(hub.text());
  Table(*transaction_, TableId::kUntold).scan_prefix(prefix, [&](BytesView key, BytesView value) {
    if (found.size() == limit) return false;
    KeyReader reader(key);
    reader.text();
    found.push_back({reader.digest(), ValueReader(value).number()});
    return true;
  });
  return found;
}

std::vector<MemberId> EnclosureStore::untold_hubs() const {
  std::vector<MemberId> hubs;
  Key from;  // past all rows of the last hub found
  for (bool found = true; found;) {
    found = false;
    Table(*transaction_, TableId::kUntold).scan(from, [&](BytesView key, BytesView) {
      auto hub = MemberId::parse(KeyReader(key).text());
      if (!hub) {
        transaction_->fail_with(damaged("list of what hubs are to hear"));
        return false;
      }
      from = {};
      from.raw(as_bytes(hub->text())).u8(1);
      hubs.push_back(*std::move(hub));
      found = true;
      return false;
    });
  }
  return hubs;
}

}  // namespace simpul
