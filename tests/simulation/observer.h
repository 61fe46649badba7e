// Knows the truth: sees every event when its author commits it, and from then on demands it of
// everyone who has it or must have it. Looks at stores after each step and at nothing else of
// the product. The first thing that it finds broken ends the run. Not thread-safe.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/flow.h"
#include "tests/simulation/invariants.h"
#include "tests/simulation/model.h"
#include "tests/simulation/product_view.h"
#include "tests/simulation/truth.h"
#include "tests/simulation/world.h"

namespace simpul::sim {

class Observer {
 public:
  struct Broken {
    std::string invariant, words;
    std::string about;  // a case or a journal, to find its history by
  };

  Observer(World& world, std::uint64_t seed) : world_(world), random_(seed, "observer") {}

  // After a step of the node. Records what it authored, checks what reached it.
  void look(MemberNode& node);
  // What a command was answered: what is said to be recorded must be.
  void replied(MemberNode& node, const Json& answer);
  // A frame leaves the node, or reaches it.
  void sent(MemberNode& node, LinkId link, BytesView frame);
  void received(MemberNode& node, LinkId link, BytesView frame);
  // At its start everything stored was looked through: what was damaged must be found, and
  // nothing else.
  void data_checked(MemberNode& node, const Result<void>& sound);
  void logged(const MemberNode& node, const LogOut& log);
  // Its data is not what it was.
  void data_replaced(MemberNode& node);
  // One case at one node, whatever it holds of it: the product's fold against the model's, of all
  // events and of a consistent cut of them. And what the node could prove.
  void check_some_case(MemberNode& node);
  // What is under way between nodes stays within what the protocol allows.
  void check_bounds();
  // When everyone agrees: what must be there is there, covered by checkpoints, and no one accused
  // nor refused a link.
  void check_all();

  // Members that lie: what their own nodes hold and do is not judged.
  void distrust(std::set<MemberId> liars) { liars_ = std::move(liars); }
  // A liar begins to tell two histories of a journal; it wrote the next event of the second.
  void journal_settled(const JournalId& journal, std::uint64_t size) {
    truth_.settle(journal, size);
  }
  void journal_forked(const JournalId& journal, std::uint64_t from) { truth_.fork(journal, from); }
  void second_event(const EventPosition& position, BytesView bytes);
  // How many events of a case cite what nobody ever wrote, or wait for one that does.
  std::uint64_t pending_for_ever(const CaseId& id) const;

  // Twins that are wrong on purpose (bugs.h).
  Mutation mutation = Mutation::kNone;
  std::function<CaseView(const CaseId&, const std::vector<Fact>&, const Roster&)> fold =
      product_fold;

  const std::vector<Broken>& broken() const { return broken_; }
  const Truth& truth() const { return truth_; }
  std::uint64_t events() const { return truth_.size(); }
  std::uint64_t folds() const { return folds_; }
  // How far the bounds were used: bytes under way on a link, credit unspent on a stream, arrivals
  // not folded, inputs waiting.
  std::map<std::string, std::uint64_t> most() const;

 private:
  struct Seen {
    bool replaced = false;
    std::uint64_t arrivals = 0, packets = 0, roster = 0;
    std::map<JournalId, std::vector<EventHash>> held;  // by index; zero where not held
  };
  // A node's store, read at one moment.
  struct Reading {
    explicit Reading(MemberNode& at)
        : node(at), transaction(at.store->read()), tables(transaction) {}
    MemberNode& node;
    ReadTransaction transaction;
    Tables tables;
  };

  void arrived(Reading& at, const JournalId& journal, std::uint64_t index);
  void author(Reading& at, const EventPosition& position, BytesView bytes, const EventHash& hash);
  bool leads_to_liar(const MemberNode& node, LinkId link) const;
  void check_queues(Reading& at);
  void note_roster(Reading& at);
  void note_receipts(Reading& at);
  void note_packets(Reading& at);
  const Roster* roster_of(Reading& at);
  std::vector<Fact> facts_of(Reading& at, const CaseId& id);
  std::vector<Fact> draw_cut(const std::vector<Fact>& facts);
  std::vector<Fact> past_of(const std::vector<Fact>& facts, std::vector<EventHash> open) const;
  void check_not_frozen(Reading& at, const EventHash& hash);
  void check_timer(Reading& at, const EventHash& hash);

  void check_case(Reading& at, const CaseId& id);
  void check_fold(Reading& at, const CaseId& id, const std::vector<Fact>& facts,
                  const Roster& roster);
  void check_listing(Reading& at, const CaseId& id, const CaseView& expected);
  void check_keys(Reading& at, const CaseId& id, const std::vector<Fact>& facts,
                  const CaseView& view);
  void check_erased(Reading& at, const CaseId& id, const std::vector<Fact>& facts,
                    const CaseView& view);
  bool check_bytes(Reading& at, const EventPosition& position, const EventHash& expected);

  void check_held(Reading& at, const JournalId& journal);
  void check_acknowledged(Reading& at);
  void check_signed(Reading& at, const JournalId& journal);
  void check_provable(Reading& at, const JournalId& journal);
  void check_accusations(Reading& at);
  void check_plaintext(Reading& at);
  void report(const char* invariant, const MemberNode& node, const std::string& about,
              const std::string& words);

  World& world_;
  Prng random_;
  Truth truth_;
  Flow flow_;
  std::map<JournalId, std::uint64_t> acknowledged_;  // durable at a second node
  // Of the author's journal, what each node that gave a receipt had whole.
  std::map<std::pair<std::size_t, JournalId>, std::uint64_t> known_whole_;
  std::map<std::size_t, Seen> seen_;               // by node
  std::set<std::pair<Digest, MemberId>> granted_;  // keys that were sent, and to whom
  std::map<std::uint64_t, Roster> rosters_;        // by version
  std::set<CaseId> frozen_;  // that hold a state-changing event of a kind that nobody knows
  std::set<MemberId> liars_;
  std::vector<std::pair<const MemberNode*, std::string>> refusals_;
  std::vector<Broken> broken_;
  std::uint64_t folds_ = 0, most_unfolded_ = 0, most_inputs_ = 0;
};

}  // namespace simpul::sim
