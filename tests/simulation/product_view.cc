#include "tests/simulation/product_view.h"

#include <algorithm>

#include "node/engine/refolding.h"
#include "protocol/case_state.h"
#include "protocol/checkpoint.h"
#include "protocol/fork_proof.h"
#include "protocol/merkle.h"
#include "storage/key.h"
#include "storage/table.h"

namespace simpul::sim {

CaseView view_of(const CaseState& state) {
  CaseView view{.opened = state.has_opened(), .pending = state.pending_count};
  if (!view.opened) return view;
  view.status = name_of(state.status);
  view.custodian = state.custodian;
  view.token = state.epoch;
  for (const Epoch& epoch : state.route) view.tokens.push_back(epoch.token);
  if (state.offer) {
    view.offer = state.offer->hash;
    view.offeree = state.offer->to;
  }
  view.privacy = name_of(state.privacy);
  view.audience = state.audience;
  for (const Escalation& said : state.escalations) {
    view.escalated.emplace(said.epoch, name_of(said.stage), said.cycle);
  }
  for (const Erasure& erasure : state.erasures) view.erasures[erasure.hash] = erasure.confirmed;
  for (const Judged& judged : state.events) {
    if (judged.erased) view.erased.insert(judged.hash);
  }
  for (const StandingHold& hold : state.holds) view.holders.insert(hold.by);
  if (state.stars) view.stars = *state.stars;
  for (const CaseLink& link : state.links) {
    LinkView& seen = view.links[{name_of(link.relation), link.other.text()}];
    seen.with = link.with;
    seen.agreed = link.agreed;
    if (!link.report) continue;
    seen.report =
        text({link.other, link.report->stage, link.report->outcome, link.report->custodian});
  }
  view.withdrawal = state.withdrawal;
  if (state.appeal) view.appeal = state.appeal->hash;
  view.frozen = state.needs_upgrade;
  return view;
}

CaseView product_fold(const CaseId& id, const std::vector<Fact>& facts, const Roster& roster) {
  std::vector<CaseEvent> events;
  events.reserve(facts.size());
  for (const Fact& fact : facts) events.push_back({fact.hash, fact.event, fact.disputed});
  return view_of(fold_case(id, events, roster));
}

std::optional<Roster> held_roster(Tables& tables, const VerifyKey& root) {
  const auto bytes = tables.rosters.newest();
  auto opened = bytes ? open_roster(*bytes, root) : fail(ErrorCode::kNotFound, "no roster");
  if (!opened) return std::nullopt;
  return std::move(opened->roster);
}

std::vector<EventHash> filed_events(Tables& tables, const CaseId& id) {
  std::vector<EventHash> hashes;
  for (const CaseEvent& held : tables.cases.events_of(id)) hashes.push_back(held.hash);
  return hashes;
}

std::optional<CaseView> listed_case(Tables& tables, const CaseId& id) {
  const auto row = tables.cases.get(id);
  if (!row) return std::nullopt;
  CaseView view{.opened = !row->custodian.empty(), .pending = row->pending_count};
  if (!view.opened) return view;
  view.status = name_of(row->status);
  view.custodian = row->custodian;
  if (row->offer) view.offeree = row->offer->to;
  view.privacy = name_of(row->privacy);
  view.audience = {row->audience.begin(), row->audience.end()};
  view.audience.insert(id.origin());
  view.frozen = row->needs_upgrade;
  return view;
}

bool is_indexed(Tables& tables) {
  return tables.arrivals.indexed_through() == tables.arrivals.end() &&
         tables.meta.counter(Refolding::kFoldedUnder) == tables.rosters.newest_version();
}

Result<SignedSize> newest_signed_size(Tables& tables, const JournalId& journal,
                                      const Roster& roster) {
  const auto note = tables.journals.newest_checkpoint(journal);
  const Member* author = roster.find(journal.member);
  if (!note || !author) return fail(ErrorCode::kNotFound, "there is none");
  SIMPUL_TRY(read, parse_checkpoint(*note));
  SIMPUL_TRY(checkpoint, open_checkpoint(*note, checkpoint_origin(roster.federation, journal),
                                         author->signing_key(journal.generation, read.size)));
  return SignedSize{checkpoint.size, checkpoint.root};
}

std::optional<Digest> provable_root(Tables& tables, const JournalId& journal, std::uint64_t size) {
  const JournalNodes nodes(tables.journals.transaction(), journal);
  const auto root = tree_root(nodes, size);
  return root ? std::optional(*root) : std::nullopt;
}

bool tiles_agree(Tables& tables, const JournalId& journal, const std::vector<EventHash>& leaves,
                 std::uint64_t size) {
  for (std::uint64_t n = 0; (n + 1) * kTileWidth <= size; ++n) {
    const auto tile = tables.journals.tile(journal, n);
    const auto first = leaves.begin() + static_cast<std::ptrdiff_t>(n * kTileWidth);
    if (!tile || !std::equal(tile->begin(), tile->end(), first)) return false;
  }
  return true;
}

std::optional<JournalId> convicted_by(BytesView proof, const std::string& federation,
                                      const Roster& roster) {
  const AuthorKey keys = [&](const JournalId& journal,
                             std::uint64_t size) -> std::optional<VerifyKey> {
    const Member* member = roster.find(journal.member);
    if (!member) return std::nullopt;
    return member->signing_key(journal.generation, size);
  };
  const auto fork = check_fork_proof(proof, federation, keys, 0);
  return fork ? std::optional(fork->journal) : std::nullopt;
}

std::uint64_t last_packet(Tables& tables) {
  const auto last = Table(tables.journals.transaction(), TableId::kPackets).last({});
  return last ? KeyReader(last->first).u64() : 0;
}

}  // namespace simpul::sim
