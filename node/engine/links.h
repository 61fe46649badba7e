// The engine's side of links: who may talk, what each frame means, whom to dial and when. Turns
// frames into work for the other parts and notes what must be sent. Not thread-safe; owned by
// the engine.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "node/engine/case_files.h"
#include "node/engine/case_replies.h"
#include "node/engine/fetcher.h"
#include "node/engine/intake.h"
#include "node/engine/membership.h"
#include "node/engine/peers.h"
#include "node/engine/recovery.h"
#include "node/engine/step.h"

namespace simpul {

class Consistency;

class Links {
 public:
  Links(const EngineOptions& options, Membership& membership, Intake& intake,
        Consistency& consistency, Fetcher& fetcher, Recovery& recovery)
      : options_(options),
        membership_(membership),
        intake_(intake),
        consistency_(consistency),
        fetcher_(fetcher),
        recovery_(recovery) {}

  void up(Step& step, const LinkUp& event);
  void frame(Step& step, const FrameIn& event);
  void down(Step& step, const LinkDown& event);
  void dialled(const MemberId& member, LinkId link);

  // Pings, deadlines, redials.
  void tick(Step& step);
  // A roster came into force: tells everyone, ends links of those no longer in good standing.
  void roster_changed(Step& step);
  // Asks whoever may know for cases whose events cite what is not here.
  void ask_for_missing(Step& step, const CaseState& state);
  // Ends every link so that they are made anew.
  void close_all(ByeCode code, const std::string& reason, Instant now);

  // After the commit: frames of the step, records of streams, answers to case requests.
  void release(Step& step, const std::vector<std::pair<LinkId, Frame>>& frames, Outputs& outputs);
  // After a failed commit: what was received is not durable, so it must come again.
  void abandon(Outputs& outputs);

  // When tick() wants to be called at the latest; may be past.
  Instant next_wake() const;
  Peers& peers() { return peers_; }
  const std::map<MemberId, DialState>& dials() const { return dials_; }

 private:
  void handle(Step& step, Peer& peer, LinkAction& action);
  void on_hello(Step& step, Peer& peer, const Hello& hello);
  void on_enrol(Step& step, Peer& peer, const Enrol& enrol);
  void on_open(Step& step, Peer& peer);
  void on_subscribe(Step& step, Peer& peer, const Subscribe& subscribe);
  void on_verdict(Step& step, Peer& peer, const IntakeVerdict& verdict);
  void on_fork_notice(Step& step, Peer& peer, const ForkNotice& notice);
  void judge_parked(Step& step, Peer& peer);
  void tell_of_fork(const Bytes& proof, LinkId but_not);
  void send_proofs(const Step& step, Peer& peer);
  void on_roster(Step& step, Peer& peer, const RosterFrame& frame);
  bool enrol_on(Step& step, Peer& peer);
  void subscribe_all(Step& step, Peer& peer);
  void subscribe_journal(Step& step, Peer& peer, const JournalId& journal);
  void keep_one_link(Step& step, Peer& peer);
  bool in_good_standing(const Step& step, Peer& peer);
  Hello hello_for(Step& step, const MemberId& peer);
  void ended(Step& step, LinkId link, const std::string& reason);
  void dial_who_is_due(Step& step);
  bool linked_lately(const MemberId& member, Instant now) const;
  std::map<MemberId, std::pair<std::string, TransportKey>> wanted_links(Step& step);

  const EngineOptions& options_;
  Membership& membership_;
  Intake& intake_;
  Consistency& consistency_;
  Fetcher& fetcher_;
  Recovery& recovery_;
  Peers peers_;
  std::map<MemberId, DialState> dials_;
  std::map<LinkId, MemberId> dialling_;
  std::map<LinkId, Instant> opened_;  // when, of links that are up
  Instant ticked_{}, dialled_at_{};
  bool mailboxes_renewed_ = false;
  std::vector<LinkId> closing_;  // after their last frames, the bye among them
  struct Asked {
    Instant again{};            // not before; after the first, authors are asked too
    std::size_t doublings = 0;  // of the wait, since a link opened
    std::size_t events = 0;     // held then: what changes is no try in vain
  };
  std::map<CaseId, Asked> asked_;  // case requests
  CaseReplies replies_;            // to those of peers
};

}  // namespace simpul
