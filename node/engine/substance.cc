#include "node/engine/substance.h"

#include <algorithm>
#include <set>
#include <unordered_set>

#include "crypto/sealed_box.h"
#include "node/engine/erasing.h"
#include "protocol/entitlement.h"

namespace simpul {
namespace {

void keep_key(Step& step, const Digest& digest, BytesView key) {
  step.tables.packets.put_key(
      digest, {.vault_version = step.self.vault_version(),
               .wrapped = wrap_key(key, step.self.vault_key().view(), digest.view(), step.random)});
}

Result<SecretBytes> held_key(Tables& tables, const Identity& self, const Digest& digest) {
  const auto wrapped = tables.packets.key(digest);
  if (!wrapped) return fail(ErrorCode::kNotEntitled, "this node holds no key for this text");
  const auto vault = self.keys.vault.find(wrapped->vault_version);
  if (vault == self.keys.vault.end()) {
    return fail(ErrorCode::kWrongKey, "the vault key this text's key is kept under is gone");
  }
  return unwrap_key(wrapped->wrapped, vault->second.view(), digest.view());
}

// Opens the packet held for us, if any, once the event's commitment is known.
void open_packet_for_us(Step& step, const EnclosureCommitment& commitment) {
  const Digest& digest = commitment.digest;
  if (step.tables.packets.key(digest)) return;
  // Any member may send packets: a false one must not hide a true one. Of one sender the newest
  // counts, so each may take back its own and no other.
  std::set<MemberId> seen;
  auto packets = step.tables.packets.of(digest);
  std::ranges::sort(packets, std::ranges::greater{}, &NumberedPacket::number);
  for (const auto& [number, packet] : packets) {
    if (packet.to != step.self.member || !seen.insert(packet.from).second) continue;
    if (packet.withdrawn) continue;
    const auto sealing = step.self.keys.sealing.find(packet.sealing_version);
    if (sealing == step.self.keys.sealing.end()) continue;
    const auto key = open_sealed(packet.sealed, sealing->second);
    if (key && key_matches(key->view(), commitment)) {
      keep_key(step, digest, key->view());
      return;
    }
    step.alert("bad-key-packet", "A key packet from " + packet.from.text() + " for case " +
                                     packet.case_id.text() +
                                     " does not fit its enclosure; ask them to send it again.");
  }
}

std::unordered_set<EventHash> hashes_that_count(const CaseState& state) {
  std::unordered_set<EventHash> counting;
  for (const Judged& judged : state.events) {
    if (judged.verdict == Verdict::kEffective || judged.verdict == Verdict::kSuperseded) {
      counting.insert(judged.hash);
    }
  }
  return counting;
}

std::unordered_set<EventHash> hashes_that_are_void(const CaseState& state) {
  std::unordered_set<EventHash> voided;
  for (const Judged& judged : state.events) {
    if (judged.verdict == Verdict::kVoid) voided.insert(judged.hash);
  }
  return voided;
}

void send_packet(Step& step, const CaseId& id, const Digest& digest, BytesView key,
                 const Member& to) {
  auto sealed = seal(key, to.sealing, step.random);
  if (!sealed) {
    step.alert("bad-sealing-key", "The roster's sealing key of " + to.id.text() +
                                      " cannot be used: " + sealed.error().message);
    return;
  }
  KeyPacket packet{.enclosure = digest,
                   .case_id = id,
                   .from = step.self.member,
                   .to = to.id,
                   .sealing_version = to.sealing_version,
                   .sealed = std::move(*sealed)};
  sign_packet(packet, step.self.keys.signing);
  const PacketNumber number{step.tables.packets.put(packet).number};
  step.tables.mailboxes.append(to.id, number);
  if (to.kind == MemberKind::kHub) return;
  for (const Member& hub : step.roster.members) {
    if (hub.kind == MemberKind::kHub && hub.id != step.self.member) {
      step.tables.mailboxes.append(hub.id, number);
    }
  }
}

// Declined, and with no part in the case since: packets still under way stay shut.
bool stands_outside(const Step& step, const CaseFile& file) {
  const bool offered = file.state.offer && file.state.offer->to == step.self.member;
  if (step.is_hub() || offered || has_been_custodian(file.state, step.self.member)) return false;
  return std::ranges::any_of(file.events, [&](const CaseEvent& held) {
    return held.event.kind == EventKind::kDeclined &&
           held.event.position.journal.member == step.self.member;
  });
}

// In what came now: written just now, or come back after a loss of data.
bool declined_now(const Step& step, const CaseFile& file) {
  return std::ranges::any_of(file.events, [&](const CaseEvent& held) {
    return held.event.kind == EventKind::kDeclined &&
           held.event.position.journal.member == step.self.member && file.has_arrived(held.hash);
  });
}

// Of a link that names this node: it may read why, whatever it declined.
bool is_told_why(const Step& step, const CaseFile& file, const Event& event) {
  return event.kind == EventKind::kLinked && is_linked_with(file.state, step.self.member);
}

// Its packets stay, and stay shut.
void erase_keys(Step& step, const CaseFile& file) {
  for (const CaseEvent& held : file.events) {
    if (held.event.position.journal.member == step.self.member) continue;
    if (is_told_why(step, file, held.event)) continue;
    for (const EnclosureRef& ref : held.event.enclosures) {
      step.tables.packets.erase_key(ref.commitment.digest);
      step.tables.enclosures.forget_want(ref.commitment.digest);
    }
  }
}

// For whom a hub is to hold the ciphertext of an enclosure that it learns of now.
std::vector<MemberId> relay_recipients(Step& step, const CaseFile& file, const Event& event,
                                       const EnclosureRef& ref, std::span<const MemberId> joined) {
  std::vector<MemberId> recipients;
  if (!step.is_hub()) return recipients;
  const bool is_new = !step.tables.enclosures.get(ref.commitment.digest);
  for (const MemberId& member : entitled(ref.role, event.kind, file.state, step.roster)) {
    const bool due = is_new || std::ranges::find(joined, member) != joined.end();
    const Member* listed = step.roster.find(member);
    const bool lives_by_relay =
        !step.roster.is_hub(member) && member != event.position.journal.member;
    const bool may_come = !listed || !listed->suspended;  // who is reinstated asks
    if (due && lives_by_relay && may_come) recipients.push_back(member);
  }
  return recipients;
}

// The packet overtook a roster, or is nobody's.
std::unexpected<Error> not_listed(const Step& step, const char* relation, const MemberId& member) {
  return fail(ErrorCode::kNotEntitled, std::string("a key packet ") + relation + " " +
                                           member.text() + " came, whom roster version " +
                                           std::to_string(step.roster.version) + " lacks");
}

void release_case(Step& step, const CaseFile& file, const MemberId& recipient) {
  for (const CaseEvent& held : file.events) {
    for (const EnclosureRef& ref : held.event.enclosures) {
      release_relayed(step, ref.commitment.digest, recipient);
    }
  }
}

}  // namespace

Result<Draft> draft_enclosure(EnclosureRole role, std::string_view media_type,
                              std::string_view name, BytesView bytes, Random& random) {
  SIMPUL_TRY(content, encode_content(media_type, name, bytes));
  SIMPUL_TRY(sealed, seal_enclosure(content.view(), random));
  return Draft{role, std::move(sealed)};
}

void keep_drafts(Step& step, const std::vector<Draft>& drafts, const CaseId& id,
                 const EventPosition& position) {
  for (const Draft& draft : drafts) {
    const Digest& digest = draft.sealed.commitment.digest;
    step.tables.enclosures.add(draft.ref(), id, position);
    for (std::size_t index = 0; index < draft.sealed.chunks.size(); ++index) {
      step.tables.enclosures.put_chunk(digest, index, draft.sealed.chunks[index]);
    }
    keep_key(step, digest, draft.sealed.key.view());
  }
}

Result<EnclosureContent> read_enclosure(Tables& tables, const Identity& self,
                                        const Digest& digest) {
  const auto record = tables.enclosures.get(digest);
  if (!record) return fail(ErrorCode::kNotFound, "no such enclosure is known here");
  if (record->destroyed) return fail(ErrorCode::kNotFound, "this text was erased here");
  SIMPUL_TRY(key, held_key(tables, self, digest));
  std::vector<Bytes> chunks;
  for (std::uint64_t index = 0; index < record->ref.commitment.chunk_count(); ++index) {
    auto chunk = tables.enclosures.chunk(digest, index);
    if (!chunk) return fail(ErrorCode::kNotYet, "this text has not arrived whole yet");
    chunks.push_back(std::move(*chunk));
  }
  SIMPUL_TRY(plain, open_enclosure(chunks, key.view(), record->ref.commitment));
  return decode_content(plain.view());
}

bool hands_on_keys(const Step& step, const CaseState& state, std::span<const CaseEvent> events) {
  const MemberId& self = step.self.member;
  if (state.custodian == self) return true;
  const auto is_ruling = [&](const EventHash& token) {
    return std::ranges::any_of(events, [&](const CaseEvent& event) {
      return event.hash == token && event.event.kind == EventKind::kRuled;
    });
  };
  for (std::size_t i = 1; i < state.route.size(); ++i) {
    const bool theirs = self == state.id.origin() || self == state.route[i - 1].custodian;
    if (theirs && is_ruling(state.route[i].token)) return true;
  }
  return false;
}

void distribute_keys(Step& step, const CaseFile& file) {
  const CaseState& state = file.state;
  const bool hands_on = hands_on_keys(step, state, file.events);
  const bool was_private = std::ranges::any_of(file.events, [](const CaseEvent& held) {
    return held.event.kind == EventKind::kPrivacyChanged;
  });
  const auto erased = hashes_erased(state);
  std::optional<std::unordered_set<EventHash>> counting;
  for (const CaseEvent& held : file.events) {
    const Event& event = held.event;
    const EventHash& epoch = event.kind == EventKind::kOpened ? held.hash : event.epoch;
    const bool is_own = event.position.journal.member == step.self.member;
    // What privacy kept from the custodian only its author can give it.
    const bool gives = hands_on || (is_own && (was_private || epoch == state.epoch));
    if (event.enclosures.empty() || !gives || erased.contains(held.hash)) continue;
    if (!counting) counting = hashes_that_count(state);
    if (!counting->contains(held.hash)) continue;
    for (const EnclosureRef& ref : event.enclosures) {
      const Digest& digest = ref.commitment.digest;
      for (const MemberId& to : entitled(ref.role, event.kind, state, step.roster)) {
        const Member* member = step.roster.find(to);
        const bool has_it = to == step.self.member || to == event.position.journal.member ||
                            step.tables.packets.newest(digest, to);
        if (has_it || !member || member->suspended) continue;
        const auto key = held_key(step.tables, step.self, digest);
        if (key) send_packet(step, state.id, digest, key->view(), *member);
      }
    }
  }
}

void register_enclosures(Step& step, const CaseFile& file, const AudienceChange& change) {
  const bool outside = stands_outside(step, file);
  if (step.is_hub()) {
    for (const MemberId& member : change.left) release_case(step, file, member);
  }
  const auto erased = hashes_erased(file.state);
  std::optional<std::unordered_set<EventHash>> voided;
  for (const CaseEvent& held : file.events) {
    if (!file.is_fresh(held.hash) || erased.contains(held.hash)) continue;
    std::set<MemberId> brought_again;
    for (const EnclosureRef& ref : held.event.enclosures) {
      const Digest& digest = ref.commitment.digest;
      const bool ours = step.tables.packets.newest(digest, step.self.member).has_value();
      auto recipients = relay_recipients(step, file, held.event, ref, change.joined);
      if (step.is_hub() && recipients.empty() && !ours) continue;
      step.tables.enclosures.add(ref, file.state.id, held.event.position);
      if (!recipients.empty() && !voided) voided = hashes_that_are_void(file.state);
      // Nobody is given a key of it. Should it come to count, whoever has one asks for it.
      if (!recipients.empty() && voided->contains(held.hash)) recipients.clear();
      for (const MemberId& member : recipients) {
        step.tables.enclosures.hold_for(digest, held.event.position.journal.member, member);
        const bool has_joined = std::ranges::find(change.joined, member) != change.joined.end();
        if (!file.has_arrived(held.hash) && !has_joined) brought_again.insert(member);
      }
      const bool barred = is_barred(ref.role, file.state, step.roster, step.self.member);
      const bool shut = outside && !is_told_why(step, file, held.event);
      if (!shut && !barred) open_packet_for_us(step, ref.commitment);
      const bool wanted = !recipients.empty() || step.tables.packets.key(digest);
      if (wanted) step.tables.enclosures.want(digest);
    }
    // Held only now, for who was brought the event long ago: it may have the enclosures since, and
    // say so only when it is brought the event again.
    for (const MemberId& member : brought_again) {
      step.tables.mailboxes.append(member, held.event.position);
    }
  }
  if (!outside) return;
  // After a loss of data keys and packets may come back before the own decline does. Packets that
  // come after it may be of a ruling, or of a new offer, that comes by another way: they stay shut,
  // and so do those that an event may be of which is pending still.
  erase_keys(step, file);
  const bool may_be_of_pending = file.state.pending_count > 0;
  if (declined_now(step, file) && !may_be_of_pending) {
    forget_packets_to(step, file, step.self.member);
  }
}

void release_relayed(Step& step, const Digest& digest, const MemberId& recipient) {
  if (!step.tables.enclosures.release(digest, recipient)) return;
  if (step.tables.packets.key(digest)) return;
  step.tables.enclosures.forget_want(digest);
  step.tables.enclosures.drop_chunks(digest);
}

Result<void> receive_packet(Step& step, const MemberId& sender, const KeyPacket& packet) {
  const Member* from = step.roster.find(packet.from);
  if (!from) return not_listed(step, "of", packet.from);
  if (sender != packet.from && !step.roster.is_hub(sender)) {
    return fail(ErrorCode::kNotAllowed,
                "a key packet of " + packet.from.text() + " came from " + sender.text());
  }
  const bool genuine = std::ranges::any_of(from->signing, [&](const SigningPeriod& period) {
    return verify_packet(packet, period.key);
  });
  if (!genuine) {
    return fail(ErrorCode::kBadSignature, "a key packet's signature is by no key of " +
                                              packet.from.text() + "'s that roster version " +
                                              std::to_string(step.roster.version) + " has");
  }
  const bool for_us = packet.to == step.self.member;
  if (!for_us && !step.is_hub()) {
    return fail(ErrorCode::kNotEntitled, "a key packet for " + packet.to.text() + " came here");
  }
  if (!for_us && !step.roster.find(packet.to)) return not_listed(step, "for", packet.to);
  const auto record = step.tables.enclosures.get(packet.enclosure);
  const bool erased = record && record->destroyed && record->case_id == packet.case_id;
  if (erased) return {};  // sent before its sender knew of that
  const auto put = step.tables.packets.put(packet);
  if (!put.is_new) return {};
  if (for_us) {
    step.recheck.insert(packet.case_id);
  } else {
    step.tables.mailboxes.append(packet.to, PacketNumber{put.number});
  }
  return {};
}

void destroy_keys(Step& step, const CaseFile& file) {
  if (has_been_custodian(file.state, step.self.member)) return;
  erase_keys(step, file);
  forget_packets_to(step, file, step.self.member);
}

void forget_packets_to(Step& step, const CaseFile& file, const MemberId& member) {
  for (const CaseEvent& held : file.events) {
    for (const EnclosureRef& ref : held.event.enclosures) {
      while (const auto packet = step.tables.packets.newest(ref.commitment.digest, member)) {
        if (!step.tables.packets.erase(packet->number)) break;
      }
    }
  }
}

}  // namespace simpul
