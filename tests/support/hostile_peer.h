// A peer on the memory network that holds a member's keys, or a stranger's, and does what the
// test says: every frame, legal or not, is the test's. It answers pings and nothing else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/support/federation.h"
#include "tests/support/forged_journal.h"

namespace simpul::test {

class HostilePeer {
 public:
  // Takes the place of a member of the federation, whose engine is stopped. Where the roster
  // gives it an endpoint it listens there and welcomes who dials.
  HostilePeer(Federation& federation, const std::string& member);
  // A stranger, known to no roster, that says it is `member`.
  static std::unique_ptr<HostilePeer> stranger(Federation& federation, const std::string& member);

  // Dials, says hello and waits for the welcome. False if it was refused.
  bool open(const std::string& victim);
  void dial(const std::string& victim);
  // Until a member that dials us has said hello and was welcomed.
  bool wait_for_dialler();

  void send(const Frame& frame);
  void send_raw(Bytes bytes);
  Hello hello() const;
  // Grants credit for a stream, or as little as that.
  void subscribe(const StreamId& stream, std::uint64_t from, std::uint64_t credit_bytes);
  // A mailbox frame that follows those sent before on this link.
  void send_mailbox(std::vector<ProvedGroup> groups, std::vector<KeyPacket> packets = {});

  // Stops, or goes on with, taking what arrives.
  void set_reading(bool reads);
  void answer_pings(bool answers) { answers_pings_ = answers; }

  template <class Kind>
  std::vector<Kind> received() const {
    std::vector<Kind> found;
    for (const Frame& frame : frames_) {
      if (const auto* one = std::get_if<Kind>(&frame)) found.push_back(*one);
    }
    return found;
  }
  std::vector<Bytes>& raw() { return raw_; }  // every frame as it came
  bool up() const { return link_ != 0; }
  std::string bye() const;  // the reason of the last Bye; empty if none came
  void forget();            // what was received
  bool run_until_down();
  bool run_until_acked(std::uint64_t cursor);

  Federation& federation() { return federation_; }
  const Identity& identity() const { return identity_; }
  ForgedJournal journal(std::uint32_t generation = 1) const {
    return ForgedJournal({identity_.member, generation}, identity_);
  }
  CaseId new_case() { return CaseId::make(identity_.member, random_); }
  MemoryTransport& transport() { return *transport_; }

 private:
  HostilePeer(Federation& federation, std::unique_ptr<Identity> own);
  void attach(const std::string& name, const std::string& endpoint);
  void take(TransportEvent&& event);

  Federation& federation_;
  std::unique_ptr<Identity> own_;
  const Identity& identity_;
  SeededRandom random_{99};
  std::unique_ptr<MemoryTransport> transport_;
  LinkId link_ = 0;
  bool reads_ = true, answers_pings_ = true, dialled_ = false;
  std::uint64_t mailbox_sequence_ = 0;
  std::vector<Frame> frames_;
  std::vector<Bytes> raw_;
};

// The federation of most tests in which 34 is hostile; whether 51 takes direct links.
inline std::vector<Federation::Seat> hostile_seats(bool direct = false) {
  return {{"hub", MemberKind::kHub},
          {"51", MemberKind::kProvince, direct},
          {"51.03", MemberKind::kRegency},
          {"34", MemberKind::kProvince}};
}

// What a node holds, as text to compare: journal heads, events of cases, mailboxes.
std::string holdings(Federation& federation, const std::string& id);
// Whether a node logged an `event` whose text contains `part`.
bool logged(Federation& federation, const std::string& id, const std::string& event,
            const std::string& part = "");
std::size_t alerts(Federation& federation, const std::string& id, const std::string& code);
// Whether a new case at `from` still becomes known at `to`, which must be a hub.
bool work_goes_on(Federation& federation, const std::string& from, const std::string& to);

}  // namespace simpul::test
