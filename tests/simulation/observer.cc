#include "tests/simulation/observer.h"

#include <algorithm>

#include "protocol/checkpoint.h"
#include "protocol/merkle.h"
#include "tests/simulation/product_view.h"

namespace simpul::sim {
namespace {

constexpr std::size_t kBrokenMax = 20;

// RFC 6962, section 2.1, word by word.
Digest tree_hash(const EventHash* leaves, std::size_t count) {
  if (count == 0) return sha256({});
  if (count == 1) return leaves[0];
  std::size_t left = 1;
  while (left * 2 < count) left *= 2;
  const std::uint8_t one = 1;
  return sha256(BytesView(&one, 1), tree_hash(leaves, left).view(),
                tree_hash(leaves + left, count - left).view());
}

}  // namespace

void Observer::report(const char* invariant, const MemberNode& node, const std::string& about,
                      const std::string& words) {
  if (broken_.size() < kBrokenMax) {
    broken_.push_back({invariant, node.name() + ": " + about + ": " + words, about});
  }
}

void Observer::data_replaced(MemberNode& node) {
  seen_[node.index] = {};
}

void Observer::look(MemberNode& node) {
  ReadTransaction transaction = node.store->read();
  Tables tables(transaction);
  Seen& seen = seen_[node.index];
  const std::uint64_t end = tables.arrivals.end();
  if (end < seen.arrivals) {
    report(kRecordedSurvives, node, "its data",
           "had " + std::to_string(seen.arrivals) + " arrivals, has " + std::to_string(end));
  }
  if (end > seen.arrivals) {
    tables.arrivals.scan(seen.arrivals, [&](std::uint64_t, const Arrival& arrival) {
      const auto journal = tables.journals.journal(arrival.journal);
      for (std::uint64_t i = 0; journal && i < arrival.count; ++i) {
        arrived(node, tables, *journal, arrival.first + i);
      }
      return true;
    });
    seen.arrivals = end;
  }
  note_acknowledged(node, tables);
}

void Observer::arrived(MemberNode& node, Tables& tables, const JournalId& journal,
                       std::uint64_t index) {
  const EventPosition position{journal, index};
  std::vector<bool>& held = seen_[node.index].held[journal];
  if (held.size() <= index) held.resize(index + 1);
  // Events that came out of sequence arrive once more with the run that closes the gap.
  held[index] = true;
  const auto bytes = tables.journals.event(journal, index);
  if (!bytes) return report(kRecordedSurvives, node, position.text(), "said to be here, is not");
  const EventHash hash = leaf_hash(*bytes);
  std::vector<EventHash>& truth = truth_[journal];
  if (index < truth.size()) {
    if (truth[index] != hash) report(kUnchanged, node, position.text(), "is not what was recorded");
  } else if (journal.member == node.identity.member && index == truth.size()) {
    truth.push_back(hash);
    ++events_;
    world_.history().add(world_.now(), node.name(), "recorded", position.text(), *bytes);
  } else {
    report(kUnchanged, node, position.text(), "was never recorded by its author");
  }
}

void Observer::note_acknowledged(MemberNode& node, Tables& tables) {
  for (const auto& [journal, truth] : truth_) {
    if (journal.member != node.identity.member) continue;
    std::uint64_t& acknowledged = acknowledged_[journal];
    acknowledged = std::max(acknowledged, tables.receipts.acknowledged_size(journal));
  }
}

void Observer::check_some_case(MemberNode& node) {
  if (!node.running()) return;
  ReadTransaction transaction = node.store->read();
  Tables tables(transaction);
  std::vector<CaseId> ids;
  tables.cases.visit_ids([&](const CaseId& id) {
    ids.push_back(id);
    return true;
  });
  if (!ids.empty()) check_case(node, tables, random_.pick(ids));
}

void Observer::check_case(MemberNode& node, Tables& tables, const CaseId& id) {
  const auto signed_roster = tables.rosters.newest();
  const auto roster = signed_roster ? open_roster(*signed_roster, node.identity.root)
                                    : fail(ErrorCode::kNotFound, "no roster");
  if (!roster) return;
  bool disputed = false;
  const std::vector<Fact> facts = facts_of(tables, id, disputed);
  if (disputed) return;
  ++folds_;
  const CaseView expected = naive_fold(id, facts, roster->roster);
  const CaseView found = product_fold(tables, id, roster->roster);
  if (expected.opened && found.custodian.empty()) {
    report(kOneCustodian, node, id.text(), "nobody has it");
  }
  if (found == expected) return;
  report(kStateAgrees, node, id.text(),
         "the model says " + describe(expected) + "; the product says " + describe(found));
}

void Observer::check_all() {
  for (auto& node : world_.nodes()) {
    if (!node->running()) continue;
    ReadTransaction transaction = node->store->read();
    Tables tables(transaction);
    if (!tables.local.fork_proofs().empty()) {
      report(kNobodyConvicted, *node, "fork proof", "an honest member is accused");
    }
    check_acknowledged(*node, tables);
    check_checkpoints(*node, tables);
    tables.cases.visit_ids([&](const CaseId& id) {
      check_case(*node, tables, id);
      return broken_.size() < kBrokenMax;
    });
  }
}

// At the author and at every hub, whatever disks were lost.
void Observer::check_acknowledged(MemberNode& node, Tables& tables) {
  for (const auto& [journal, size] : acknowledged_) {
    if (node.kind != MemberKind::kHub && journal.member != node.identity.member) continue;
    const auto head = tables.journals.bare_head(journal);
    const std::uint64_t held = head ? head->held : 0;
    if (held >= size) continue;
    report(
        kAcknowledgedSurvives, node, journal.text(),
        "holds " + std::to_string(held) + " of " + std::to_string(size) + " acknowledged events");
  }
}

void Observer::check_checkpoints(MemberNode& node, Tables& tables) {
  for (const auto& [journal, held] : seen_[node.index].held) {
    const MemberNode* author = world_.find(journal.member);
    if (held.empty() || author == nullptr) continue;
    const auto note = tables.journals.newest_checkpoint(journal);
    const auto checkpoint =
        note ? open_checkpoint(*note, checkpoint_origin(node.identity.federation, journal),
                               author->identity.keys.signing.verify_key())
             : fail(ErrorCode::kNotFound, "there is none");
    const std::vector<EventHash>& truth = truth_[journal];
    if (!checkpoint) {
      report(kCheckpointed, node, journal.text(), checkpoint.error().message);
    } else if (checkpoint->size < held.size() || checkpoint->size > truth.size()) {
      report(kCheckpointed, node, journal.text(),
             "covers " + std::to_string(checkpoint->size) + " events where " +
                 std::to_string(held.size()) + " are held and " + std::to_string(truth.size()) +
                 " were recorded");
    } else if (tree_hash(truth.data(), checkpoint->size) != checkpoint->root) {
      report(kCheckpointed, node, journal.text(), "its root is not that of what was recorded");
    }
  }
}

}  // namespace simpul::sim
