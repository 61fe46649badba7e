#include "node/engine/fetcher.h"

#include <algorithm>

#include "node/engine/router.h"
#include "protocol/merkle.h"

namespace simpul {
namespace {

constexpr std::size_t kFetchesAtOnceMax = 64;    // enclosures asked for in one round
constexpr std::uint32_t kChunksPerRequest = 16;  // 1 MiB of ciphertext
constexpr std::size_t kFramesPerStepMax = 512;   // waiting to be sent, at 64 KiB a chunk
constexpr std::size_t kFramesPerAskerMax = 128;  // past 8 MiB its session would take no more
constexpr Duration kRetryMin = std::chrono::seconds{1};
constexpr Duration kRetryMax = std::chrono::seconds{60};
constexpr std::size_t kWaitingMax = 10'000;  // askers remembered by a relay
constexpr std::size_t kRelayBytesPerAuthorMax = 4ull << 30;

// Open links that may have the ciphertext of an enclosure, in a fixed order.
std::vector<Peer*> holders(Step& step, Peers& peers, const EnclosureRecord& record) {
  std::vector<Peer*> found;
  for (auto& [link, peer] : peers.all()) {
    if (!peer->open()) continue;
    const bool author = peer->member == record.event.journal.member;
    if (author)
      found.insert(found.begin(), peer.get());
    else if (entitled_to_case(step, peer->member, record.case_id))
      found.push_back(peer.get());
  }
  return found;
}

std::vector<Digest> chunk_leaves(Tables& tables, const EnclosureRecord& record) {
  std::vector<Digest> leaves;
  const auto count = record.ref.commitment.chunk_count();
  for (std::uint64_t index = 0; index < count; ++index) {
    const auto chunk = tables.enclosures.chunk(record.ref.commitment.digest, index);
    if (!chunk) return {};
    leaves.push_back(leaf_hash(*chunk));
  }
  return leaves;
}

class LeafNodes final : public NodeReader {
 public:
  explicit LeafNodes(std::vector<Digest> leaves) { levels_.push_back(std::move(leaves)); }
  std::optional<Digest> node(NodeId id) const override {
    while (levels_.size() <= id.level) {
      std::vector<Digest> next;
      const auto& below = levels_.back();
      for (std::size_t i = 0; i + 1 < below.size(); i += 2) {
        next.push_back(node_hash(below[i], below[i + 1]));
      }
      levels_.push_back(std::move(next));
    }
    const auto& level = levels_[id.level];
    return id.index < level.size() ? std::optional(level[id.index]) : std::nullopt;
  }

