#include "tests/simulation/newer_program.h"

#include "node/engine/author.h"
#include "tests/simulation/product_view.h"

namespace simpul::sim {
namespace {

constexpr std::uint64_t kFirstNewKind = 1'000, kNewKinds = 50;

std::optional<CaseId> draw_case(Tables& tables, const MemberId& self, bool own, Prng& random) {
  std::vector<CaseId> some;
  tables.cases.visit_ids([&](const CaseId& id) {
    const auto row = tables.cases.get(id);
    const bool fits = row && !row->custodian.empty() && (!own || row->custodian == self);
    if (fits) some.push_back(id);
    return true;
  });
  return some.empty() ? std::nullopt : std::optional(random.pick(some));
}

// As the node's own gate would have it.
bool may_write(Tables& tables, const Identity& self, const Roster& roster, Instant now) {
  const Member* member = roster.find(self.member);
  const auto heads = tables.journals.heads_of(self.member);
  const bool is_forked = !heads.empty() && heads.back().disputed_from.has_value();
  const JournalId own = heads.empty() ? JournalId{self.member, 1} : heads.back().id;
  return member && !is_forked && signs_now(roster, self, own) && !member->suspended &&
         !tables.meta.flag(kDataRestoredFlag) &&
         roster_health(roster, now) != RosterHealth::kExpired &&
         member->signing.back().key == self.keys.signing.verify_key();
}

}  // namespace

std::optional<std::string> write_newer_kind(World& world, MemberNode& node, bool changes_state,
                                            Prng& random) {
  SIMPUL_CHECK(!node.running());
  auto store = Store::open(node.data, {.map_size_bytes = 1ull << 32, .sync = false});
  SIMPUL_CHECK(store.has_value());
  WriteTransaction transaction = store->write();
  Tables tables(transaction);
  const auto roster = held_roster(tables, node.identity.root);
  const Instant now = node.local(world.now());
  const MemberId& self = node.identity.member;
  if (!roster || !may_write(tables, node.identity, *roster, now)) return std::nullopt;
  const auto id = draw_case(tables, self, changes_state, random);
  if (!id) return std::nullopt;

  Step step{tables, node.identity, *roster, node.random, now, {}, {}, {}};
  CaseFiles files;
  files.load(tables, now);
  Author author(files);
  author.set_gate({true, ""});
  const CaseFile file = files.open(tables, *id, *roster);
  Event draft;
  draft.kind = static_cast<EventKind>(kFirstNewKind + random.under(kNewKinds));
  draft.state_changing = changes_state;
  draft.position.journal = Author::own_journal(step);
  const auto written = author.append(step, place_draft(std::move(draft), file.state, file.events));
  SIMPUL_CHECK(written.has_value());
  author.sign_head(step);
  SIMPUL_CHECK(transaction.commit());
  return written->text() + " of " + id->text();
}

}  // namespace simpul::sim
