#include "node/restore_marker.h"

#include <charconv>

#include "crypto/encoding.h"
#include "node/files.h"

namespace simpul {
namespace {

constexpr std::string_view kMarkerTitle = "simpul marker v1\n";
constexpr std::string_view kHeadTitle = "simpul head v1\n";
constexpr std::size_t kNonceSize = 16;
constexpr std::size_t kMarkerSizeMax = 4096;

// Takes "word rest\n" off the front.
std::optional<std::string_view> take_line(std::string_view& text, std::string_view word) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos || !text.starts_with(word)) return std::nullopt;
  const std::string_view rest = text.substr(word.size(), end - word.size());
  text.remove_prefix(end + 1);
  return rest;
}

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || rest != text.data() + text.size()) return std::nullopt;
  return number;
}

Result<std::optional<RestoreMarker>> load_marker(const Home& home) {
  const auto bytes = read_file(home.marker(), kMarkerSizeMax);
  if (!bytes && bytes.error().code == ErrorCode::kNotFound) return std::nullopt;
  if (!bytes) return std::unexpected(bytes.error());
  SIMPUL_TRY(marker, parse_marker(as_text(*bytes)));
  return std::optional(std::move(marker));
}

std::optional<OwnHead> load_noted_head(const Home& home) {
  const auto bytes = read_file(home.marker_head(), kMarkerSizeMax);
  return bytes ? parse_own_head(as_text(*bytes)) : std::nullopt;
}

Result<void> save(const Home& home, const RestoreMarker& marker) {
  const std::string text = to_text(marker);
  return replace_file(home.marker(), as_bytes(text));
}

std::string describe(const OwnHead& head) {
  return "generation " + std::to_string(head.generation) + ", " + std::to_string(head.size) +
         " events";
}

}  // namespace

std::optional<std::string> judge_restore(const std::optional<RestoreMarker>& marker,
                                         const std::optional<OwnHead>& noted,
                                         const DataState& data) {
  if (!marker && data.nonce.empty()) return std::nullopt;
  if (!marker) return "the data folder was in use elsewhere: there is no marker beside the keys";
  const bool starting = !marker->next_nonce.empty() && data.nonce == marker->next_nonce;
  if (data.nonce != marker->nonce && !starting) {
    return data.nonce.empty() ? "the data folder is new or was emptied, but these keys were used"
                              : "the data folder is a copy from before this node's last start";
  }
  if (noted && data.head < *noted) {
    return "the data folder is an older copy: its own journal has " + describe(data.head) +
           ", but had " + describe(*noted);
  }
  return std::nullopt;
}

std::string to_text(const RestoreMarker& marker) {
  std::string text(kMarkerTitle);
  text += "nonce " + to_hex(marker.nonce) + "\n";
  if (!marker.next_nonce.empty()) text += "next " + to_hex(marker.next_nonce) + "\n";
  return text;
}

Result<RestoreMarker> parse_marker(std::string_view text) {
  const auto damaged = fail(ErrorCode::kMalformed,
                            "keys/marker is damaged; remove it, and the node will start as one "
                            "whose data was restored");
  if (!text.starts_with(kMarkerTitle)) return damaged;
  text.remove_prefix(kMarkerTitle.size());
  const auto nonce_text = take_line(text, "nonce ");
  const auto nonce = nonce_text ? from_hex(*nonce_text) : damaged;
  if (!nonce) return damaged;
  RestoreMarker marker{.nonce = *nonce, .next_nonce = {}};
  if (const auto next_text = take_line(text, "next ")) {
    const auto next = from_hex(*next_text);
    if (!next) return damaged;
    marker.next_nonce = *next;
  }
  if (!text.empty()) return damaged;
  return marker;
}

std::string to_text(const OwnHead& head) {
  return std::string(kHeadTitle) + "generation " + std::to_string(head.generation) + "\nsize " +
         std::to_string(head.size) + "\n";
}

std::optional<OwnHead> parse_own_head(std::string_view text) {
  if (!text.starts_with(kHeadTitle)) return std::nullopt;
  text.remove_prefix(kHeadTitle.size());
  const auto generation = take_line(text, "generation ");
  const auto size = take_line(text, "size ");
  if (!generation || !size || !text.empty()) return std::nullopt;
  const auto generation_number = number_in<std::uint32_t>(*generation);
  const auto size_number = number_in<std::uint64_t>(*size);
  if (!generation_number || !size_number) return std::nullopt;
  return OwnHead{*generation_number, *size_number};
}

OwnHead own_head(Tables& tables, const MemberId& self) {
  const auto heads = tables.journals.heads_of(self);
  if (heads.empty()) return {};
  return {heads.back().id.generation, heads.back().size};
}

Result<std::optional<std::string>> renew_marker(const Home& home, const Store& store,
                                                const MemberId& self, Random& random) {
  SIMPUL_TRY(marker, load_marker(home));
  DataState data;
  {
    ReadTransaction transaction = store.read();
    Tables tables(transaction);
    data = {tables.meta.instance_nonce(), own_head(tables, self)};
    SIMPUL_TRY_VOID(transaction.check());
  }
  auto verdict = judge_restore(marker, load_noted_head(home), data);

  const Bytes nonce = random.bytes(kNonceSize);
  SIMPUL_TRY_VOID(save(home, {.nonce = marker ? marker->nonce : data.nonce, .next_nonce = nonce}));
  WriteTransaction transaction = store.write();
  Tables tables(transaction);
  if (verdict) {
    tables.meta.set_flag(kDataRestoredFlag, true);
  } else if (tables.meta.flag(kDataRestoredFlag)) {
    verdict = "the data folder was restored, and no hub has confirmed its journal since";
  }
  tables.meta.set_instance_nonce(nonce);
  SIMPUL_TRY_VOID(transaction.commit());
  SIMPUL_TRY_VOID(save(home, {.nonce = nonce, .next_nonce = {}}));
  SIMPUL_TRY_VOID(note_own_head(home, data.head));
  return verdict;
}

Result<void> note_own_head(const Home& home, const OwnHead& head) {
  const OwnHead noted = load_noted_head(home).value_or(OwnHead{});
  if (head <= noted) return {};
  const std::string text = to_text(head);
  const bool begins = head.generation != noted.generation;
  return replace_file(home.marker_head(), as_bytes(text),
                      begins ? Durability::kSynced : Durability::kUnsynced);
}

std::uint32_t noted_generation(const Home& home) {
  return load_noted_head(home).value_or(OwnHead{}).generation;
}

}  // namespace simpul
