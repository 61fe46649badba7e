#include "node/engine/recovery.h"

#include <algorithm>

#include "node/restore_marker.h"
#include "protocol/checkpoint.h"

namespace simpul {
namespace {

std::uint64_t held_of(Step& step, const JournalId& journal) {
  const auto head = step.tables.journals.head(journal);
  return head ? head->held : 0;
}

// Where the own journal ends here.
HeadRef held_head(Step& step) {
  const JournalId own = Author::own_journal(step);
  const auto head = step.tables.journals.head(own);
  return head ? HeadRef{own, head->held, head->held_frontier.root()}
              : HeadRef{own, 0, empty_root()};
}

// What the peer proves to hold of our journals: a head that we signed.
std::optional<HeadRef> own_head_shown(const Step& step, const std::string& note) {
  if (note.empty()) return std::nullopt;
  const auto parsed = parse_checkpoint(note);
  if (!parsed) return std::nullopt;
  const auto journal = journal_of_origin(step.self.federation, parsed->origin);
  if (!journal || journal->member != step.self.member) return std::nullopt;
  const auto opened = open_checkpoint(note, parsed->origin, step.self.keys.signing.verify_key());
  if (!opened) return std::nullopt;
  return HeadRef{*journal, opened->size, opened->root};
}

bool is_only_hub(const Step& step) {
  return step.is_hub() &&
         std::ranges::count(step.roster.members, MemberKind::kHub, &Member::kind) == 1;
}

std::string waiting_for(const std::string& hubs) {
  return "waiting for " + hubs +
         " to confirm that this node's journal ends where its data ends; 'simpul recover "
         "--override' goes on without";
}

bool beyond(const HeadRef& left, const HeadRef& right) {
  return std::pair(left.journal.generation, left.size) >
         std::pair(right.journal.generation, right.size);
}

}  // namespace

void Recovery::observe(Step& step, Peer& peer) {
  const auto& hello = peer.session.peer_hello();
  if (!hello) return;
  if (!first_heard_) first_heard_ = step.now;
  if (step.roster.is_hub(peer.member)) hubs_heard_.insert(peer.member);
  const auto shown = own_head_shown(step, hello->held_of_you);
  // A tail of a generation that this node has left was given up, or turns up some time.
  const JournalId own = Author::own_journal(step);
  const bool ahead = shown && shown->journal.generation >= own.generation &&
                     shown->size > held_of(step, shown->journal);
  const bool by_hub = step.roster.is_hub(peer.member);
  if (ahead && by_hub && (!fetchable_ || beyond(*shown, *fetchable_))) fetchable_ = shown;
  if (ahead && (!target_ || beyond(*shown, *target_))) {
    if (!target_) step.tables.mailboxes.renew_generation(step.random.next_u64() | 1);
    target_ = shown;
    author_.set_gate({false, "this node's data is older than what others hold of its journal (" +
                                 shown->journal.text() + " to " + std::to_string(shown->size) +
                                 "); it is fetching the rest from a hub before it writes again"});
    step.alert("restored", "The data here is older than what " + peer.member.text() +
                               " holds of this node's journal: it was restored or lost. Fetching "
                               "the rest; then the next generation is opened.");
  }
}

// Each hub may hold a tail, or a generation, that the others have not got yet.
std::string Recovery::hubs_not_heard(const Step& step) const {
  std::string names;
  for (const Member& member : step.roster.members) {
    const bool counts =
        member.kind == MemberKind::kHub && !member.suspended && member.id != step.self.member;
    if (!counts || hubs_heard_.contains(member.id)) continue;
    names += (names.empty() ? "" : ", ") + member.id.text();
  }
  return names;
}

// A tail that went to members alone is not waited for: they do not send it, and events of an older
// generation are admitted whenever they turn up.
bool Recovery::is_caught_up(Step& step) const {
  return !fetchable_ || held_of(step, fetchable_->journal) >= fetchable_->size;
}

bool Recovery::is_confirmed(const Step& step) const {
  if (hubs_heard_.empty()) return false;
  return !options_.looks_restored || hubs_not_heard(step).empty();
}

bool Recovery::has_heard_members(const Step& step) const {
  return is_only_hub(step) && first_heard_ && step.now >= *first_heard_ + options_.confirm_wait;
}

bool Recovery::needs_no_confirmation(const Step& step) const {
  if (has_heard_members(step)) return true;
  if (options_.looks_restored) return false;
  if (is_only_hub(step)) return true;
  const bool has_journal = !step.tables.journals.heads_of(step.self.member).empty();
  return has_journal && step.now >= started_ + options_.confirm_wait;
}

void Recovery::look(Step& step) {
  if (target_) {
    const bool caught_up = is_caught_up(step);
    const std::string silent = hubs_not_heard(step);
    if ((caught_up && silent.empty()) || has_heard_members(step)) {
      enter_next_generation(step);
    } else if (caught_up) {
      author_.set_gate({false, waiting_for(silent)});
    }
    return;
  }
  if (roster_health(step.roster, step.now) == RosterHealth::kExpired && step.roster.version > 0 &&
      step.roster.find(step.self.member)) {
    author_.set_gate({false,
                      "the roster expired and its grace is over; the hub's administrator "
                      "renews it with 'simpul hub renew'"});
    return;
  }
  if (author_.gate().open) return;
  if (!step.roster.find(step.self.member)) {
    author_.set_gate({false, "this node is not admitted yet; see 'simpul enrol'"});
  } else if (is_confirmed(step) || needs_no_confirmation(step)) {
    if (options_.looks_restored) {
      target_ = held_head(step);
      enter_next_generation(step);
    } else {
      open_gate(step);
    }
  } else {
    const std::string silent = hubs_not_heard(step);
    const bool all = options_.looks_restored && !silent.empty();
    author_.set_gate({false, waiting_for(all ? silent : "a hub")});
  }
}

void Recovery::open_gate(Step& step) {
  author_.set_gate({true, ""});
  step.tables.meta.set_flag(kDataRestoredFlag, false);
}

void Recovery::enter_next_generation(Step& step) {
  const HeadRef previous = *target_;
  const auto generation = previous.journal.generation + 1;
  const auto opened = author_.open_generation(step, generation, previous);
  if (!opened) {
    step.alert("recovery-failed",
               "The next generation could not be opened: " + opened.error().message);
    return;
  }
  target_.reset();
  fetchable_.reset();
  reopened_ = true;
  open_gate(step);
  step.alert("recovered", "This node writes again, in generation " + std::to_string(generation) +
                              ", after " + previous.journal.text() + " to " +
                              std::to_string(previous.size) + ".");
}

Result<Json> Recovery::override_now(Step& step) {
  if (author_.gate().open) return fail(ErrorCode::kNotAllowed, "this node may write already");
  if (!step.roster.find(step.self.member)) {
    return fail(ErrorCode::kNotAllowed, "this node is not admitted yet");
  }
  if (!target_) target_ = held_head(step);
  enter_next_generation(step);
  return Json{{"generation", Author::own_journal(step).generation}};
}

std::vector<std::pair<JournalId, std::uint64_t>> Recovery::wanted(Step& step) const {
  std::vector<std::pair<JournalId, std::uint64_t>> wanted;
  if (!target_) return wanted;
  for (std::uint32_t generation = 1; generation <= target_->journal.generation; ++generation) {
    const JournalId journal{step.self.member, generation};
    wanted.emplace_back(journal, held_of(step, journal));
  }
  return wanted;
}

}  // namespace simpul
