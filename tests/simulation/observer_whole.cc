// What the observer demands of a whole country once it agrees.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/simulation/observer.h"
#include "tests/simulation/officers.h"

namespace simpul::sim {
namespace {

// Why an honest node may end its link with another: time, a roster that one of them is yet to get,
// or another link that is better.
constexpr const char* kMayBeRefused[] = {
    "no hello and welcome in time",
    "nothing heard from the peer in time",
    "another link between",
    "this node opened its next generation",
    "admitted: the link is made anew",
    " is suspended",
    " roster",
    "no valid signature by its author's key",
    " is not for those held here",
};

}  // namespace

// What a liar made up may pass through honest hands.
void Observer::logged(const MemberNode& node, const LogOut& log) {
  if (log.event != "link-refused" || !liars_.empty()) return;
  const bool may_be = std::ranges::any_of(
      kMayBeRefused, [&](const char* words) { return log.text.find(words) != std::string::npos; });
  if (!may_be) refusals_.emplace_back(&node, log.text);
}

void Observer::check_all() {
  for (const auto& [node, words] : refusals_) report(kNotRefused, *node, "a link", words);
  for (auto& node : world_.nodes()) {
    if (!node->running()) continue;
    Reading at(*node);
    check_accusations(at);
    check_acknowledged(at);
    for (const auto& [journal, held] : seen_[node->index].held) {
      check_held(at, journal);
      check_signed(at, journal);
      check_provable(at, journal);
    }
    check_plaintext(at);
    at.tables.cases.visit_ids([&](const CaseId& id) {
      check_case(at, id);
      return broken_.empty();
    });
  }
}

// Accused with a proof that convicts is only who did write two histories.
void Observer::check_accusations(Reading& at) {
  for (const Bytes& proof : at.tables.local.fork_proofs()) {
    const Roster* roster = roster_of(at);
    const auto journal =
        roster ? convicted_by(proof, at.node.identity.federation, *roster) : std::nullopt;
    if (journal && truth_.forked_at(*journal)) continue;
    report(kNobodyConvicted, at.node, journal ? journal->text() : "fork proof",
           journal ? "an honest member is convicted" : "a proof is kept that proves nothing");
  }
}

void Observer::check_held(Reading& at, const JournalId& journal) {
  const std::vector<EventHash>& held = seen_[at.node.index].held[journal];
  for (std::uint64_t i = 0; i < held.size(); ++i) {
    if (!held[i].is_zero() && !check_bytes(at, {journal, i}, held[i])) return;
  }
}

// At the author and at every hub, whatever disks were lost.
void Observer::check_acknowledged(Reading& at) {
  for (const auto& [journal, size] : acknowledged_) {
    const bool own = journal.member == at.node.identity.member;
    if (at.node.kind != MemberKind::kHub && !own) continue;
    const auto head = at.tables.journals.bare_head(journal);
    const std::uint64_t held = head ? head->held : 0;
    if (held >= size) continue;
    report(
        kAcknowledgedSurvives, at.node, journal.text(),
        "holds " + std::to_string(held) + " of " + std::to_string(size) + " acknowledged events");
  }
}

// What is held of a journal is under a checkpoint of its author, with the root of what was written.
void Observer::check_signed(Reading& at, const JournalId& journal) {
  const Roster* roster = roster_of(at);
  const auto held = seen_[at.node.index].held.find(journal);
  if (roster == nullptr || held == seen_[at.node.index].held.end()) return;
  const auto covered = newest_signed_size(at.tables, journal, *roster);
  const std::uint64_t written = truth_.leaves(journal).size();
  if (!covered) {
    report(kCheckpointed, at.node, journal.text(), covered.error().message);
  } else if (covered->size < held->second.size() || covered->size > written) {
    report(kCheckpointed, at.node, journal.text(),
           "covers " + std::to_string(covered->size) + " events where " +
               std::to_string(held->second.size()) + " are held and " + std::to_string(written) +
               " were recorded");
  } else if (truth_.history(journal, covered->size, covered->root) == nullptr) {
    report(kCheckpointed, at.node, journal.text(), "its root is not that of what was recorded");
  }
}

// What the node would prove the journal's events by is what was written.
void Observer::check_provable(Reading& at, const JournalId& journal) {
  const auto head = at.tables.journals.bare_head(journal);
  const std::uint64_t whole = head ? head->held : 0;
  if (whole == 0 || whole > truth_.leaves(journal).size()) return;
  const auto root = provable_root(at.tables, journal, whole);
  const auto* history = root ? truth_.history(journal, whole, *root) : nullptr;
  if (history != nullptr && tiles_agree(at.tables, journal, *history, whole)) return;
  check_held(at, journal);  // what is wrong below tells more
  report(kCheckpointed, at.node, journal.text(),
         "what it would prove its first " + std::to_string(whole) + " events by is wrong");
}

// Nothing that an officer wrote is in the data as it was written.
void Observer::check_plaintext(Reading& at) {
  std::ifstream file(at.node.data + "/data.mdb", std::ios::binary);
  const std::string data(std::istreambuf_iterator<char>(file), {});
  if (data.find(Officers::kWordsBegin) == std::string::npos) return;
  report(kEntitledOnly, at.node, "its data", "holds what an officer wrote, in the clear");
}

}  // namespace simpul::sim
