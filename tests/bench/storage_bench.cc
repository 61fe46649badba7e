// How fast journals are appended and opened, and what room they take. Takes some seconds.
//
//   storage_bench DIRECTORY [events]     DIRECTORY must not exist; it is left behind
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "storage/store.h"

using namespace simpul;

namespace {

constexpr std::size_t kEventSize = 400;
constexpr std::uint64_t kBatch = 1000;

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

template <class T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().message.c_str());
    std::exit(1);
  }
  return *std::move(result);
}

// A batch of events whose hashing is done beforehand: what is measured is storage.
struct Batch {
  std::vector<Bytes> events;
  std::vector<BytesView> views;
  std::vector<Digest> leaves;
};

Batch make_batch(std::uint64_t first) {
  Batch batch;
  for (std::uint64_t i = first; i < first + kBatch; ++i) {
    Bytes event(kEventSize, static_cast<std::uint8_t>(i));
    for (std::size_t byte = 0; byte < 8; ++byte)
      event[byte] = static_cast<std::uint8_t>(i >> 8 * byte);
    batch.leaves.push_back(leaf_hash(event));
    batch.events.push_back(std::move(event));
  }
  batch.views.assign(batch.events.begin(), batch.events.end());
  return batch;
}

// Appends `count` events, a batch and a commit at a time, to `journals` journals in turn.
double append(const Store& store, std::uint64_t count, std::uint32_t journals) {
  std::vector<Frontier> frontiers(journals);
  double seconds = 0;
  for (std::uint64_t done = 0, turn = 0; done < count; done += kBatch, ++turn) {
    const auto generation = static_cast<std::uint32_t>(turn % journals);
    Frontier& frontier = frontiers[generation];
    const std::uint64_t first = frontier.size();
    const Batch batch = make_batch(first);
    for (const Digest& leaf : batch.leaves) frontier.append(leaf, [](const TreeNode&) {});
    const Stopwatch watch;
    WriteTransaction transaction(store.environment());
    JournalStore(transaction)
        .append_run({must(MemberId::parse("51.03")), generation + 1}, first, batch.views,
                    batch.leaves, frontier, std::string(250, 'n'));
    const auto outcome = transaction.commit();
    seconds += watch.seconds();
    if (!outcome) std::exit((std::fprintf(stderr, "%s\n", outcome.error().message.c_str()), 1));
  }
  return seconds;
}

void measure(const std::string& directory, std::uint64_t count, std::uint32_t journals) {
  Environment::Options options;
  {
    const Store store = must(Store::open(directory, options));
    const double seconds = append(store, count, journals);
    const auto used = static_cast<double>(store.environment().stats().used_bytes);
    std::printf("%u journals: %.0f events/s, %.0f bytes/event\n", journals,
                static_cast<double>(count) / seconds, used / static_cast<double>(count));
  }
  const Stopwatch watch;
  const Store store = must(Store::open(directory, options));
  std::printf("opened in %.2f ms\n", watch.seconds() * 1000);
  ReadTransaction transaction(store.environment());
  const JournalId id{must(MemberId::parse("51.03")), 1};
  const Stopwatch proofs;
  constexpr int kProofs = 1000;
  const std::uint64_t size = JournalStore(transaction).head(id)->size;
  const JournalNodes nodes(transaction, id);
  for (int i = 0; i < kProofs; ++i)
    must(inclusion_proof(nodes, static_cast<std::uint64_t>(i) * 7919 % size, size));
  std::printf("%.1f us an inclusion proof\n", proofs.seconds() * 1e6 / kProofs);
}

}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count < 2) return std::fprintf(stderr, "storage_bench DIRECTORY [events]\n"), 2;
  const std::uint64_t count =
      argument_count > 2 ? std::strtoull(arguments[2], nullptr, 10) : 500'000;
  const std::string directory = arguments[1];
  measure(directory + "-one", count, 1);
  measure(directory + "-many", count, 50);
  return 0;
}
