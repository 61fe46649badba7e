#include "node/engine/fetcher.h"

#include <algorithm>

#include "node/engine/done_notices.h"
#include "node/engine/patience.h"
#include "node/engine/router.h"
#include "protocol/merkle.h"

namespace simpul {
namespace {

constexpr std::size_t kFetchesAtOnceMax = 64;   // enclosures asked for in one step
constexpr std::size_t kLookedAtMax = 256;       // wanted ones that a step looks at
constexpr std::uint32_t kChunksPerRequest = 8;  // 512 KiB of ciphertext
// Asked of one link and not come: past it no more runs are asked for, or texts (single chunks), so
// that a slow line is not stopped up with what is no hurry.
constexpr std::uint64_t kRunsAwaitedMax = 512u << 10;
constexpr std::uint64_t kTextsAwaitedMax = 2u << 20;
constexpr std::size_t kFramesPerStepMax = 512;   // waiting to be sent, at 64 KiB a chunk
constexpr std::size_t kFramesPerAskerMax = 128;  // past 8 MiB its session would take no more
constexpr std::size_t kWaitingMax = 10'000;      // enclosures whose askers a relay remembers
constexpr std::size_t kRelayBytesPerAuthorMax = 4ull << 30;
constexpr Duration kSweepEvery = std::chrono::minutes{1};  // what nobody waits for any more

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

}  // namespace

void Fetcher::pump(Step& step, Peers& peers) {
  if (sweep_at_ <= step.now) sweep(step, peers);
  const std::vector<Digest> wanted = next_wanted(step);
  if (wanted.size() == kLookedAtMax) next_after_ = wanted.back();
  std::size_t requests = 0;
  for (const Digest& digest : wanted) {
    Asked& asked = asked_[digest];
    if (!may_ask(asked, peers, step.now) || !ask(step, peers, digest, asked)) continue;
    next_after_ = digest;
    if (++requests == kFetchesAtOnceMax) break;
  }
}

// Round and round, so that what nobody has does not hold up the rest.
std::vector<Digest> Fetcher::next_wanted(Step& step) {
  auto wanted = step.tables.enclosures.wanted(next_after_, kLookedAtMax);
  if (!next_after_ || wanted.size() == kLookedAtMax) return wanted;
  for (const Digest& digest : step.tables.enclosures.wanted(std::nullopt, kLookedAtMax)) {
    if (wanted.size() == kLookedAtMax || digest > *next_after_) break;
    wanted.push_back(digest);
  }
  return wanted;
}

bool Fetcher::may_ask(Asked& asked, Peers& peers, Instant now) {
  if (asked.link != 0) {
    const Peer* peer = peers.open(asked.link);
    if (!peer) {
      give_up(asked, peers);
      asked.again = now;
    } else {
      const bool stands_in_queue = peer->chunks.last_chunk + patience::kChunkAnswerWait > now &&
                                   asked.since + patience::kChunkQueueMax > now;
      if (asked.again > now || stands_in_queue) return false;
      asked.in_vain.push_back(asked.link);
      give_up(asked, peers);
    }
  }
  if (asked.again > now) return false;
  const Peer* full = peers.open(asked.full);
  return !full || full->chunks.bytes_awaited < asked.limit;
}

bool Fetcher::ask(Step& step, Peers& peers, const Digest& digest, Asked& asked) {
  const auto record = step.tables.enclosures.get(digest);
  if (!record) return false;
  const auto missing = step.tables.enclosures.missing_chunks(digest, kChunksPerRequest);
  if (missing.empty()) return false;
  Peer* const next = whom_to_ask(step, peers, *record, asked);
  if (!next) return false;
  Peer& peer = *next;
  asked.limit = missing.size() == 1 ? kTextsAwaitedMax : kRunsAwaitedMax;
  asked.full = peer.chunks.bytes_awaited < asked.limit ? 0 : peer.link;
  if (asked.full != 0 || !peer.chunks.requests.take(step.now)) return false;
  std::uint32_t run = 1;
  while (run < missing.size() && missing[run] == missing[0] + run) ++run;
  step.frames.emplace_back(peer.link, EnclosureRequest{digest, missing[0], run});
  asked.link = peer.link;
  asked.since = step.now;
  asked.again = step.now + patience::kChunkAnswerWait;
  asked.end = missing[0] + run;
  // One that was asked for in vain perhaps nobody has: it must not hold up others.
  const bool likely = asked.delay == Duration{} && asked.in_vain.empty();
  for (auto index = missing[0]; index < asked.end && likely; ++index) {
    asked.bytes += record->ref.commitment.chunk_cipher_size(index);
  }
  peer.chunks.bytes_awaited += asked.bytes;
  return true;
}

// The first that was not asked in this round; nullptr if everyone was and the next is yet to begin.
Peer* Fetcher::whom_to_ask(Step& step, Peers& peers, const EnclosureRecord& record, Asked& asked) {
  const auto from = holders(step, peers, record);
  if (from.empty()) {  // whoever may have it later brings a link, or an event
    asked.again = step.now + patience::kChunkAnswerWait;
    return nullptr;
  }
  for (Peer* peer : from) {
    if (std::ranges::find(asked.in_vain, peer->link) == asked.in_vain.end()) return peer;
  }
  if (!asked.next_round) {
    asked.delay = std::clamp(asked.delay * 2, patience::kChunkRetryMin, patience::kChunkRetryMax);
    asked.next_round = step.now + asked.delay;
  }
  asked.again = *asked.next_round;
  if (asked.again > step.now) return nullptr;
  asked.in_vain.clear();
  asked.next_round.reset();
  return from.front();
}

// Nothing is awaited of that link any more.
void Fetcher::give_up(Asked& asked, Peers& peers) {
  if (Peer* peer = peers.by_link(asked.link)) peer->chunks.bytes_awaited -= asked.bytes;
  asked.link = 0;
  asked.bytes = 0;
}

// What is wanted no more is not looked at by pump().
void Fetcher::sweep(Step& step, Peers& peers) {
  const Instant now = step.now;
  sweep_at_ = now + kSweepEvery;
  for (auto& [digest, askers] : waiting_) {
    std::erase_if(askers, [&](const Waiting& one) { return !peers.open(one.link); });
  }
  std::erase_if(waiting_, [&](const auto& entry) {
    return entry.second.empty() || !step.tables.enclosures.is_wanted(entry.first);
  });
  for (auto at = asked_.begin(); at != asked_.end();) {
    const bool is_old = at->second.again + patience::kChunkRetryMax <= now;
    if (is_old) give_up(at->second, peers);
    at = is_old ? asked_.erase(at) : std::next(at);
  }
}

void Fetcher::link_opened(Instant now) {
  for (auto& [digest, asked] : asked_) {
    if (asked.link == 0) asked.again = now;
  }
}

Result<void> Fetcher::receive(Step& step, Peers& peers, Peer& sender, const EnclosureChunk& chunk) {
  const auto record = step.tables.enclosures.get(chunk.digest);
  if (chunk.absent || !record || record->destroyed) {
    note_absent(step, peers, sender, chunk.digest);
    return {};
  }
  if (!step.tables.enclosures.is_wanted(chunk.digest)) {  // it was, when it was asked for
    sender.chunks.last_chunk = step.now;
    if (auto asked = asked_.extract(chunk.digest)) give_up(asked.mapped(), peers);
    return {};
  }
  const EnclosureCommitment& commitment = record->ref.commitment;
  const bool fits = chunk.index < commitment.chunk_count() &&
                    chunk.bytes.size() == commitment.chunk_cipher_size(chunk.index) &&
                    verify_inclusion(leaf_hash(chunk.bytes), chunk.index, commitment.chunk_count(),
                                     chunk.proof, commitment.chunk_root);
  if (!fits) return fail(ErrorCode::kBadSignature, "a chunk does not belong to its enclosure");
  sender.chunks.last_chunk = step.now;
  step.tables.enclosures.put_chunk(chunk.digest, chunk.index, chunk.bytes);
  if (step.tables.enclosures.complete(chunk.digest)) {
    complete(step, peers, *record);
  } else {
    note_arrival(step, peers, sender, chunk);
  }
  return {};
}

void Fetcher::note_absent(Step& step, Peers& peers, const Peer& sender, const Digest& digest) {
  const auto found = asked_.find(digest);
  if (found == asked_.end() || found->second.link != sender.link) return;
  Asked& asked = found->second;
  give_up(asked, peers);
  asked.in_vain.push_back(sender.link);
  asked.again = step.now;
}

void Fetcher::note_arrival(Step& step, Peers& peers, const Peer& sender,
                           const EnclosureChunk& chunk) {
  const auto found = asked_.find(chunk.digest);
  if (found == asked_.end()) return;
  Asked& asked = found->second;
  asked.delay = {};
  asked.next_round.reset();
  std::erase(asked.in_vain, sender.link);
  if (asked.link == 0) asked.link = sender.link;  // a relay has got meanwhile what it was asked for
  if (asked.link != sender.link) return;
  asked.since = step.now;
  asked.again = step.now + patience::kChunkAnswerWait;
  if (chunk.index + 1 != asked.end) return;
  give_up(asked, peers);  // the run is here: the next may be asked for at once
  asked.again = step.now;
}

void Fetcher::complete(Step& step, Peers& peers, const EnclosureRecord& record) {
  const Digest& digest = record.ref.commitment.digest;
  if (auto asked = asked_.extract(digest)) give_up(asked.mapped(), peers);
  note_done(step, digest);
  const auto waiting = waiting_.extract(digest);
  if (waiting.empty()) return;
  for (const Waiting& one : waiting.mapped()) {
    if (Peer* const peer = peers.open(one.link)) serve(step, *peer, one.request);
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
  const auto end =
      std::min<std::uint64_t>(count, request.first + std::min(request.count, kChunksPerRequest));
  for (std::uint64_t index = request.first; index < end; ++index) {
    auto bytes = step.tables.enclosures.chunk(request.digest, index);
    auto proof = paths_.path(step.tables, *record, index);
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
  // Until the asker has it: who asks again later, for what was let go or was meant for others,
  // counts like those it came for.
  step.tables.enclosures.hold_for(request.digest, author, asker.member);
  step.tables.enclosures.want(request.digest);
  auto& askers = waiting_[request.digest];
  std::erase_if(askers, [&](const Waiting& one) { return one.link == asker.link; });
  askers.push_back({asker.link, request});
}

}  // namespace simpul
