#include "storage/codec.h"

#include <algorithm>

namespace simpul {

namespace {

template <class Id>
Id parsed_or_empty(ValueReader& reader, std::string_view text) {
  if (text.empty()) return {};
  auto id = Id::parse(text);
  if (!id) reader.spoil();
  return id ? *std::move(id) : Id{};
}

}  // namespace

ValueWriter& ValueWriter::u8(std::uint8_t value) {
  out_.push_back(value);
  return *this;
}

ValueWriter& ValueWriter::number(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) u8(static_cast<std::uint8_t>(value | 0x80));
  return u8(static_cast<std::uint8_t>(value));
}

ValueWriter& ValueWriter::raw(BytesView bytes) {
  append(out_, bytes);
  return *this;
}

ValueWriter& ValueWriter::bytes(BytesView bytes) {
  number(bytes.size());
  return raw(bytes);
}

ValueWriter& ValueWriter::instant(Instant instant) {
  return number(static_cast<std::uint64_t>(instant.time_since_epoch().count()));
}

ValueWriter& ValueWriter::instant(const std::optional<Instant>& when) {
  flag(when.has_value());
  return when ? instant(*when) : *this;
}

ValueWriter& ValueWriter::head(const HeadRef& head) {
  return member(head.journal.member)
      .number(head.journal.generation)
      .number(head.size)
      .digest(head.root);
}

BytesView ValueReader::raw(std::size_t count) {
  if (rest_.size() < count) {
    spoil();
    return {};
  }
  const BytesView taken = rest_.first(count);
  rest_ = rest_.subspan(count);
  return taken;
}

std::uint8_t ValueReader::u8() {
  const BytesView byte = raw(1);
  return byte.empty() ? std::uint8_t{0} : byte[0];
}

std::uint64_t ValueReader::number() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint8_t byte = u8();
    value |= std::uint64_t{byte & 0x7Fu} << shift;
    if ((byte & 0x80) == 0) return value;
  }
  spoil();
  return 0;
}

std::uint32_t ValueReader::number32() {
  const std::uint64_t value = number();
  if (value > UINT32_MAX) spoil();
  return static_cast<std::uint32_t>(value);
}

Bytes ValueReader::bytes() {
  const std::uint64_t size = number();
  if (size > rest_.size()) {
    spoil();
    return {};
  }
  return to_bytes(raw(size));
}

std::string ValueReader::text() {
  const Bytes raw_text = bytes();
  return std::string(as_text(raw_text));
}

Digest ValueReader::digest() {
  Digest digest;
  const BytesView taken = raw(Digest::kSize);
  std::copy(taken.begin(), taken.end(), digest.bytes.begin());
  return digest;
}

MemberId ValueReader::member() {
  return parsed_or_empty<MemberId>(*this, text());
}

CaseId ValueReader::case_id() {
  return parsed_or_empty<CaseId>(*this, text());
}

Instant ValueReader::instant() {
  return Instant(Duration(static_cast<std::int64_t>(number())));
}

std::optional<Instant> ValueReader::optional_instant() {
  if (!flag()) return std::nullopt;
  return instant();
}

HeadRef ValueReader::head() {
  HeadRef head;
  head.journal.member = member();
  head.journal.generation = number32();
  head.size = number();
  head.root = digest();
  return head;
}

Error damaged(std::string_view what) {
  return {ErrorCode::kStorage, "the stored " + std::string(what) +
                                   " cannot be read: the database is damaged; restore it from a "
                                   "backup or rebuild it"};
}

}  // namespace simpul
