// What a liar writes into its own journal of cases that are not its: signed, proved and void.
#include "node/engine/author.h"
#include "storage/store.h"
#include "tests/simulation/liar.h"
#include "tests/simulation/observer.h"
#include "tests/simulation/product_view.h"

namespace simpul::sim {
namespace {

// A case as a hub holds it; ids are no secrets.
struct Known {
  CaseRow row;
  std::vector<CaseEvent> events;
};

std::optional<Known> draw_case(LieStage& stage, Liar& liar) {
  MemberNode& hub = *stage.world.nodes()[liar.random.under(stage.world.options().hubs)];
  if (!hub.running()) return std::nullopt;
  ReadTransaction transaction = hub.store->read();
  Tables tables(transaction);
  std::vector<CaseId> ids;
  tables.cases.visit_ids([&](const CaseId& id) {
    ids.push_back(id);
    return true;
  });
  if (ids.empty()) return std::nullopt;
  const CaseId id = liar.random.pick(ids);
  auto row = tables.cases.get(id);
  if (!row) return std::nullopt;
  Known known{*std::move(row), tables.cases.events_of(id)};
  if (known.events.empty()) return std::nullopt;
  return known;
}

EventHash token_of(const Known& known) {
  EventHash token;
  for (const CaseEvent& held : known.events) {
    const EventKind kind = held.event.kind;
    const bool begins = kind == EventKind::kOpened || kind == EventKind::kAccepted;
    if (begins || token.is_zero()) token = held.hash;
  }
  return token;
}

// Into its journal as its own program would, but for asking whether it may.
bool append(LieStage& stage, Liar& liar, Event event) {
  MemberNode& node = liar.node;
  const bool has_room = node.map_bytes == kMapBytes && node.disk.kind == DiskFault::Kind::kNone;
  if (!has_room) return false;
  WriteTransaction transaction = node.store->write();
  Tables tables(transaction);
  const auto heads = tables.journals.heads_of(node.identity.member);
  if (heads.empty() || !heads.back().complete) return false;
  // Older data, or a second history got back from who was told it, would make two of it, which is
  // another lie.
  const Truth& truth = stage.observer.truth();
  const JournalId& journal = heads.back().id;
  Frontier frontier = heads.back().held_frontier;
  if (journal != truth.newest_of(node.identity.member) ||
      frontier.size() != truth.leaves(journal).size() ||
      frontier.root() != truth.root(journal, frontier.size())) {
    return false;
  }
  // A head under another key than the roster's for that journal would have all links end for good.
  const auto roster = held_roster(tables, node.identity.root);
  if (!roster || !signs_now(*roster, node.identity, journal)) return false;
  event.position = {heads.back().id, frontier.size()};
  event.time = node.local(stage.world.now());
  event.state_changing = event.kind != EventKind::kNoted && changes_state(event.kind);
  const auto bytes = encode_event(event, liar.random);
  if (!bytes) return false;
  const Digest leaf = leaf_hash(*bytes);
  frontier.append(leaf);
  const BytesView view = *bytes;
  tables.journals.append_run(event.position.journal, event.position.index, std::span(&view, 1),
                             std::span(&leaf, 1), frontier, "");
  const auto note =
      sign_own_checkpoint(tables, node.identity, event.position.journal, event.position.index + 1);
  if (!note) return false;
  tables.journals.store_checkpoint(event.position.journal, event.position.index + 1, *note);
  tables.arrivals.append({.journal = heads.back().number,
                          .first = event.position.index,
                          .count = 1,
                          .received = event.time});
  return transaction.commit().has_value();
}

Event event_on(Liar& liar, const Known& known, EventBody body) {
  Event event;
  event.kind = kind_of(body);
  event.case_id = known.row.id;
  event.epoch = liar.random.percent(70) ? token_of(known) : liar.random.pick(known.events).hash;
  for (const CaseEvent& held : known.events) {
    if (event.after.size() < kAfterMax && liar.random.percent(50)) event.after.push_back(held.hash);
  }
  event.body = std::move(body);
  return event;
}

void offer_unheld(LieStage& stage, Liar& liar) {
  const auto known = draw_case(stage, liar);
  if (!known || known->row.custodian == liar.node.identity.member) return;
  const MemberId& to = liar.random.pick(stage.world.nodes())->identity.member;
  Event event = event_on(liar, *known,
                         Forwarded{.to = to,
                                   .due = liar.node.local(stage.world.now()) + Duration(kHour),
                                   .reason = "competence"});
  if (append(stage, liar, std::move(event))) stage.count("lie-offered-unheld");
}

// What was offered to another, or to nobody.
void accept_unoffered(LieStage& stage, Liar& liar) {
  const auto known = draw_case(stage, liar);
  if (!known || (known->row.offer && known->row.offer->to == liar.node.identity.member)) return;
  EventHash offer = liar.random.pick(known->events).hash;
  for (const CaseEvent& held : known->events) {
    if (held.event.kind == EventKind::kForwarded) offer = held.hash;
  }
  Event event = event_on(liar, *known, Accepted{offer});
  event.after.assign(1, offer);
  if (append(stage, liar, std::move(event))) stage.count("lie-accepted-unoffered");
}

// Whatever the custodian alone may do, and what the ruling hub alone may.
void act_for_others(LieStage& stage, Liar& liar) {
  const auto known = draw_case(stage, liar);
  if (!known || known->row.custodian == liar.node.identity.member) return;
  const MemberId& to = liar.random.pick(stage.world.nodes())->identity.member;
  std::vector<EventBody> bodies{Answered{}, Closed{Outcome::kResolved, {}}, Progress{},
                                Ruled{.to = to, .ground = "competence"},
                                PrivacyChanged{.privacy = Privacy::kPublic}};
  if (append(stage, liar, event_on(liar, *known, liar.random.pick(bodies)))) {
    stage.count("lie-acted-for-others");
  }
}

// The largest event there can be, of a kind that nobody knows, with ciphertext that nobody has.
void write_largest(LieStage& stage, Liar& liar) {
  const auto known = draw_case(stage, liar);
  if (!known) return;
  Event event = event_on(liar, *known, Noted{});
  event.after.clear();
  while (event.after.size() < kAfterMax) {
    event.after.push_back(event.after.size() < known->events.size()
                              ? known->events[event.after.size()].hash
                              : sha256(liar.random.bytes(8)));
  }
  while (event.enclosures.size() < kEnclosuresMax) {
    EnclosureRef ref{.role = EnclosureRole::kAttachment, .commitment = {}};
    ref.commitment.digest = sha256(liar.random.bytes(8));
    ref.commitment.padded_size = 1u << 28;
    ref.commitment.chunk_root = sha256(liar.random.bytes(8));
    event.enclosures.push_back(ref);
  }
  if (append(stage, liar, std::move(event))) stage.count("lie-largest-event");
}

}  // namespace

std::vector<Lie> case_lies() {
  return {
      {"lie-offered-unheld", false, 2 * kHour, offer_unheld, 0, nullptr},
      {"lie-accepted-unoffered", false, 2 * kHour, accept_unoffered, 0, nullptr},
      {"lie-acted-for-others", false, 2 * kHour, act_for_others, 0, nullptr},
      {"lie-largest-event", false, 6 * kHour, write_largest, 0, nullptr},
  };
}

}  // namespace simpul::sim
