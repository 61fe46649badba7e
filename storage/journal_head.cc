#include "storage/journal_head.h"

#include <bit>

namespace simpul {

namespace {

constexpr std::uint8_t kHeadVersion = 1;

void write_peaks(ValueWriter& out, const Frontier& frontier) {
  for (const Digest& peak : frontier.peaks()) out.digest(peak);
}

Result<Frontier> read_peaks(ValueReader& in, std::uint64_t size) {
  std::vector<Digest> peaks(static_cast<std::size_t>(std::popcount(size)));
  for (Digest& peak : peaks) peak = in.digest();
  return Frontier::from(size, std::move(peaks));
}

}  // namespace

Bytes encode_head(const JournalHead& head) {
  ValueWriter out;
  out.u8(kHeadVersion).member(head.id.member).number(head.id.generation);
  out.number(head.size).number(head.held);
  write_peaks(out, head.frontier);
  if (head.held != head.size) write_peaks(out, head.held_frontier);
  out.flag(head.disputed_from.has_value());
  if (head.disputed_from) out.number(*head.disputed_from);
  out.flag(head.settled.has_value());
  if (head.settled) out.head(*head.settled);
  return out.take();
}

Result<JournalHead> decode_head(BytesView bytes) {
  ValueReader in(bytes);
  if (in.u8() != kHeadVersion) return std::unexpected(damaged("journal head"));
  JournalHead head;
  head.id.member = in.member();
  head.id.generation = in.number32();
  head.size = in.number();
  head.held = in.number();
  SIMPUL_TRY(frontier, read_peaks(in, head.size));
  head.frontier = std::move(frontier);
  head.held_frontier = head.frontier;
  if (head.held != head.size) {
    SIMPUL_TRY(held_frontier, read_peaks(in, head.held));
    head.held_frontier = std::move(held_frontier);
  }
  if (in.flag()) head.disputed_from = in.number();
  if (in.flag()) head.settled = in.head();
  if (!in.good()) return std::unexpected(damaged("journal head"));
  head.complete = head.held == head.size;
  return head;
}

}  // namespace simpul
