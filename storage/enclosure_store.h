// Enclosures: what events commit to, the ciphertext chunks held, what is still wanted, and
// what a hub holds for others within their quotas. Chunks are checked against the commitment
// before they come here. A view on a transaction.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/hash.h"
#include "protocol/event.h"
#include "protocol/ids.h"
#include "storage/environment.h"

namespace simpul {

struct EnclosureRecord {
  EnclosureRef ref;  // role and commitment
  CaseId case_id;
  EventPosition event;  // the first that committed to it
  std::uint64_t chunks_held = 0;
  bool destroyed = false;  // erased here: chunks are neither held nor wanted nor taken
  bool operator==(const EnclosureRecord&) const = default;
};

struct Untold {
  Digest digest;
  std::uint64_t again = 0;  // how often tell() was called since the first time
};

class EnclosureStore {
 public:
  explicit EnclosureStore(Transaction& transaction) : transaction_(&transaction) {}

  // REQUIRES the event's journal to be known. A digest already known keeps its first record, unless
  // that one is destroyed and was another case's.
  void add(const EnclosureRef& ref, const CaseId& case_id, const EventPosition& event);
  std::optional<EnclosureRecord> get(const Digest& digest) const;

  // False for an enclosure unknown or destroyed. The last chunk ends its being wanted.
  bool put_chunk(const Digest& digest, std::uint64_t index, BytesView ciphertext);
  std::optional<Bytes> chunk(const Digest& digest, std::uint64_t index) const;
  // In order, at most `limit`.
  std::vector<std::uint64_t> missing_chunks(const Digest& digest, std::size_t limit) const;
  bool complete(const Digest& digest) const;

  // Whether to fetch it. Wanting what is complete, destroyed or unknown does nothing.
  void want(const Digest& digest);
  void forget_want(const Digest& digest);
  bool is_wanted(const Digest& digest) const;
  // Wanted and incomplete, after `after`, at most `limit`.
  std::vector<Digest> wanted(const std::optional<Digest>& after, std::size_t limit) const;

  // Drops the chunks and marks it destroyed, for good. Of an enclosure unknown there is nothing to
  // mark: add it first.
  void destroy(const Digest& digest);
  // Drops the chunks only (a relay that is done): it may come again.
  void drop_chunks(const Digest& digest);

  // Relaying. A hub holds chunks of `author` for each recipient until released; ciphertext bytes
  // count against the author from the first hold to the last release.
  void hold_for(const Digest& digest, const MemberId& author, const MemberId& recipient);
  // True when that was the last recipient and the enclosure is held for nobody any more.
  bool release(const Digest& digest, const MemberId& recipient);
  std::vector<MemberId> held_for(const Digest& digest) const;
  std::uint64_t relayed_bytes(const MemberId& author) const;

  // Telling: which hubs are to hear that this node holds an enclosure whole, until they have. What
  // is to be told anew while it is being told stays.
  void tell(const MemberId& hub, const Digest& digest);
  void told(const MemberId& hub, const Untold& untold);
  // In order, at most `limit`.
  std::vector<Untold> untold(const MemberId& hub, std::size_t limit) const;
  // Hubs that are to hear of anything.
  std::vector<MemberId> untold_hubs() const;

 private:
  void put(const Digest& digest, const EnclosureRecord& record);
  Transaction* transaction_;
};

// Ciphertext bytes of a whole enclosure.
std::uint64_t ciphertext_size(const EnclosureCommitment& commitment);

}  // namespace simpul
