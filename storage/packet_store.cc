#include "storage/packet_store.h"

#include <algorithm>

#include "storage/codec.h"
#include "storage/key.h"
#include "storage/table.h"

namespace simpul {

namespace {

Key enclosure_key(const Digest& enclosure) {
  Key key;
  key.digest(enclosure);
  return key;
}

Key index_key(const KeyPacket& packet, std::uint64_t number) {
  return enclosure_key(packet.enclosure).text(packet.to.text()).u64(number);
}

Bytes encode(const KeyPacket& packet) {
  ValueWriter out;
  out.digest(packet.enclosure).text(packet.case_id.text());
  out.member(packet.from).member(packet.to).number(packet.sealing_version);
  out.flag(packet.withdrawn).bytes(packet.sealed).raw(packet.signature);
  return out.take();
}

std::optional<KeyPacket> decode(BytesView bytes) {
  ValueReader in(bytes);
  KeyPacket packet;
  packet.enclosure = in.digest();
  packet.case_id = in.case_id();
  packet.from = in.member();
  packet.to = in.member();
  packet.sealing_version = in.number32();
  packet.withdrawn = in.flag();
  packet.sealed = in.bytes();
  const BytesView signature = in.raw(packet.signature.size());
  std::copy(signature.begin(), signature.end(), packet.signature.begin());
  if (!in.good()) return std::nullopt;
  return packet;
}

std::uint64_t number_of_index(BytesView key) {
  KeyReader reader(key);
  reader.digest();
  reader.text();
  return reader.u64();
}

WrappedKey decode_key(Transaction& transaction, BytesView bytes) {
  ValueReader in(bytes);
  WrappedKey key;
  key.vault_version = in.number32();
  key.wrapped = in.bytes();
  if (!in.good()) transaction.fail_with(damaged("key of an enclosure"));
  return key;
}

// Numbers are not used again, so the counter outlives the packets.
std::uint64_t next_number(Transaction& transaction) {
  Key name;
  name.u8(0).text("packet_number");
  Table meta(transaction, TableId::kMeta);
  const auto last = meta.get(name);
  const std::uint64_t number = last ? KeyReader(*last).u64() + 1 : 1;
  meta.put(name, sequence_key(number));
  return number;
}

}  // namespace

PacketStore::Put PacketStore::put(const KeyPacket& packet) {
  const Bytes bytes = encode(packet);
  const Key hash = enclosure_key(packet.enclosure).digest(sha256(bytes));
  Table hashes(*transaction_, TableId::kPacketHashes);
  if (const auto known = hashes.get(hash)) return {KeyReader(*known).u64(), false};
  const std::uint64_t number = next_number(*transaction_);
  hashes.put(hash, sequence_key(number));
  Table(*transaction_, TableId::kPackets).append(sequence_key(number), bytes);
  Table(*transaction_, TableId::kPacketsByEnclosure).put(index_key(packet, number), {});
  return {number, true};
}

std::optional<KeyPacket> PacketStore::get(std::uint64_t number) const {
  const auto bytes = Table(*transaction_, TableId::kPackets).get(sequence_key(number));
  if (!bytes) return std::nullopt;
  auto packet = decode(*bytes);
  if (!packet) transaction_->fail_with(damaged("key packet"));
  return packet;
}

std::optional<NumberedPacket> PacketStore::newest(const Digest& enclosure,
                                                  const MemberId& to) const {
  const Key prefix = enclosure_key(enclosure).text(to.text());
  const auto entry = Table(*transaction_, TableId::kPacketsByEnclosure).last(prefix);
  if (!entry) return std::nullopt;
  const std::uint64_t number = number_of_index(entry->first);
  auto packet = get(number);
  if (!packet) return std::nullopt;
  return NumberedPacket{number, *std::move(packet)};
}

std::vector<NumberedPacket> PacketStore::of(const Digest& enclosure) const {
  std::vector<std::uint64_t> numbers;
  Table(*transaction_, TableId::kPacketsByEnclosure)
      .scan_prefix(enclosure_key(enclosure), [&](BytesView key, BytesView) {
        numbers.push_back(number_of_index(key));
        return true;
      });
  std::vector<NumberedPacket> packets;
  for (const std::uint64_t number : numbers)
    if (auto packet = get(number)) packets.push_back({number, *std::move(packet)});
  return packets;
}

bool PacketStore::erase(std::uint64_t number) {
  const auto packet = get(number);
  if (!packet) return false;
  Table(*transaction_, TableId::kPacketsByEnclosure).erase(index_key(*packet, number));
  return Table(*transaction_, TableId::kPackets).erase(sequence_key(number));
}

std::size_t PacketStore::erase_of(const Digest& enclosure) {
  std::size_t erased = 0;
  for (const NumberedPacket& each : of(enclosure)) erased += erase(each.number) ? 1 : 0;
  return erased;
}

std::optional<WrappedKey> PacketStore::key(const Digest& enclosure) const {
  const auto bytes = Table(*transaction_, TableId::kEnclosureKeys).get(enclosure.view());
  if (!bytes) return std::nullopt;
  return decode_key(*transaction_, *bytes);
}

void PacketStore::put_key(const Digest& enclosure, const WrappedKey& key) {
  ValueWriter value;
  value.number(key.vault_version).bytes(key.wrapped);
  Table(*transaction_, TableId::kEnclosureKeys).put(enclosure.view(), value);
}

bool PacketStore::erase_key(const Digest& enclosure) {
  return Table(*transaction_, TableId::kEnclosureKeys).erase(enclosure.view());
}

void PacketStore::visit_keys(
    const std::optional<Digest>& after,
    const std::function<bool(const Digest&, const WrappedKey&)>& visit) const {
  Key from;
  if (after) from.digest(*after).u8(0);
  Table(*transaction_, TableId::kEnclosureKeys).scan(from, [&](BytesView key, BytesView value) {
    const WrappedKey wrapped = decode_key(*transaction_, value);
    return !transaction_->failed() && visit(KeyReader(key).digest(), wrapped);
  });
}

}  // namespace simpul
