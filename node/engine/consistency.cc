#include "node/engine/consistency.h"

#include <algorithm>

#include "node/engine/author.h"
#include "node/engine/forks.h"
#include "node/engine/learnt_nodes.h"
#include "node/engine/patience.h"
#include "protocol/fork_proof.h"

namespace simpul {
namespace {

constexpr std::size_t kSplitsMax = 1'000;                 // journals asked about at a time
constexpr std::size_t kHeadsMax = 8;                      // of one journal
constexpr Duration kUnprovedMax = std::chrono::hours{1};  // then the operator is told anyway
constexpr std::size_t kRefusalsMax = 3;                   // of one who must know
constexpr std::size_t kDoublingsMax = 7;                  // of kHeadsAgainMin
constexpr std::uint64_t kMailboxItemsLookedAt = 5'000;    // for what a peer was told before

bool has_root(const NodeReader& nodes, std::uint64_t size, const Digest& root) {
  const auto computed = tree_root(nodes, size);
  return computed && *computed == root;
}

bool contradicts(Step& step, const JournalId& journal, std::span<const TreeNode> learnt) {
  const JournalNodes held(step.tables.journals.transaction(), journal);
  return std::ranges::any_of(learnt, [&](const TreeNode& node) {
    const auto hash = held.node(node.id);
    return hash && *hash != node.hash;
  });
}

// Who holds a journal whole, and so can prove any two heads of it.
bool must_know(const Step& step, const MemberId& holder, const JournalId& journal) {
  return holder == journal.member || step.roster.is_hub(holder);
}

// The nodes of an answer as peaks of the smaller size and the proof that follows them.
struct Answer {
  Frontier head;
  std::span<const TreeNode> tail;
};

std::optional<Answer> read_answer(const ProvedGroup& group, const Checkpoint& checkpoint) {
  const auto ids = peaks_of(group.known_size);
  if (group.nodes.size() < ids.size()) return std::nullopt;
  std::vector<Digest> peaks;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (group.nodes[i].id != ids[i]) return std::nullopt;
    peaks.push_back(group.nodes[i].hash);
  }
  auto head = Frontier::from(group.known_size, std::move(peaks));
  const auto tail = std::span(group.nodes).subspan(ids.size());
  if (!head || !check_batch_proof(*head, checkpoint.size, checkpoint.root, {}, tail)) {
    return std::nullopt;
  }
  return Answer{std::move(*head), tail};
}

// Anything of the journal was sent to the peer, or may be read by it whole.
bool may_know_of(Step& step, const Peer& peer, const JournalId& journal) {
  if (must_know(step, peer.member, journal) || peer.told.contains(journal)) return true;
  const std::uint64_t size = step.tables.mailboxes.size(peer.member);
  const std::uint64_t from = size - std::min(size, kMailboxItemsLookedAt);
  const auto items = step.tables.mailboxes.read(peer.member, from, kMailboxItemsLookedAt);
  return std::ranges::any_of(items, [&](const MailboxItem& item) {
    const auto* position = std::get_if<EventPosition>(&item);
    return position != nullptr && position->journal == journal;
  });
}

Result<ProvedGroup> prove_consistency(Step& step, const ConsistencyRequest& request) {
  const JournalId& journal = request.journal;
  auto note = step.tables.journals.checkpoint_at(journal, request.size);
  if (!note && journal.member == step.self.member && signs_now(step.roster, step.self, journal)) {
    SIMPUL_TRY(own, sign_own_checkpoint(step.tables, step.self, journal, request.size));
    note = std::move(own);
  }
  if (!note) return fail(ErrorCode::kNotFound, "no head of that size is held here");
  const JournalNodes nodes(step.tables.journals.transaction(), journal);
  ProvedGroup group{
      .journal = journal, .known_size = request.known_size, .checkpoint = std::move(*note)};
  for (const NodeId& id : peaks_of(request.known_size)) {
    const auto hash = nodes.node(id);
    if (!hash) return fail(ErrorCode::kNotFound, "a peak of the smaller size is not held here");
    group.nodes.push_back({id, *hash});
  }
  SIMPUL_TRY(tail, batch_proof(nodes, request.known_size, request.size, {}));
  group.nodes.insert(group.nodes.end(), tail.begin(), tail.end());
  SIMPUL_TRY(checkpoint, parse_checkpoint(group.checkpoint));
  if (!read_answer(group, checkpoint)) {
    return fail(ErrorCode::kConflict, "what is held here does not add up to that head");
  }
  return group;
}

}  // namespace

