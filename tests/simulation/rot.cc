#include "tests/simulation/rot.h"

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>

#include "storage/key.h"
#include "storage/table.h"

namespace simpul::sim {
namespace {

// A stored value by what reads it again.
struct Target {
  std::string name;
  std::function<std::optional<Bytes>(Tables&)> read;
};

// Events that the journal's head covers: beyond a gap the check at a start does not look.
std::optional<Target> some_event(Tables& tables, Prng& random) {
  const std::vector<JournalHead> heads = tables.journals.heads();
  if (heads.empty()) return std::nullopt;
  const JournalHead& head = random.pick(heads);
  if (head.held == 0) return std::nullopt;
  const EventPosition at{head.id, random.under(head.held)};
  return Target{"event " + at.text(),
                [at](Tables& from) { return from.journals.event(at.journal, at.index); }};
}

std::optional<Target> some_chunk(Tables& tables, Prng& random) {
  std::vector<Digest> whole;
  Table(tables.journals.transaction(), TableId::kEnclosures)
      .scan({}, [&](BytesView key, BytesView) {
        const Digest digest = KeyReader(key).digest();
        const auto record = tables.enclosures.get(digest);
        if (record && !record->destroyed && tables.enclosures.complete(digest))
          whole.push_back(digest);
        return true;
      });
  if (whole.empty()) return std::nullopt;
  const Digest digest = random.pick(whole);
  const std::uint64_t chunks = tables.enclosures.get(digest)->ref.commitment.chunk_count();
  const std::uint64_t index = random.under(chunks);
  return Target{"chunk " + std::to_string(index) + " of an enclosure",
                [digest, index](Tables& from) { return from.enclosures.chunk(digest, index); }};
}

Store open(const MemberNode& node) {
  auto store = Store::open(node.data, {.map_size_bytes = kMapBytes});
  SIMPUL_CHECK(store.has_value());
  return *std::move(store);
}

std::optional<Bytes> read(const MemberNode& node, const Target& target) {
  const Store store = open(node);
  ReadTransaction transaction = store.read();
  Tables tables(transaction);
  return target.read(tables);
}

// Flips a bit of the value wherever the file has it, old copies too.
void flip(const std::string& path, const Bytes& value, Prng& random) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  std::string data(std::istreambuf_iterator<char>(file), {});
  file.clear();
  const std::size_t offset = random.under(value.size());
  const auto mask = static_cast<char>(1u << random.under(8));
  for (auto at = data.begin();;) {
    at = std::search(at, data.end(), value.begin(), value.end(),
                     [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
    if (at == data.end()) return;
    const auto place = at - data.begin() + static_cast<std::ptrdiff_t>(offset);
    file.seekp(place);
    file.put(static_cast<char>(data[static_cast<std::size_t>(place)] ^ mask));
    ++at;
  }
}

}  // namespace

std::string let_rot(MemberNode& node, Prng& random) {
  std::optional<Target> target;
  {
    const Store store = open(node);
    ReadTransaction transaction = store.read();
    Tables tables(transaction);
    target = random.percent(70) ? some_event(tables, random) : some_chunk(tables, random);
  }
  if (!target) return {};
  const auto before = read(node, *target);
  if (!before || before->empty()) return {};
  flip(node.data + "/data.mdb", *before, random);
  if (read(node, *target) == before) return {};
  node.rotten = true;
  return target->name;
}

}  // namespace simpul::sim
