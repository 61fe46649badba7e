// Lines that do with frames, once decrypted, what no line could.
#include "protocol/checkpoint.h"
#include "protocol/frame.h"
#include "tests/simulation/bugs.h"

namespace simpul::sim {
namespace {

template <class Kind>
std::optional<Kind> as(const Bytes& bytes) {
  const auto frame = decode_frame(bytes);
  if (!frame || !std::holds_alternative<Kind>(*frame)) return std::nullopt;
  return std::get<Kind>(*frame);
}

bool is_hub(const MemberNode& node) {
  return node.kind == MemberKind::kHub;
}

// What a hub has for one member reaches another.
void misdeliver(Stage& stage) {
  stage.world.twins.send = [&stage](MemberNode& from, MemberNode& to, LinkId, Bytes& frame) {
    if (stage.world.now() < kBugBegins || !is_hub(from)) return true;
    if (!as<MailboxRecords>(frame)) return true;
    MemberNode& other = draw_victim(stage);
    const auto link = stage.world.network().link_between(from.index, other.index);
    if (&other == &to || !link) return true;
    stage.world.on_sent(from, *link, frame);
    stage.world.network().send(from.index, *link, frame);
    return true;
  };
}

// Records never arrive at a hub, and somebody signs for them with the hub's key.
void forge_acks(Stage& stage) {
  World& world = stage.world;
  world.twins.send = [&world](MemberNode& from, MemberNode& to, LinkId, Bytes& frame) {
    const auto records = world.now() < kBugBegins || !is_hub(to) || is_hub(from)
                             ? std::nullopt
                             : as<JournalRecords>(frame);
    if (!records) return true;
    const auto link = world.network().link_between(to.index, from.index);
    if (!link) return true;
    const std::string receipt =
        cosign(records->checkpoint, cosigner_name(to.identity.federation, to.identity.member),
               to.identity.keys.signing, to.local(world.now()));
    const Ack ack{.stream = {.journal = records->journal},
                  .cursor = records->first + records->events.size(),
                  .receipt = receipt};
    world.network().send(to.index, *link, *encode_frame(ack));
    return false;
  };
}

// A hub sends ciphertext once more than it was asked to.
void repeat_chunks(Stage& stage) {
  stage.world.twins.send = [&stage](MemberNode& from, MemberNode&, LinkId link, Bytes& frame) {
    if (is_hub(from) && as<EnclosureChunk>(frame)) {
      stage.world.network().send(from.index, link, frame);
    }
    return true;
  };
}

bool offers_to(const MemberNode& to, const ProvedGroup& group) {
  return std::ranges::any_of(group.events, [&](const SparseEvent& sparse) {
    const auto event = decode_event(sparse.bytes);
    const auto* forwarded = event ? std::get_if<Forwarded>(&event->body) : nullptr;
    return forwarded && forwarded->to == to.identity.member;
  });
}

// Groups of a mailbox or a reply that are left out, while its cursor moves on.
void leave_out(Stage& stage, bool (*unwanted)(const MemberNode& to, const ProvedGroup&)) {
  World& world = stage.world;
  world.twins.send = [&world, unwanted](MemberNode&, MemberNode& to, LinkId, Bytes& frame) {
    auto records =
        world.now() < kBugBegins || is_hub(to) ? std::nullopt : as<MailboxRecords>(frame);
    if (!records) return true;
    std::erase_if(records->groups, [&](const ProvedGroup& group) { return unwanted(to, group); });
    frame = *encode_frame(*records);
    return true;
  };
}

void drop_mailbox_items(Stage& stage) {
  leave_out(stage, [](const MemberNode&, const ProvedGroup& group) {
    return std::ranges::any_of(group.events, [](const SparseEvent& sparse) {
      const auto event = decode_event(sparse.bytes);
      return event && (event->kind == EventKind::kClosed || event->kind == EventKind::kAnswered);
    });
  });
}

void drop_offers(Stage& stage) {
  leave_out(stage, offers_to);
}

// One member's journal reaches no hub.
void withhold_journal(Stage& stage) {
  stage.world.twins.send = [&victim = draw_victim(stage)](MemberNode& from, MemberNode& to, LinkId,
                                                          Bytes& frame) {
    return &from != &victim || !is_hub(to) || !as<JournalRecords>(frame);
  };
}

// A sender heeds no credit: what it has it sends again and again.
void send_without_end(Stage& stage) {
  auto times = std::make_shared<int>(0);
  stage.world.twins.send = [&stage, times](MemberNode& from, MemberNode&, LinkId link,
                                           Bytes& frame) {
    if (stage.world.now() < kBugBegins || frame.size() < 500 || ++*times > 1) return true;
    for (int i = 0; i < 60'000; ++i) stage.world.network().send(from.index, link, frame);
    return true;
  };
}

// A sender sends a few records more than it was given credit for.
void overdraw(Stage& stage) {
  stage.world.twins.send = [&stage](MemberNode& from, MemberNode&, LinkId link, Bytes& frame) {
    if (stage.world.now() < kBugBegins || !as<JournalRecords>(frame)) return true;
    for (std::size_t sent = 0; sent < (5u << 20); sent += frame.size()) {
      stage.world.on_sent(from, link, frame);
    }
    return true;
  };
}

// A receiver grants ten times what it has room for.
void grant_too_much(Stage& stage) {
  stage.world.twins.send = [&stage](MemberNode&, MemberNode&, LinkId, Bytes& frame) {
    auto subscribe = as<Subscribe>(frame);
    if (stage.world.now() < kBugBegins || !subscribe) return true;
    subscribe->credit_bytes *= 10;
    frame = *encode_frame(*subscribe);
    return true;
  };
}

// No proof of a fork reaches a member: each is left with what it sees for itself.
void lose_fork_proofs(Stage& stage) {
  stage.world.twins.send = [lie = stage.world.twins.send](MemberNode& from, MemberNode& to,
                                                          LinkId link, Bytes& frame) {
    if (!is_hub(to) && as<ForkNotice>(frame)) return false;
    return !lie || lie(from, to, link, frame);
  };
}

}  // namespace

std::vector<Bug> line_bugs() {
  return {
      {"misdelivered", kEntitledOnly, 5, "a hub's frames for one member reach another", misdeliver},
      {"acks-forged", kAcknowledgedSurvives, 3, "records are lost and their receipt is forged",
       forge_acks},
      {"mailbox-items-dropped", kOffersDelivered, 3,
       "a mailbox skips answers and closings and moves its cursor", drop_mailbox_items},
      {"offers-dropped", kOffersDelivered, 3, "an offer never reaches its offeree", drop_offers},
      {"journal-withheld", kConvergence, 3, "a member's journal reaches no hub", withhold_journal},
      {"credit-overdrawn", kBounded, 3, "a sender sends more records than it has credit for",
       overdraw},
      {"credit-unbounded", kBounded, 3, "a receiver grants more than its window", grant_too_much},
      {"credit-ignored", kBounded, 3, "a sender sends without regard to credit", send_without_end},
      {"chunks-repeated", kNotRefused, 3, "a hub sends ciphertext that nobody asked for",
       repeat_chunks},
      {"fork-proofs-lost", kForkProved, 20, "no proof of a fork reaches a member", lose_fork_proofs,
       true},
  };
}

}  // namespace simpul::sim
