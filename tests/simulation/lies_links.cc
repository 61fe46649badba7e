// Too often, too much, too old: what a liar sends over its links of its own accord.
#include <algorithm>

#include "protocol/roster.h"
#include "tests/simulation/liar.h"
#include "tests/simulation/witness.h"

namespace simpul::sim {
namespace {

constexpr std::size_t kReplaysMax = 12;

// Frames of earlier links too: to whom they went, back to who sent them, or to a hub.
void replay(LieStage& stage, Liar& liar) {
  if (liar.overheard.empty()) return;
  const std::size_t times = 1 + liar.random.under(kReplaysMax);
  for (std::size_t i = 0; i < times; ++i) {
    const Overheard& old = liar.random.pick(liar.overheard);
    MemberNode* to = stage.world.nodes()[old.peer].get();
    if (liar.random.percent(30))
      to = stage.world.nodes()[liar.random.under(stage.world.options().hubs)].get();
    if (to == &liar.node || stage.liars.contains(to->identity.member)) continue;
    if (stage.send_bytes(liar, *to, old.frame)) stage.count("lie-replayed");
  }
}

// protocol/SPEC.md, "Limits".
struct FloodKind {
  const char* what;
  std::size_t burst;
  double per_second;
  Frame (*frame)(LieStage&, Liar&, std::uint64_t number);
};

const std::vector<FloodKind>& floods() {
  static const std::vector<FloodKind> kinds{
      {"subscriptions", 8192, 250,
       [](LieStage&, Liar& liar, std::uint64_t number) -> Frame {
         const auto generation = static_cast<std::uint32_t>(1 + number % 4000);
         return Subscribe{.stream = {.journal = {liar.node.identity.member, generation}}};
       }},
      {"requests for cases", 1000, 64,
       [](LieStage&, Liar& liar, std::uint64_t) -> Frame {
         return CaseRequest{CaseId::make(liar.node.identity.member, liar.random)};
       }},
      {"requests for ciphertext", 256, 64,
       [](LieStage&, Liar& liar, std::uint64_t) -> Frame {
         return EnclosureRequest{sha256(liar.random.bytes(8)), 0, kChunksPerRequestMax};
       }},
      {"confirmations of ciphertext", 256, 64,
       [](LieStage&, Liar& liar, std::uint64_t) -> Frame {
         return EnclosureDone{sha256(liar.random.bytes(8))};
       }},
      {"requests for proofs", 256, 16,
       [](LieStage&, Liar& liar, std::uint64_t number) -> Frame {
         return ConsistencyRequest{{liar.node.identity.member, 1}, 1 + number, ~0ull};
       }},
      {"requests for rosters", 40, 1,
       [](LieStage&, Liar&, std::uint64_t) -> Frame { return RosterRequest{}; }},
      {"rosters", 40, 1,
       [](LieStage&, Liar& liar, std::uint64_t) -> Frame {
         return RosterFrame{liar.random.bytes(500)};
       }},
      {"accusations", 40, 1,
       [](LieStage&, Liar& liar, std::uint64_t) -> Frame {
         return ForkNotice{liar.random.bytes(300)};
       }},
      {"pings", 20, 1,
       [](LieStage&, Liar& liar, std::uint64_t) -> Frame { return Ping{liar.random.next()}; }},
      {"enrolments", 8, 0.1,
       [](LieStage&, Liar& liar, std::uint64_t) -> Frame { return Enrol{liar.random.bytes(400)}; }},
  };
  return kinds;
}

// Half of what is allowed at once, or as much, or far more.
void flood(LieStage& stage, Liar& liar) {
  MemberNode* to = stage.draw_peer(liar);
  if (to == nullptr) return;
  const std::size_t draw = liar.random.under(floods().size() * 4);
  const FloodKind& kind = floods()[draw % floods().size()];
  if (kind.burst > 2000 && draw >= floods().size()) return;  // it takes long
  const std::size_t frames = kind.burst / 2 * (1 + liar.random.under(9));
  for (std::size_t i = 0; i < frames; ++i) {
    if (!stage.send(liar, *to, kind.frame(stage, liar, i))) return;
  }
  stage.witness.flooded(liar.node, *to, kind.what, frames, kind.burst, kind.per_second);
  stage.count("lie-flooded");
}

MailboxRecords most_nodes(Liar& liar) {
  ProvedGroup group{.journal = {liar.node.identity.member, 1},
                    .checkpoint = std::string(8000, 'x')};
  for (std::uint64_t i = 0; i < kNodesPerFrameMax; ++i) {
    group.nodes.push_back({{0, i}, sha256(as_bytes("node"))});
  }
  MailboxRecords records{.generation = liar.random.next(), .last = 1};
  records.groups.push_back(std::move(group));
  return records;
}

JournalRecords most_events(Liar& liar, std::size_t size) {
  JournalRecords records{.journal = {liar.node.identity.member, 1},
                         .first = ~0ull - kRecordsPerFrameMax};
  const std::size_t count = std::min<std::size_t>(kRecordsPerFrameMax, 3'900'000 / (size + 16));
  records.events.assign(count, liar.random.bytes(size));
  records.checkpoint = std::string(8000, 'x');
  return records;
}

MailboxRecords most_packets(Liar& liar) {
  MailboxRecords records{.generation = liar.random.next(), .last = ~0ull};
  const KeyPacket packet{.enclosure = sha256(as_bytes("x")),
                         .case_id = CaseId::make(liar.node.identity.member, liar.random),
                         .from = liar.node.identity.member,
                         .to = liar.node.identity.member,
                         .sealed = liar.random.bytes(kPacketSizeMax)};
  records.packets.assign(kPacketsPerFrameMax, packet);
  return records;
}

// The largest frames there can be, and larger ones.
void send_largest(LieStage& stage, Liar& liar) {
  MemberNode* to = stage.draw_peer(liar);
  if (to == nullptr) return;
  bool sent = false;
  switch (liar.random.under(6)) {
    case 0:
      sent = stage.send(liar, *to, most_nodes(liar));
      break;
    case 1:
      sent = stage.send(liar, *to, most_events(liar, kEventSizeMax));
      break;
    case 2:
      sent = stage.send(liar, *to, most_events(liar, 17));
      break;
    case 3:
      sent = stage.send(liar, *to, most_packets(liar));
      break;
    case 4:
      sent = stage.send_bytes(liar, *to, liar.random.bytes(kFrameSizeMax + liar.random.under(2)));
      break;
    default:
      sent = stage.send(liar, *to, RosterFrame{liar.random.bytes(kFrameSizeMax - 200)});
  }
  if (sent) stage.count("lie-largest-frame");
}

// An older roster, one of the same version that says otherwise, and a newer one that nobody issued.
void roll_back(LieStage& stage, Liar& liar) {
  MemberNode* to = stage.draw_peer(liar);
  if (to == nullptr) return;
  ReadTransaction transaction = liar.node.store->read();
  Tables tables(transaction);
  const std::uint64_t newest = tables.rosters.newest_version();
  if (newest == 0) return;
  const std::uint64_t draw = liar.random.under(3);
  auto bytes =
      draw == 0 ? tables.rosters.get(1 + liar.random.under(newest)) : tables.rosters.newest();
  auto opened =
      bytes ? open_roster(*bytes, liar.node.identity.root) : fail(ErrorCode::kNotFound, "");
  if (!opened) return;
  if (draw > 0) {
    Roster forked = opened->roster;
    if (draw == 2) ++forked.version;
    if (draw == 2) forked.previous = opened->hash;
    for (Member& member : forked.members) member.suspended = member.id != liar.node.identity.member;
    auto signed_roster = sign_roster(forked, liar.node.identity.keys.signing);
    if (!signed_roster) return;
    bytes = signed_roster->bytes;
  }
  if (stage.send(liar, *to, RosterFrame{*bytes})) stage.count("lie-roster");
}

// Says that it has a newer roster than there is, or an older.
bool claim_roster(LieStage& stage, Liar& liar, MemberNode&, LinkId, Bytes& bytes) {
  auto hello = frame_as<Hello>(bytes);
  if (!hello) return true;
  hello->roster_version = liar.random.percent(50) ? ~0ull : 1;
  if (auto changed = encode_frame(*hello)) {
    bytes = *std::move(changed);
    stage.count("lie-roster");
  }
  return true;
}

}  // namespace

std::vector<Lie> link_lies() {
  return {
      {"lie-replayed", false, kHour, replay, 0, nullptr},
      {"lie-flooded", false, 2 * kHour, flood, 0, nullptr},
      {"lie-largest-frame", false, 3 * kHour, send_largest, 0, nullptr},
      {"lie-roster", false, 2 * kHour, roll_back, 20 * kMinute, claim_roster},
  };
}

}  // namespace simpul::sim
