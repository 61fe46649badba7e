#include "node/engine/links.h"

#include <algorithm>
#include <set>

#include "node/engine/consistency.h"
#include "node/engine/patience.h"
#include "node/engine/pump.h"
#include "node/engine/router.h"
#include "node/engine/substance.h"

namespace simpul {
namespace {

constexpr std::uint32_t kFlushMs = 500;   // for a bye to leave
constexpr std::size_t kDoublingsMax = 5;  // of kCaseAgainMin
constexpr std::size_t kAskedMax = 10'000;

}  // namespace

void Links::up(Step& step, const LinkUp& event) {
  const Member* member = membership_.roster().find(event.peer);
  MemberId id = member ? member->id : MemberId{};
  if (const auto dialled = dialling_.find(event.link); dialled != dialling_.end() && !member) {
    id = dialled->second;  // a hub known from configuration alone
  }
  LinkOptions options;
  options.ping_interval = options_.ping_interval;
  options.dead_after = options_.link_dead_after;
  const LinkParty party{event.dialled ? LinkRole::kDialler : LinkRole::kListener,
                        step.self.federation, id};
  Peer& peer = peers_.add({.link = event.link,
                           .key = event.peer,
                           .member = id,
                           .dialled = event.dialled,
                           .session = LinkSession(options, party, step.random),
                           .up_since = step.now});
  peer.session.start(step.now);
  if (!event.dialled) return;
  if (membership_.admitted(step.self.member)) {
    peer.roster_stated = membership_.version();
    step.frames.emplace_back(event.link, hello_for(step, id));
  } else if (!enrol_on(step, peer)) {
    step.frames.emplace_back(event.link, RosterRequest{membership_.version()});
  }
}

// A request may be made before the link comes up, or after.
bool Links::enrol_on(Step& step, Peer& peer) {
  const bool asks = peer.dialled && !peer.open() && !peer.enrolling;
  auto request = asks ? membership_.pending_request(step.tables) : std::nullopt;
  if (!request) return false;
  peer.enrolling = true;
  step.frames.emplace_back(peer.link, Enrol{std::move(*request)});
  return true;
}

void Links::down(Step& step, const LinkDown& event) {
  ended(step, event.link, event.reason);
}

void Links::frame(Step& step, const FrameIn& event) {
  Peer* peer = peers_.by_link(event.link);
  if (!peer) return;
  if (!in_good_standing(step, *peer)) return;
  for (LinkAction& action : peer->session.receive(event.bytes, step.now)) {
    handle(step, *peer, action);
    peer = peers_.by_link(event.link);
    if (!peer) return;
  }
}

// A member may have been suspended, or its key replaced, since the link came up.
bool Links::in_good_standing(const Step& step, Peer& peer) {
  if (peer.member.empty() || peer.session.state() == LinkState::kClosed) return true;
  const Member* member = membership_.roster().find(peer.member);
  if (!member) {
    if (!membership_.admitted(step.self.member) || peer.dialled) return true;
    peer.session.close(ByeCode::kUnknownMember, peer.member.text() + " is no member any more",
                       step.now);
    return true;
  }
  if (member->transport == peer.key && !member->suspended) return true;
  peer.session.close(
      ByeCode::kSuspended,
      peer.member.text() + (member->suspended ? " is suspended" : " has another key"), step.now);
  return true;  // the session is closed: it refuses what came
}

void Links::handle(Step& step, Peer& peer, LinkAction& action) {
  if (const auto* close = std::get_if<Close>(&action)) {
    if (!close->by_peer && close->code != ByeCode::kShutdown) {
      step.log(LogLevel::kWarning, "link-refused",
               (peer.member.empty() ? std::string("a stranger") : peer.member.text()) + ": " +
                   close->reason);
    }
    if (peer.dialled && dialling_.contains(peer.link)) {
      DialState& dial = dials_[dialling_[peer.link]];
      dial.last_reason = close->reason;
      if (close->code == ByeCode::kReplaced) dial.backoff.reset();
    }
    closing_.push_back(peer.link);
    return;
  }
  Frame& frame = std::get<Deliver>(action).frame;
  if (const auto* hello = std::get_if<Hello>(&frame)) {
    on_hello(step, peer, *hello);
  } else if (const auto* subscribe = std::get_if<Subscribe>(&frame)) {
    on_subscribe(step, peer, *subscribe);
  } else if (const auto* journal = std::get_if<JournalRecords>(&frame)) {
    on_verdict(step, peer, intake_.receive(step, peer, *journal));
  } else if (const auto* mailbox = std::get_if<MailboxRecords>(&frame)) {
    on_verdict(step, peer, intake_.receive(step, peer, *mailbox));
  } else if (const auto* ack = std::get_if<Ack>(&frame)) {
    on_verdict(step, peer, intake_.receive(step, peer, *ack));
  } else if (const auto* request = std::get_if<CaseRequest>(&frame)) {
    if (entitled_to_case(step, peer.member, request->case_id)) {
      replies_.request(peer.link, request->case_id);
    } else {
      step.log(LogLevel::kWarning, "case-refused",
               peer.member.text() + " asked for " + request->case_id.text() +
                   ", whose audience it is not in");
    }
  } else if (const auto* heads = std::get_if<ConsistencyRequest>(&frame)) {
    answer_consistency(step, peer, *heads);
  } else if (const auto* chunks = std::get_if<EnclosureRequest>(&frame)) {
    fetcher_.serve(step, peer, *chunks);
  } else if (const auto* chunk = std::get_if<EnclosureChunk>(&frame)) {
    if (const auto result = fetcher_.receive(step, peers_, peer, *chunk); !result) {
      peer.session.close(ByeCode::kMalformed, result.error().message, step.now);
    }
  } else if (const auto* done = std::get_if<EnclosureDone>(&frame)) {
    release_relayed(step, done->digest, peer.member);
  } else if (std::holds_alternative<RosterRequest>(frame)) {
    if (auto bytes = step.tables.rosters.newest()) {
      step.frames.emplace_back(peer.link, RosterFrame{std::move(*bytes)});
    }
  } else if (const auto* roster = std::get_if<RosterFrame>(&frame)) {
    on_roster(step, peer, *roster);
  } else if (const auto* enrol = std::get_if<Enrol>(&frame)) {
    on_enrol(step, peer, *enrol);
  } else if (const auto* status = std::get_if<EnrolStatus>(&frame)) {
    membership_.note_status(step, *status);
  } else if (const auto* fork = std::get_if<ForkNotice>(&frame)) {
    on_fork_notice(step, peer, *fork);
  }
}

Hello Links::hello_for(Step& step, const MemberId& peer) {
  const auto heads = step.tables.journals.heads_of(peer);
  const auto own = step.tables.journals.heads_of(step.self.member);
  return {.federation = step.self.federation,
          .member = step.self.member,
          .roster_version = membership_.version(),
          .roster_hash = membership_.hash(),
          .held_of_you = heads.empty() ? "" : heads.back().checkpoint,
          .own_head = own.empty() ? "" : own.back().checkpoint,
          .software = options_.software};
}

void Links::on_enrol(Step& step, Peer& peer, const Enrol& enrol) {
  const EnrolStatus status = step.is_hub() ? membership_.receive_enrolment(step, peer.key, enrol)
                                           : EnrolStatus{EnrolState::kRejected, "not a hub"};
  step.frames.emplace_back(peer.link, status);
  const auto roster = step.tables.rosters.newest();
  if (status.state == EnrolState::kAdmitted && roster) {  // it may have missed when it came
    step.frames.emplace_back(peer.link, RosterFrame{*roster});
  }
}

void Links::on_hello(Step& step, Peer& peer, const Hello& hello) {
  const Member* member = membership_.roster().find(peer.key);
  if (membership_.version() == 0 && !peer.dialled) {
    // A hub that lost its data: whoever dials it has the roster.
    step.frames.emplace_back(peer.link, RosterRequest{0});
    return;
  }
  if (!member && !peer.dialled) {
    peer.session.close(ByeCode::kUnknownMember,
                       hello.member.text() + " is not in this node's roster with this key",
                       step.now);
    return;
  }
  if (member && (member->suspended || member->id != hello.member)) {
    peer.session.close(member->suspended ? ByeCode::kSuspended : ByeCode::kUnknownMember,
                       hello.member.text() + (member->suspended ? " is suspended in the roster"
                                                                : " has another key in the roster"),
                       step.now);
    return;
  }
  if (member) peer.member = member->id;  // listed since the link came up
  if (!peer.dialled) {
    peer.roster_stated = membership_.version();
    const auto sent = peer.session.send(hello_for(step, peer.member), step.now);
    if (!sent) return;
  }
  peer.roster_told = hello.roster_version;
  if (hello.roster_version > membership_.version()) {
    step.frames.emplace_back(peer.link, RosterRequest{membership_.version()});
  }
  on_open(step, peer);
}

void Links::on_open(Step& step, Peer& peer) {
  keep_one_link(step, peer);
  if (peer.session.state() != LinkState::kOpen) return;
  opened_[peer.link] = step.now;
  dials_[peer.member].last_open = step.now;
  step.log(LogLevel::kInfo, "link-up", "Link with " + peer.member.text() + " is open.");
  recovery_.observe(step, peer);
  const std::uint64_t newest = membership_.version();
  if (peer.roster_stated < newest && peer.roster_told < newest) {  // it came after our hello
    step.frames.emplace_back(peer.link, RosterFrame{*step.tables.rosters.newest()});
  }
  subscribe_all(step, peer);
  for (const Bytes& proof : step.tables.local.fork_proofs()) {
    peer.proofs_untold.insert(sha256(proof));
  }
  fetcher_.link_opened(step.now);
  consistency_.link_opened(step.now);
  for (auto& [id, asked] : asked_) {
    asked.again = std::min(asked.again, step.now + patience::kCaseAgainMin);
    asked.doublings = 0;
  }
}

void Links::subscribe_all(Step& step, Peer& peer) {
  const bool peer_is_hub = step.roster.is_hub(peer.member);
  if (step.is_hub()) {
    std::uint32_t newest = 1;
    if (const auto& hello = peer.session.peer_hello(); hello && !hello->own_head.empty()) {
      const auto parsed = parse_checkpoint(hello->own_head);
      const auto journal = parsed ? journal_of_origin(step.self.federation, parsed->origin)
                                  : fail(ErrorCode::kMalformed, "");
      if (journal && journal->member == peer.member) newest = journal->generation;
    }
    for (std::uint32_t generation = newest > 64 ? newest - 64 : 1; generation <= newest;
         ++generation) {
      subscribe_journal(step, peer, {peer.member, generation});
    }
  }
  // Who is suspended brings its own to nobody.
  for (const Member& member : step.roster.members) {
    if (!step.is_hub() || !peer_is_hub || !member.suspended) continue;
    const auto heads = step.tables.journals.heads_of(member.id);
    const std::uint32_t newest = heads.empty() ? 1 : heads.back().id.generation + 1;
    for (std::uint32_t generation = 1; generation <= newest; ++generation) {
      subscribe_journal(step, peer, {member.id, generation});
    }
  }
  for (const MemberId& member : options_.journal_subscriptions) {
    if (!peer_is_hub && peer.member != member) continue;
    const auto heads = step.tables.journals.heads_of(member);
    const std::uint32_t newest = heads.empty() ? 1 : heads.back().id.generation;
    for (std::uint32_t generation = 1; generation <= newest; ++generation) {
      subscribe_journal(step, peer, {member, generation});
    }
  }
  if (peer_is_hub) {
    for (const auto& [journal, held] : recovery_.wanted(step)) {
      step.frames.emplace_back(peer.link, Subscribe{.stream = {.journal = journal}, .from = held});
    }
  }
  const InboundCursor cursor = step.tables.mailboxes.inbound(peer.member);
  step.frames.emplace_back(
      peer.link, Subscribe{.stream = {.is_mailbox = true, .mailbox_generation = cursor.generation},
                           .from = cursor.sequence});
}

void Links::subscribe_journal(Step& step, Peer& peer, const JournalId& journal) {
  const auto head = step.tables.journals.head(journal);
  step.frames.emplace_back(
      peer.link, Subscribe{.stream = {.journal = journal}, .from = head ? head->held : 0});
  // The receipt may have been lost with the last link, or what is held came event by event.
  if (!head || head->held == 0 || journal.member != peer.member) return;
  if (const auto note = step.tables.journals.checkpoint_at(journal, head->held)) {
    step.frames.emplace_back(peer.link,
                             Ack{.stream = {.journal = journal},
                                 .cursor = head->held,
                                 .receipt = give_receipt(step, journal, head->held, *note)});
  }
}

// A journal goes to hubs, to its own author, and from a regency to its province.
void Links::on_subscribe(Step& step, Peer& peer, const Subscribe& subscribe) {
  if (subscribe.stream.is_mailbox) {  // always the connection's own member's
    const bool ours = subscribe.stream.mailbox_generation == step.tables.mailboxes.generation();
    if (ours && subscribe.from > step.tables.mailboxes.size(peer.member)) {
      // Data is restored before a start, so once is enough: no peer may have it done at will.
      if (std::exchange(mailboxes_renewed_, true)) {
        peer.session.close(ByeCode::kProtocol, "a mailbox cursor beyond the mailbox", step.now);
        return;
      }
      step.alert("restored", peer.member.text() +
                                 " has read further in its mailbox than it goes here: this node's "
                                 "data is older than that. Mailboxes begin anew.");
      step.tables.mailboxes.renew_generation(step.random.next_u64() | 1);
    } else if (ours) {  // the ack may have been lost with the last link
      step.tables.mailboxes.set_acked(peer.member, subscribe.from);
    }
    return;
  }
  const MemberId& author = subscribe.stream.journal.member;
  const bool province = peer.member.is_region() && author.is_region() &&
                        author.text().starts_with(peer.member.text() + ".");
  if (step.roster.is_hub(peer.member) || author == peer.member || province) return;
  peer.session.close(ByeCode::kNotEntitled,
                     peer.member.text() + " may not read the journal of " + author.text(),
                     step.now);
}

void Links::on_verdict(Step& step, Peer& peer, const IntakeVerdict& verdict) {
  if (verdict.kind == IntakeVerdict::Kind::kClose) {
    if (verdict.code == ByeCode::kStaleRoster) {
      (void)peer.session.send(RosterRequest{membership_.version()}, step.now);
    }
    peer.session.close(verdict.code, verdict.reason, step.now);
  } else if (verdict.kind == IntakeVerdict::Kind::kAgain) {
    step.log(LogLevel::kDebug, "resubscribe", verdict.reason);
    subscribe_all(step, peer);
  } else if (verdict.kind == IntakeVerdict::Kind::kSkipped) {
    step.log(LogLevel::kWarning, "records-skipped",
             "From " + peer.member.text() + ": " + verdict.reason);
  }
  for (const Bytes& proof : verdict.fork_proofs) tell_of_fork(proof, 0);
}

void Links::on_roster(Step& step, Peer& peer, const RosterFrame& frame) {
  const auto adopted = membership_.adopt(step, frame.signed_roster);
  if (!adopted) {
    step.log(LogLevel::kWarning, "roster-refused",
             "From " + peer.member.text() + ": " + adopted.error().message);
    return;
  }
  peer.roster_told = std::max(peer.roster_told, membership_.version());
  if (!*adopted) return;
  // A node that was just admitted begins anew with hellos.
  if (peer.session.state() != LinkState::kOpen && membership_.admitted(step.self.member)) {
    step.tables.meta.erase("enrolment-request");
    peer.session.close(ByeCode::kReplaced, "admitted: the link is made anew", step.now);
    if (peer.dialled) dials_[peer.member].backoff.reset();
  }
}

void Links::roster_changed(Step& step) {
  const auto bytes = step.tables.rosters.newest();
  for (auto& [link, peer] : peers_.all()) {
    if (!in_good_standing(step, *peer)) continue;  // silent peers must not go on receiving
    const bool enrolling = peer->session.state() == LinkState::kEnrolling;
    if (enrolling && peer->dialled && membership_.admitted(step.self.member)) {
      peer->session.close(ByeCode::kReplaced, "admitted: the link is made anew", step.now);
      dials_[peer->member].backoff.reset();
      continue;
    }
    if (enrolling && !peer->dialled) {
      const Member* member = membership_.roster().find(peer->key);
      if (!member) continue;
      step.frames.emplace_back(link, EnrolStatus{EnrolState::kAdmitted, "admitted"});
      if (bytes) step.frames.emplace_back(link, RosterFrame{*bytes});
    } else if (peer->open()) {
      const auto& hello = peer->session.peer_hello();
      const bool knows = hello && hello->roster_version >= membership_.version();
      if (bytes && !knows) step.frames.emplace_back(link, RosterFrame{*bytes});
    }
  }
  // A hub takes enrolments; a node that lost its roster hears whoever can give it back.
  const bool strangers = step.is_hub() || membership_.version() == 0;
  step.outputs.push_back(AdmissionOut{membership_.admission_table(step.tables, strangers)});
}

void Links::ask_for_missing(Step& step, const CaseState& state) {
  if (state.missing.empty()) {
    asked_.erase(state.id);
    return;
  }
  if (asked_.size() >= kAskedMax && !asked_.contains(state.id)) return;
  Asked& asked = asked_[state.id];
  if (asked.again > step.now) return;
  // Who wrote of the case holds what they cite, even where the missing event made them a party.
  std::set<MemberId> authors;
  const bool again = std::exchange(asked.again, step.now) != Instant{};
  if (std::exchange(asked.events, state.events.size()) != state.events.size()) asked.doublings = 0;
  const auto doublings = std::min(asked.doublings++, kDoublingsMax);
  asked.again += std::min(patience::kCaseAgainMin * (1 << doublings), patience::kCaseAgainMax);
  if (again) {
    for (const Judged& judged : state.events) authors.insert(judged.position.journal.member);
  }
  for (auto& [link, peer] : peers_.all()) {
    const bool knows =
        authors.contains(peer->member) || entitled_to_case(step, peer->member, state.id);
    if (peer->open() && knows) {
      step.frames.emplace_back(link, CaseRequest{state.id});
    }
  }
}

void Links::close_all(ByeCode code, const std::string& reason, Instant now) {
  for (auto& [link, peer] : peers_.all()) peer->session.close(code, reason, now);
  if (code != ByeCode::kReplaced) return;
  for (auto& [member, dial] : dials_) dial.backoff.reset();
}

void Links::tick(Step& step) {
  ticked_ = step.now;
  const bool outside = !membership_.admitted(step.self.member);
  std::vector<std::pair<Peer*, LinkActions>> due;
  for (auto& [link, peer] : peers_.all()) {
    if (outside) enrol_on(step, *peer);
    if (peer->open()) on_verdict(step, *peer, intake_.receive_early(step, *peer));
    judge_parked(step, *peer);
    if (const auto at = peer->session.timeout(); at && *at <= step.now) {
      due.emplace_back(peer.get(), peer->session.tick(step.now));
    }
  }
  for (auto& [peer, actions] : due) {
    for (LinkAction& action : actions) handle(step, *peer, action);
  }
  // An answer may be lost, or nobody was there to give it: what is still missing is asked for
  // again.
  for (const auto& [id, asked] : asked_) {
    if (asked.again <= step.now) step.recheck.insert(id);
  }
  dial_who_is_due(step);
}

void Links::release(Step& step, const std::vector<std::pair<LinkId, Frame>>& frames,
                    Outputs& outputs) {
  // First, so that what contradicts the peer's own history finds it told of the fork.
  for (auto& [link, peer] : peers_.all()) send_proofs(step, *peer);
  for (const auto& [link, frame] : frames) {
    Peer* peer = peers_.by_link(link);
    if (!peer) continue;
    // What cannot be sent now is asked or told again: nothing here is the only copy.
    if (const auto sent = peer->session.send(frame, step.now); !sent) {
      outputs.push_back(LogOut{LogLevel::kDebug, "frame-not-sent",
                               std::string(name_of(frame)) + ": " + sent.error().message});
      // But for the roster, by which the peer judges all that follows: it hears of it anew.
      if (std::holds_alternative<RosterFrame>(frame) && peer->open()) {
        peer->session.close(ByeCode::kReplaced, "the roster could not be sent", step.now);
      }
    }
  }
  Pump pump{step.tables, step.self, membership_.roster(), step.now};
  replies_.release(pump, peers_);
  for (auto& [link, peer] : peers_.all()) {
    pump.fill(*peer);
    while (const Bytes* bytes = peer->session.next_out()) {
      outputs.push_back(SendOut{link, *bytes});
      peer->session.pop_out();
    }
    // A session closed meanwhile reports it here.
    if (peer->session.state() == LinkState::kClosed) {
      for (const LinkAction& action : peer->session.tick(step.now)) {
        if (const auto* close = std::get_if<Close>(&action)) {
          const std::string who = peer->member.empty() ? "a stranger" : peer->member.text();
          outputs.push_back(LogOut{LogLevel::kWarning, "link-refused", who + ": " + close->reason});
          closing_.push_back(link);
        }
      }
    }
  }
  for (const LinkId link : std::exchange(closing_, {})) {
    outputs.push_back(CloseOut{link, kFlushMs});
  }
}

void Links::abandon(Outputs& outputs) {
  replies_.forget_all();
  closing_.clear();
  mailboxes_renewed_ = false;  // if it was in this step, it was not
  for (const auto& [link, peer] : peers_.all()) outputs.push_back(CloseOut{link, 0});
}

Instant Links::next_wake() const {
  Instant wake = ticked_ + patience::kTick;
  for (const auto& [link, peer] : peers_.all()) {
    if (const auto at = peer->session.timeout()) wake = std::min(wake, *at);
  }
  for (const auto& [member, dial] : dials_) {
    if (!dial.link && dial.next > ticked_) wake = std::min(wake, dial.next);
  }
  return wake;
}

}  // namespace simpul
