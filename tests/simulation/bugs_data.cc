// Data that says what nobody said: heads, proofs, lists, rosters.
#include "node/engine/author.h"
#include "protocol/checkpoint.h"
#include "protocol/fork_proof.h"
#include "storage/key.h"
#include "storage/table.h"
#include "tests/simulation/bugs.h"
#include "tests/simulation/product_view.h"

namespace simpul::sim {
namespace {

// After every step of every node from kBugBegins on.
void spoil_always(Stage& stage, void (*spoil)(Stage&, MemberNode&, Tables&)) {
  stage.world.twins.committed = [&stage, spoil](MemberNode& node) {
    if (stage.world.now() < kBugBegins) return;
    tamper(node, [&](Tables& tables) { spoil(stage, node, tables); });
  };
}

// The case's opening is no longer filed at one node.
void lose_opening(Stage&, MemberNode& node, Tables& tables) {
  if (node.kind != MemberKind::kHub) return;
  Table filed(tables.journals.transaction(), TableId::kCaseEvents);
  Bytes found;
  filed.scan({}, [&](BytesView key, BytesView) {
    KeyReader reader(key);
    reader.u64();
    const std::uint32_t journal = reader.u32();
    const auto bytes = tables.journals.event(journal, reader.u64());
    const auto event = bytes ? decode_event(*bytes) : fail(ErrorCode::kNotFound, "");
    if (event && event->kind == EventKind::kOpened) found.assign(key.begin(), key.end());
    return found.empty();
  });
  if (!found.empty()) filed.erase(found);
}

// What a custodian said by its clock it says once more.
void say_again(Stage& stage, MemberNode& node, Tables& tables) {
  const auto heads = tables.journals.heads_of(node.identity.member);
  const auto roster = held_roster(tables, node.identity.root);
  if (heads.empty() || heads.back().held == 0 || !roster) return;
  const auto bytes = tables.journals.event(heads.back().id, heads.back().held - 1);
  auto event = bytes ? decode_event(*bytes) : fail(ErrorCode::kNotFound, "");
  const auto* referred = event ? std::get_if<Referred>(&event->body) : nullptr;
  if (referred == nullptr || referred->ground != "unanswered") return;
  Step step{tables, node.identity, *roster, node.random, node.local(stage.world.now()), {}, {}, {}};
  CaseFiles files;
  Author author(files);
  author.set_gate({true, ""});
  (void)author.append(step, *std::move(event));
  author.sign_head(step);
}

// The last hash of the journal's right edge, which stands before two flags.
void flip_head(Stage&, MemberNode& node, Tables& tables) {
  const auto heads = tables.journals.heads_of(node.identity.member);
  if (heads.empty() || node.kind == MemberKind::kHub) return;
  Key key;
  key.u32(heads.back().number);
  Table journals(tables.journals.transaction(), TableId::kJournals);
  Bytes value = *journals.get(key);
  value[value.size() - 10] ^= 1;
  journals.put(key, value);
}

void sign_with_another_key(Stage& stage, MemberNode& node, Tables& tables) {
  for (const JournalHead& head : tables.journals.heads()) {
    if (head.id.member == node.identity.member || head.size == 0) continue;
    const std::string note = sign_checkpoint(
        {checkpoint_origin(node.identity.federation, head.id), head.size, head.frontier.root()},
        stage.world.nodes().front()->identity.keys.signing);
    if (stage.world.nodes().front()->identity.member == head.id.member) continue;
    tables.journals.store_checkpoint(head.id, head.size, note);
  }
}

// Cases enough at one member for a whole tile; then every tile of its journal rots at the hub.
void flip_tile(Stage& stage) {
  MemberNode& author = draw_victim(stage);
  stage.world.twins.before_step = [&stage, &author,
                                   done = std::make_shared<bool>(false)](MemberNode& node) {
    if (&node != &author || stage.world.now() < kBugBegins || std::exchange(*done, true)) return;
    for (int i = 0; i < 300; ++i) {
      stage.world.command(author, "case.open", {{"category", "water"}, {"text", "x"}});
    }
  };
  stage.world.twins.committed = [&author](MemberNode& node) {
    if (node.kind != MemberKind::kHub) return;
    tamper(node, [&](Tables& tables) {
      const auto number = tables.journals.number({author.identity.member, 1});
      Key key;
      key.u32(number.value_or(0)).u64(0);
      Table tiles(tables.journals.transaction(), TableId::kTiles);
      auto tile = tiles.get(key);
      if (!tile) return;
      (*tile)[40] = 0;
      tiles.put(key, *tile);
    });
  };
}

// Two roots of one size, both signed by an honest member's key.
void convict_innocent(Stage& stage, MemberNode& node, Tables& tables) {
  const MemberNode& accused = *stage.world.nodes().back();
  if (&node == &accused || !tables.local.fork_proofs().empty()) return;
  const std::string origin =
      checkpoint_origin(node.identity.federation, {accused.identity.member, 1});
  const SigningKey& key = accused.identity.keys.signing;
  const ForkProof proof{sign_checkpoint({origin, 1000, sha256(as_bytes("one"))}, key),
                        sign_checkpoint({origin, 1000, sha256(as_bytes("other"))}, key),
                        ForkedRoots{}};
  tables.local.add_fork_proof(*encode_fork_proof(proof));
}

void keep_no_proof(Stage& stage, MemberNode&, Tables& tables) {
  if (tables.local.fork_proofs().empty()) tables.local.add_fork_proof(stage.random.bytes(64));
}

void roll_roster_back(Stage& stage) {
  World& world = stage.world;
  world.twins.committed = [&world](MemberNode& node) {
    if (world.now() < kBugBegins) return;
    std::uint64_t version = 0;
    tamper(node, [&](Tables& tables) {
      version = tables.rosters.newest_version();
      if (version < 3) return;
      Table(tables.journals.transaction(), TableId::kRosters).erase(sequence_key(version));
    });
    const bool ruling_hub = node.index == 0;
    if (ruling_hub && version < 3) world.command(node, "hub.renew", Json::object());
  };
}

// The hub lists a case as received, whatever became of it.
void list_wrongly(Stage&, MemberNode& node, Tables& tables) {
  if (node.kind != MemberKind::kHub) return;
  tables.cases.visit_ids([&](const CaseId& id) {
    auto row = tables.cases.get(id);
    if (!row || row->status == CaseStatus::kReceived) return true;
    row->status = CaseStatus::kReceived;
    tables.cases.put(*row);
    return false;
  });
}

template <void (*spoil)(Stage&, MemberNode&, Tables&)>
void always(Stage& stage) {
  spoil_always(stage, spoil);
}

}  // namespace

std::vector<Bug> data_bugs() {
  return {
      {"opening-lost", kOneCustodian, 3, "a hub no longer files a case's opening",
       always<lose_opening>},
      {"timer-twice", kTimerOnce, 3, "a node says again what it said by its clock",
       always<say_again>},
      {"head-flipped", kCheckpointed, 3, "a bit flips in the edge of an author's tree",
       always<flip_head>},
      {"tile-flipped", kCheckpointed, 3, "bits flip in a tile of leaf hashes at a hub", flip_tile},
      {"signed-by-another", kCheckpointed, 3, "checkpoints held carry another member's signature",
       always<sign_with_another_key>},
      {"innocent-convicted", kNobodyConvicted, 3, "a proof convicts an honest member",
       always<convict_innocent>},
      {"proof-of-nothing", kNobodyConvicted, 3, "a fork proof is kept that proves nothing",
       always<keep_no_proof>},
      {"roster-rolled-back", kNoEffect, 3, "a node takes an older roster for the newest",
       roll_roster_back},
      {"hub-lists-wrongly", kHubAgrees, 3, "a hub's list says another status than its events",
       always<list_wrongly>},
  };
}

}  // namespace simpul::sim
