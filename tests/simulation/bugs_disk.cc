// Disks that do not keep what they said they have.
#include <filesystem>

#include "node/engine/author.h"
#include "protocol/merkle.h"
#include "storage/journal_nodes.h"
#include "storage/key.h"
#include "storage/table.h"
#include "tests/simulation/bugs.h"
#include "tests/simulation/rot.h"

namespace simpul::sim {
namespace {

std::uint64_t arrivals_at(MemberNode& node) {
  ReadTransaction transaction = node.store->read();
  return Tables(transaction).arrivals.end();
}

bool has_command(const MemberNode& node) {
  return std::ranges::any_of(
      node.inbox, [](const Input& input) { return std::holds_alternative<CommandInput>(input); });
}

bool has_frame(const MemberNode& node) {
  return std::ranges::any_of(
      node.inbox, [](const Input& input) { return std::holds_alternative<FrameIn>(input); });
}

// The data of one node as it was before a step that may be undone.
struct Undo {
  MemberNode* node;
  std::string copy;
  std::uint64_t arrivals = 0;
  bool done = false;

  void keep(World& world) {
    arrivals = arrivals_at(*node);
    copy = world.copy_data(*node);
  }
  // Whether the step since keep() stored events; else the copy is let go.
  bool is_due() {
    if (copy.empty()) return false;
    if (arrivals_at(*node) > arrivals) return done = true;
    std::filesystem::remove_all(std::exchange(copy, ""));
    return false;
  }
};

// Undoes the first commit of `victim` that stores something, after `wants` saw its inputs.
void drop_commit(Stage& stage, MemberNode& victim, bool (*wants)(const MemberNode&)) {
  auto undo = std::make_shared<Undo>(Undo{.node = &victim, .copy = {}});
  World& world = stage.world;
  world.twins.before_step = [&world, undo, wants](MemberNode& node) {
    if (&node != undo->node || undo->done || world.now() < kBugBegins || !wants(node)) return;
    undo->keep(world);
  };
  world.twins.committed = [&world, undo](MemberNode& node) {
    if (&node == undo->node && !undo->done && undo->is_due()) world.swap_data(node, undo->copy);
  };
}

void commit_dropped(Stage& stage) {
  drop_commit(stage, draw_victim(stage), has_command);
}

void receipt_before_commit(Stage& stage) {
  drop_commit(stage, *stage.world.nodes().front(), has_frame);
}

void crash_loses_commit(Stage& stage) {
  auto undo = std::make_shared<Undo>(Undo{.node = &draw_victim(stage), .copy = {}});
  World& world = stage.world;
  world.twins.before_step = [&world, undo](MemberNode& node) {
    const bool wanted = &node == undo->node && !undo->done && world.now() >= kBugBegins;
    if (wanted && has_command(node)) undo->keep(world);
  };
  world.twins.after_step = [&world, undo](MemberNode& node) {
    if (&node != undo->node || undo->done || !undo->is_due()) return;
    world.stop(node, true);
    world.swap_data(node, undo->copy);
    world.start(node);
  };
}

// Runs `spoil` after each step of a node until it has found what it wants.
void spoil_once(Stage& stage, bool (*spoil)(Stage&, MemberNode&, Tables&)) {
  auto done = std::make_shared<bool>(false);
  stage.world.twins.committed = [&stage, spoil, done](MemberNode& node) {
    if (*done || stage.world.now() < kBugBegins) return;
    tamper(node, [&](Tables& tables) { *done = spoil(stage, node, tables); });
  };
}

// A journal of another's of which at least `count` events are held from the first on.
std::optional<JournalHead> journal_of_others(MemberNode& node, Tables& tables,
                                             std::uint64_t count) {
  for (const JournalHead& head : tables.journals.heads()) {
    if (head.id.member != node.identity.member && head.held >= count) return head;
  }
  return std::nullopt;
}

Key event_key(const JournalHead& head, std::uint64_t index) {
  Key key;
  key.u32(head.number).u64(index);
  return key;
}

bool lose_event(Stage& stage, MemberNode& node, Tables& tables) {
  const auto head = journal_of_others(node, tables, 3);
  if (!head) return false;
  Table events(tables.journals.transaction(), TableId::kEvents);
  return events.erase(event_key(*head, stage.random.under(head->held)));
}

bool flip_event(Stage& stage, MemberNode& node, Tables& tables) {
  const auto head = journal_of_others(node, tables, 3);
  if (!head) return false;
  Table events(tables.journals.transaction(), TableId::kEvents);
  const Key key = event_key(*head, stage.random.under(head->held));
  Bytes bytes = *events.get(key);
  bytes[stage.random.under(kEventSaltSize)] ^= 1;
  events.put(key, bytes);
  return true;
}

bool swap_events(Stage& stage, MemberNode& node, Tables& tables) {
  const auto head = journal_of_others(node, tables, 3);
  if (!head) return false;
  Table events(tables.journals.transaction(), TableId::kEvents);
  const std::uint64_t index = stage.random.under(head->held - 1);
  const Bytes first = *events.get(event_key(*head, index));
  const Bytes second = *events.get(event_key(*head, index + 1));
  events.put(event_key(*head, index), second);
  events.put(event_key(*head, index + 1), first);
  return true;
}

// Appends the bytes to a journal as its author would, under a head that it signs.
void append_signed(MemberNode& author, Tables& tables, const JournalHead& head,
                   const Bytes& bytes) {
  Frontier frontier = head.held_frontier;
  const Digest leaf = leaf_hash(bytes);
  frontier.append(leaf);
  const BytesView view = bytes;
  tables.journals.append_run(head.id, head.held, std::span(&view, 1), std::span(&leaf, 1), frontier,
                             "");
  tables.arrivals.append({.journal = head.number, .first = head.held, .count = 1});
  const auto note = sign_own_checkpoint(tables, author.identity, head.id, head.held + 1);
  SIMPUL_CHECK(note.has_value());
  tables.journals.store_checkpoint(head.id, head.held + 1, *note);
}

bool write_twice(Stage&, MemberNode& node, Tables& tables) {
  const auto heads = tables.journals.heads_of(node.identity.member);
  if (heads.empty() || heads.back().held < 2) return false;
  const JournalHead& head = heads.back();
  append_signed(node, tables, head, *tables.journals.event(head.id, head.held - 1));
  return true;
}

bool forge(Stage& stage, MemberNode& node, Tables& tables) {
  const auto head = journal_of_others(node, tables, 2);
  MemberNode* author = head ? stage.world.find(head->id.member) : nullptr;
  if (author == nullptr || node.kind != MemberKind::kHub) return false;
  auto event = decode_event(*tables.journals.event(head->id, head->held - 1));
  event->position.index = head->held;
  append_signed(*author, tables, *head, *encode_event(*event, stage.random));
  return true;
}

// What was altered is in use again, and looking through the data finds nothing.
void overlook_damage(Stage& stage) {
  World& world = stage.world;
  world.twins.after_step = [&stage, &victim = draw_victim(stage)](MemberNode& node) {
    if (&node != &victim || node.rotten || stage.world.now() < kBugBegins) return;
    stage.world.stop(node, false);
    let_rot(node, stage.random);
    stage.world.start(node);
  };
  world.twins.checked = [](MemberNode&, Result<void>& sound) { sound = {}; };
}

void imagine_damage(Stage& stage) {
  stage.world.twins.checked = [&stage](MemberNode&, Result<void>& sound) {
    if (stage.world.now() >= kBugBegins) sound = fail(ErrorCode::kStorage, "imagined");
  };
}

}  // namespace

std::vector<Bug> disk_bugs() {
  return {
      {"commit-dropped", kRecordedSurvives, 3, "a commit that succeeded stored nothing",
       commit_dropped},
      {"crash-loses-commit", kRecordedSurvives, 3, "a crash undoes the last commit",
       crash_loses_commit},
      {"event-vanishes", kRecordedSurvives, 3, "an event is gone from where it was held",
       [](Stage& stage) { spoil_once(stage, lose_event); }},
      {"receipt-before-commit", kAcknowledgedSurvives, 3,
       "a receipt leaves for what was not committed", receipt_before_commit},
      {"event-rots", kUnchanged, 3, "a bit of a stored event flips",
       [](Stage& stage) { spoil_once(stage, flip_event); }},
      {"event-twice", kOnce, 3, "an author's journal takes its last event again",
       [](Stage& stage) { spoil_once(stage, write_twice); }},
      {"events-swapped", kOnce, 3, "two neighbours of a journal change places",
       [](Stage& stage) { spoil_once(stage, swap_events); }},
      {"forgery-taken", kNoEffect, 3, "a hub stores what its author never wrote",
       [](Stage& stage) { spoil_once(stage, forge); }},
      {"damage-overlooked", kUnchanged, 3, "altered data passes the looking through",
       overlook_damage},
      {"damage-imagined", kUnchanged, 3, "sound data is taken for damaged", imagine_damage},
  };
}

}  // namespace simpul::sim