std::optional<IntakeVerdict> Consistency::receive_head(Step& step, const Peer& peer,
                                                       const ProvedGroup& group,
                                                       const Checkpoint& checkpoint) {
  const auto found = splits_.find(group.journal);
  if (found == splits_.end()) return std::nullopt;
  const auto& heads = found->second.heads;
  const auto other = std::ranges::find_if(heads, [&](const Head& head) {
    return head.size == checkpoint.size && head.root != checkpoint.root;
  });
  if (other == heads.end()) return std::nullopt;
  const auto proof = encode_fork_proof({other->note, group.checkpoint, ForkedRoots{}});
  auto verdict =
      convict(step, peer.member, group.journal, proof ? std::optional(*proof) : std::nullopt);
  if (verdict) splits_.erase(found);
  return verdict;
}

Consistency::Standing Consistency::note(Step& step, const Peer& peer, const ProvedGroup& group,
                                        const Checkpoint& checkpoint, const Frontier& known,
                                        std::span<const TreeNode> learnt) {
  const JournalId& journal = group.journal;
  const auto found = splits_.find(journal);
  std::vector<Head> heads;
  if (found != splits_.end()) {
    heads = found->second.heads;
  } else if (const auto held = step.tables.journals.bare_head(journal); held && held->size > 0) {
    heads.push_back({.size = held->size, .root = held->frontier.root()});
  }
  const bool was_one = heads.size() <= 1;
  std::erase_if(heads, [&](const Head& head) {
    if (head.size >= checkpoint.size) return false;
    const bool built_on = head.size == known.size() && head.root == known.root();
    return built_on || has_root(LearntNodes(learnt), head.size, head.root);
  });
  const bool is_known = std::ranges::find(heads, checkpoint.size, &Head::size) != heads.end();
  const auto within_the_one = [&] {
    const JournalNodes held(step.tables.journals.transaction(), journal);
    return was_one && heads.front().size > checkpoint.size &&
           has_root(held, checkpoint.size, checkpoint.root);
  };
  const bool stands_alone = !heads.empty() && !is_known && !within_the_one();
  if (stands_alone && was_one) {
    heads.front().note =
        step.tables.journals.checkpoint_at(journal, heads.front().size).value_or("");
  }
  if (stands_alone) {
    heads.push_back({checkpoint.size, checkpoint.root, group.checkpoint, peer.member, peer.link});
  }
  std::ranges::sort(heads, {}, &Head::size);
  if (heads.size() < 2) {
    if (found != splits_.end()) splits_.erase(found);
    return Standing::kLinked;
  }
  if (found == splits_.end()) {
    if (splits_.size() >= kSplitsMax) return Standing::kUnlinked;
    splits_[journal] = {
        .heads = std::move(heads), .since = step.now, .ask_at = step.now + patience::kHeadsAfter};
  } else if (heads.size() <= kHeadsMax) {
    found->second.heads = std::move(heads);
  }
  return contradicts(step, journal, learnt) ? Standing::kContradicts : Standing::kUnlinked;
}

void Consistency::pump(Step& step, Peers& peers) {
  for (auto& [journal, split] : splits_) {
    if (split.asked) {
      const bool waits = split.asked->until > step.now && peers.by_link(split.asked->link);
      if (waits) continue;
      not_answered(step, journal, split);
    }
    if (split.ask_at <= step.now) ask(step, peers, journal, split);
    if (!split.reported && split.since + kUnprovedMax <= step.now) {
      split.reported = true;
      step.alert("withheld", "Nobody has proved in an hour that two heads of " + journal.text() +
                                 " are of one history.");
    }
  }
}

// It may lead to who knows, and what is known there may be more than before.
void Consistency::link_opened(Instant now) {
  for (auto& [journal, split] : splits_) {
    split.ask_at = std::min(split.ask_at, now + patience::kHeadsAgainMin);
    split.doublings = 0;
  }
}

