// Keys and words in hands that they are not for.
#include "crypto/sealed_box.h"
#include "protocol/frame.h"
#include "tests/simulation/bugs.h"

namespace simpul::sim {
namespace {

// After every step of every node from kBugBegins on.
void after_commits(Stage& stage, std::function<void(MemberNode&, Tables&)> change) {
  World& world = stage.world;
  world.twins.committed = [&world, change = std::move(change)](MemberNode& node) {
    if (world.now() < kBugBegins) return;
    tamper(node, [&](Tables& tables) { change(node, tables); });
  };
}

// Whoever seals a key seals it to one member more, whichever that is.
void seal_to_stranger(Stage& stage) {
  after_commits(stage, [&stage, last = std::map<std::size_t, std::uint64_t>()](
                           MemberNode& node, Tables& tables) mutable {
    std::uint64_t& seen = last[node.index];
    const std::uint64_t newest = last_packet(tables);
    if (newest <= seen) return;
    seen = newest;
    auto packet = tables.packets.get(newest);
    const MemberNode& stranger = *stage.random.pick(stage.world.nodes());
    if (!packet || packet->from != node.identity.member || packet->to == stranger.identity.member) {
      return;
    }
    packet->to = stranger.identity.member;
    const auto& sealing = stranger.identity.keys.sealing.rbegin()->second.seal_key();
    packet->sealed = *seal(stage.random.bytes(32), sealing, stage.random);
    sign_packet(*packet, node.identity.keys.signing);
    seen = tables.packets.put(*packet).number;
  });
}

// A key, once held, is there again whenever it was destroyed: with its text, or without.
template <bool kErased>
void keep_keys(Stage& stage) {
  using Keys = std::map<Digest, WrappedKey>;
  after_commits(
      stage, [held = std::map<std::size_t, Keys>()](MemberNode& node, Tables& tables) mutable {
        Keys& kept = held[node.index];
        tables.packets.visit_keys(std::nullopt, [&](const Digest& digest, const WrappedKey& key) {
          kept.emplace(digest, key);
          return true;
        });
        for (const auto& [digest, key] : kept) {
          const auto record = tables.enclosures.get(digest);
          const bool erased = record && record->destroyed;
          if (erased == kErased && !tables.packets.key(digest)) tables.packets.put_key(digest, key);
        }
      });
}

// A key that nobody sealed to it turns up at a member.
void leak_key(Stage& stage) {
  after_commits(stage, [&stage](MemberNode& node, Tables& tables) {
    if (node.kind == MemberKind::kHub) return;
    tables.cases.visit_ids([&](const CaseId& id) {
      for (const CaseEvent& held : tables.cases.events_of(id)) {
        for (const EnclosureRef& ref : held.event.enclosures) {
          if (tables.packets.key(ref.commitment.digest)) continue;
          tables.packets.put_key(ref.commitment.digest, {1, stage.random.bytes(72)});
          return false;
        }
      }
      return true;
    });
  });
}

// What an officer writes stays beside what it was sealed into.
void keep_plaintext(Stage& stage) {
  auto words = std::make_shared<std::string>();
  stage.world.twins.before_step = [words](MemberNode& node) {
    for (const Input& input : node.inbox) {
      const auto* command = std::get_if<CommandInput>(&input);
      if (command && command->arguments.contains("text")) *words = command->arguments["text"];
    }
  };
  after_commits(stage, [words](MemberNode&, Tables& tables) {
    if (!words->empty()) tables.meta.put("draft", as_bytes(std::exchange(*words, "")));
  });
}

}  // namespace

std::vector<Bug> key_bugs() {
  return {
      {"sealed-to-stranger", kEntitledOnly, 3, "a key is sealed to somebody not entitled",
       seal_to_stranger},
      {"keys-kept", kEntitledOnly, 5, "keys survive a decline", keep_keys<false>},
      {"erased-keys-kept", kErasedEverywhere, 5, "keys survive an erasure", keep_keys<true>},
      {"key-leaked", kEntitledOnly, 3, "a member holds a key that nobody sealed to it", leak_key},
      {"plaintext-kept", kEntitledOnly, 3, "an officer's words stay on the disk in the clear",
       keep_plaintext},
  };
}

}  // namespace simpul::sim
