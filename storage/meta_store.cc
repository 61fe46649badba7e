#include "storage/meta_store.h"

#include "storage/codec.h"
#include "storage/key.h"
#include "storage/table.h"

namespace simpul {

namespace {

constexpr std::size_t kNameSizeLimit = 200;

// The store's own values stand behind a zero byte, free names behind a one.
Key own_key(std::string_view name) {
  Key key;
  key.u8(0).text(name);
  return key;
}

Key free_key(std::string_view name) {
  SIMPUL_CHECK(!name.empty() && name.size() <= kNameSizeLimit);
  Key key;
  key.u8(1).text(name);
  return key;
}

}  // namespace

MemberId MetaStore::own_member() const {
  const auto value = Table(*transaction_, TableId::kMeta).get(own_key("own_member"));
  if (!value) return {};
  auto member = MemberId::parse(as_text(*value));
  if (!member) transaction_->fail_with(damaged("name of this node's member"));
  return member.value_or(MemberId());
}

void MetaStore::set_own_member(const MemberId& member) {
  Table(*transaction_, TableId::kMeta).put(own_key("own_member"), as_bytes(member.text()));
}

std::string MetaStore::federation() const {
  const auto value = Table(*transaction_, TableId::kMeta).get(own_key("federation"));
  return value ? std::string(as_text(*value)) : std::string();
}

void MetaStore::set_federation(std::string_view federation) {
  Table(*transaction_, TableId::kMeta).put(own_key("federation"), as_bytes(federation));
}

std::optional<VerifyKey> MetaStore::root_key() const {
  const auto value = Table(*transaction_, TableId::kMeta).get(own_key("root_key"));
  if (!value) return std::nullopt;
  const auto key = VerifyKey::from(*value);
  if (key) return *key;
  transaction_->fail_with(damaged("root key"));
  return std::nullopt;
}

void MetaStore::set_root_key(const VerifyKey& key) {
  Table(*transaction_, TableId::kMeta).put(own_key("root_key"), key.view());
}

Bytes MetaStore::instance_nonce() const {
  return Table(*transaction_, TableId::kMeta).get(own_key("instance_nonce")).value_or(Bytes());
}

void MetaStore::set_instance_nonce(BytesView nonce) {
  Table(*transaction_, TableId::kMeta).put(own_key("instance_nonce"), nonce);
}

std::optional<Bytes> MetaStore::get(std::string_view name) const {
  return Table(*transaction_, TableId::kMeta).get(free_key(name));
}

void MetaStore::put(std::string_view name, BytesView value) {
  Table(*transaction_, TableId::kMeta).put(free_key(name), value);
}

bool MetaStore::erase(std::string_view name) {
  return Table(*transaction_, TableId::kMeta).erase(free_key(name));
}

void MetaStore::visit(
    std::string_view prefix,
    const std::function<bool(std::string_view name, BytesView value)>& visit) const {
  Key first;
  first.u8(1).raw(as_bytes(prefix));
  const auto strip = [&](BytesView key, BytesView value) {
    KeyReader reader(key.subspan(1));
    return visit(reader.text(), value);
  };
  Table(*transaction_, TableId::kMeta).scan_prefix(first, strip);
}

bool MetaStore::flag(std::string_view name) const {
  return Table(*transaction_, TableId::kMeta).contains(free_key(name));
}

void MetaStore::set_flag(std::string_view name, bool on) {
  if (on) {
    put(name, {});
  } else {
    erase(name);
  }
}

std::uint64_t MetaStore::counter(std::string_view name) const {
  const auto value = get(name);
  return value ? KeyReader(*value).u64() : 0;
}

void MetaStore::set_counter(std::string_view name, std::uint64_t value) {
  Key bytes;
  bytes.u64(value);
  put(name, bytes);
}

std::uint64_t MetaStore::increase(std::string_view name, std::uint64_t by) {
  const std::uint64_t value = counter(name) + by;
  set_counter(name, value);
  return value;
}

}  // namespace simpul