void Consistency::ask(Step& step, Peers& peers, const JournalId& journal, Split& split) {
  const Head& larger = split.heads[1];
  std::vector<Peer*> candidates;
  for (auto& [link, peer] : peers.all()) {
    if (!peer->open()) continue;
    const bool is_giver = peer->member == larger.giver;
    if (is_giver) {
      candidates.insert(candidates.begin(), peer.get());
    } else if (must_know(step, peer->member, journal)) {
      candidates.push_back(peer.get());
    }
  }
  split.ask_at = step.now + patience::kHeadsAgainMin;
  if (candidates.empty()) return;
  const Peer& peer = *candidates[split.tries % candidates.size()];
  split.asked = {peer.link, split.heads[0].size, larger.size,
                 step.now + patience::kHeadsAnswerWithin};
  step.log(LogLevel::kInfo, "consistency-asked",
           "Asking " + peer.member.text() + " whether " + journal.text() + " at " +
               std::to_string(larger.size) + " extends it at " +
               std::to_string(split.heads[0].size) + ".");
  step.frames.emplace_back(peer.link,
                           ConsistencyRequest{journal, split.heads[0].size, larger.size});
}

void Consistency::not_answered(Step& step, const JournalId& journal, Split& split) {
  const bool asked_still =
      std::ranges::find(split.heads, split.asked->known_size, &Head::size) != split.heads.end();
  const auto giver = std::ranges::find_if(split.heads, [&](const Head& head) {
    return asked_still && head.size == split.asked->size && head.link == split.asked->link;
  });
  // Only who showed this head over this very link certainly knows of it.
  const bool refused = giver != split.heads.end() && must_know(step, giver->giver, journal);
  if (refused && ++split.refusals >= kRefusalsMax && !split.reported) {
    split.reported = true;
    step.alert("withheld", giver->giver.text() + " showed a head of " + journal.text() +
                               " of size " + std::to_string(giver->size) +
                               " and does not prove that it extends the one of size " +
                               std::to_string(split.asked->known_size) + " held here.");
  }
  split.asked.reset();
  ++split.tries;
  const auto doublings = std::min(split.doublings++, kDoublingsMax);
  split.ask_at =
      step.now + std::min(patience::kHeadsAgainMin * (1 << doublings), patience::kHeadsAgainMax);
}

IntakeVerdict Consistency::receive(Step& step, const Peer& peer, const ProvedGroup& group,
                                   const Checkpoint& checkpoint) {
  const auto found = splits_.find(group.journal);
  if (found == splits_.end()) return {};  // linked meanwhile
  Split& split = found->second;
  const bool expected = split.asked && split.asked->link == peer.link &&
                        split.asked->known_size == group.known_size &&
                        split.asked->size == checkpoint.size;
  const auto by_size = [&](std::uint64_t size) {
    return std::ranges::find(split.heads, size, &Head::size);
  };
  const auto smaller = by_size(group.known_size), larger = by_size(checkpoint.size);
  if (!expected) return {};
  if (smaller == split.heads.end() || larger == split.heads.end()) {  // linked meanwhile
    split.asked.reset();
    return {};
  }
  const auto answer = read_answer(group, checkpoint);
  if (!answer) {
    not_answered(step, group.journal, split);
    return {};
  }
  if (answer->head.root() == smaller->root && checkpoint.root == larger->root) {
    split.heads.erase(smaller);
    split.asked.reset();
    split.tries = split.doublings = split.refusals = 0;
    split.ask_at = step.now;
    if (split.heads.size() < 2) splits_.erase(found);
    return {};
  }
  ForkProof proof{larger->note, group.checkpoint, ForkedRoots{}};
  if (checkpoint.root == larger->root) {
    ForkedPrefix prefix{.head = answer->head.peaks(), .tail = {}};
    for (const TreeNode& node : answer->tail) prefix.tail.push_back(node.hash);
    proof = {smaller->note, group.checkpoint, std::move(prefix)};
  }
  const auto bytes = encode_fork_proof(proof);
  auto verdict =
      convict(step, peer.member, group.journal, bytes ? std::optional(*bytes) : std::nullopt);
  if (!verdict) {
    not_answered(step, group.journal, split);
    return {};
  }
  splits_.erase(found);
  return std::move(*verdict);
}

void answer_consistency(Step& step, const Peer& peer, const ConsistencyRequest& request) {
  const auto group = may_know_of(step, peer, request.journal)
                         ? prove_consistency(step, request)
                         : fail(ErrorCode::kNotEntitled, "it was never told of that journal");
  if (!group) {
    step.log(LogLevel::kInfo, "consistency-not-proved",
             "For " + peer.member.text() + ", " + request.journal.text() + " from " +
                 std::to_string(request.known_size) + " to " + std::to_string(request.size) + ": " +
                 group.error().message);
    return;
  }
  MailboxRecords reply{.is_reply = true};
  reply.groups.push_back(*group);
  step.frames.emplace_back(peer.link, std::move(reply));
}

}  // namespace simpul