 private:
  mutable std::vector<std::vector<Digest>> levels_;
};

}  // namespace

void Fetcher::pump(Step& step, Peers& peers) {
  for (const Digest& digest : step.tables.enclosures.wanted(std::nullopt, kFetchesAtOnceMax)) {
    Asked& asked = asked_[digest];
    if (asked.again > step.now) continue;
    const auto record = step.tables.enclosures.get(digest);
    if (!record) continue;
    const auto from = holders(step, peers, *record);
    const auto missing = step.tables.enclosures.missing_chunks(digest, kChunksPerRequest);
    if (from.empty() || missing.empty()) continue;
    Peer& peer = *from[asked.turn++ % from.size()];
    std::uint32_t run = 1;
    while (run < missing.size() && missing[run] == missing[0] + run) ++run;
    step.frames.emplace_back(peer.link, EnclosureRequest{digest, missing[0], run});
    asked.delay = std::clamp(asked.delay * 2, kRetryMin, kRetryMax);
    asked.again = step.now + asked.delay;
  }
}

void Fetcher::nudge() {
  for (auto& [digest, asked] : asked_) asked = {};
}

Result<void> Fetcher::receive(Step& step, Peers& peers, const EnclosureChunk& chunk) {
  const auto record = step.tables.enclosures.get(chunk.digest);
  if (chunk.absent || !record || record->destroyed) return {};
  const EnclosureCommitment& commitment = record->ref.commitment;
  const bool fits = chunk.index < commitment.chunk_count() &&
                    chunk.bytes.size() == commitment.chunk_cipher_size(chunk.index) &&
                    verify_inclusion(leaf_hash(chunk.bytes), chunk.index, commitment.chunk_count(),
                                     chunk.proof, commitment.chunk_root);
  if (!fits) return fail(ErrorCode::kBadSignature, "a chunk does not belong to its enclosure");
  step.tables.enclosures.put_chunk(chunk.digest, chunk.index, chunk.bytes);
  if (step.tables.enclosures.complete(chunk.digest)) {
    complete(step, peers, *record);
  } else {
    const auto missing = step.tables.enclosures.missing_chunks(chunk.digest, 1);
    Asked& asked = asked_[chunk.digest];
    // The run asked for has come: the next one may be asked for at once.
    if (!missing.empty() && missing[0] == chunk.index + 1 &&
        (chunk.index + 1) % kChunksPerRequest == 0) {
      asked = {.turn = asked.turn == 0 ? 0 : asked.turn - 1};
    }
  }
  return {};
}

void Fetcher::complete(Step& step, Peers& peers, const EnclosureRecord& record) {
  const Digest& digest = record.ref.commitment.digest;
  asked_.erase(digest);
  for (auto& [link, peer] : peers.all()) {
    if (peer->open() && step.roster.is_hub(peer->member)) {
      step.frames.emplace_back(link, EnclosureDone{digest});
    }
  }
  const auto waiting = waiting_.extract(digest);
  if (waiting.empty()) return;
  for (const Waiting& one : waiting.mapped()) {
    if (Peer* peer = peers.open_to(one.asker)) serve(step, *peer, one.request);
  }
}

void Fetcher::serve(Step& step, Peer& asker, const EnclosureRequest& request) {
  const auto record = step.tables.enclosures.get(request.digest);
  const bool entitled = record && entitled_to_case(step, asker.member, record->case_id);
  if (!entitled || record->destroyed) {
    step.frames.emplace_back(
        asker.link,
        EnclosureChunk{.digest = request.digest, .index = request.first, .absent = true});
    return;
  }
  if (!step.tables.enclosures.complete(request.digest)) {
    wait_for(step, asker, request, *record);
    return;
  }
  // Many requests in one step must not fill the memory: what is not served is asked for again.
  if (step.frames.size() >= kFramesPerStepMax) return;
  const auto for_asker =
      std::ranges::count(step.frames, asker.link, &std::pair<LinkId, Frame>::first);
  if (static_cast<std::size_t>(for_asker) >= kFramesPerAskerMax) return;
  const auto count = record->ref.commitment.chunk_count();
  const LeafNodes nodes(count > 1 ? chunk_leaves(step.tables, *record) : std::vector<Digest>{});
  const auto end =
      std::min<std::uint64_t>(count, request.first + std::min(request.count, kChunksPerRequest));
  for (std::uint64_t index = request.first; index < end; ++index) {
    auto bytes = step.tables.enclosures.chunk(request.digest, index);
    auto proof = count > 1 ? inclusion_proof(nodes, index, count) : std::vector<Digest>{};
    if (!bytes || !proof) return;
    step.frames.emplace_back(asker.link, EnclosureChunk{.digest = request.digest,
                                                        .index = index,
                                                        .bytes = std::move(*bytes),
                                                        .proof = std::move(*proof)});
  }
}

void Fetcher::wait_for(Step& step, const Peer& asker, const EnclosureRequest& request,
                       const EnclosureRecord& record) {
  const MemberId& author = record.event.journal.member;
  const bool over_quota = step.tables.enclosures.relayed_bytes(author) > kRelayBytesPerAuthorMax;
  if (!step.is_hub() || over_quota || waiting_.size() >= kWaitingMax) {
    step.frames.emplace_back(
        asker.link,
        EnclosureChunk{.digest = request.digest, .index = request.first, .absent = true});
    if (over_quota) {
      step.log(LogLevel::kWarning, "relay-quota",
               "Not relaying for " + author.text() + ": its quota here is used up.");
    }
    return;
  }
  step.tables.enclosures.want(request.digest);
  auto& askers = waiting_[request.digest];
  const bool known =
      std::ranges::any_of(askers, [&](const Waiting& one) { return one.asker == asker.member; });
  if (!known) askers.push_back({asker.member, request});
}

}  // namespace simpul
