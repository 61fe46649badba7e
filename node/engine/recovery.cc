#include "node/engine/recovery.h"

#include <algorithm>

#include "node/engine/forks.h"
#include "node/engine/patience.h"
#include "node/restore_marker.h"
#include "protocol/checkpoint.h"

namespace simpul {
namespace {

std::uint64_t held_of(Step& step, const JournalId& journal) {
  const auto head = step.tables.journals.head(journal);
  return head ? head->held : 0;
}

// Where a journal ends here.
HeadRef held_head_of(Step& step, const JournalId& journal) {
  const auto head = step.tables.journals.head(journal);
  return head ? HeadRef{journal, head->held, head->held_frontier.root()}
              : HeadRef{journal, 0, empty_root()};
}

HeadRef held_head(Step& step) {
  return held_head_of(step, Author::own_journal(step));
}

// A head of our own, signed with any key that is ours, or that the roster says was.
Result<Checkpoint> open_own(const Step& step, const std::string& note, const Checkpoint& shown) {
  auto opened = open_checkpoint(note, shown.origin, step.self.keys.signing.verify_key());
  const Member* self = step.roster.find(step.self.member);
  if (!self) return opened;
  for (const SigningPeriod& period : self->signing) {
    if (!opened) opened = open_checkpoint(note, shown.origin, period.key);
  }
  return opened;
}

bool holds_roster_key(const Step& step) {
  const Member* self = step.roster.find(step.self.member);
  return !self || self->signing.back().key == step.self.keys.signing.verify_key();
}

// The roster names a key of ours from a generation on that is not begun.
bool owes_generation(const Step& step) {
  const Member* self = step.roster.find(step.self.member);
  if (!self) return false;
  const std::uint32_t from = self->signing.back().from_generation;
  return from > 1 && from > Author::own_journal(step).generation;
}

// What the peer proves to hold of our journals: a head that we signed.
std::optional<HeadRef> own_head_shown(const Step& step, const std::string& note) {
  if (note.empty()) return std::nullopt;
  const auto parsed = parse_checkpoint(note);
  if (!parsed) return std::nullopt;
  const auto journal = journal_of_origin(step.self.federation, parsed->origin);
  if (!journal || journal->member != step.self.member) return std::nullopt;
  const auto opened = open_own(step, note, *parsed);
  if (!opened) return std::nullopt;
  return HeadRef{*journal, opened->size, opened->root};
}

// One that is suspended is not linked: it can tell nothing.
bool is_other_hub(const Step& step, const Member& member) {
  return member.kind == MemberKind::kHub && !member.suspended && member.id != step.self.member;
}

bool is_only_hub(const Step& step) {
  return step.is_hub() && std::ranges::none_of(step.roster.members, [&](const Member& member) {
           return is_other_hub(step, member);
         });
}

// The journal that is written to was forked. A revocation disputes it too, and leaves no proof.
bool own_is_forked(Step& step) {
  const JournalId own = Author::own_journal(step);
  const auto head = step.tables.journals.bare_head(own);
  return head && head->disputed_from && is_forked(step, own);
}

std::string waiting_for(const std::string& hubs) {
  return "waiting for " + hubs +
         " to confirm that this node's journal ends where its data ends; 'simpul recover "
         "--override' goes on without";
}

constexpr std::uint32_t kFetchedMax = 64;  // generations

bool beyond(const HeadRef& left, const HeadRef& right) {
  return std::pair(left.journal.generation, left.size) >
         std::pair(right.journal.generation, right.size);
}

}  // namespace

void Recovery::begin() {
  before_ = state_;
  before_.gate = author_.gate();
}

void Recovery::roll_back() {
  state_ = before_;
  author_.set_gate(state_.gate);
}

void Recovery::observe(Step& step, Peer& peer) {
  const auto& hello = peer.session.peer_hello();
  if (!hello) return;
  if (!state_.first_heard) state_.first_heard = step.now;
  if (is_in_doubt(step) && (step.roster.is_hub(peer.member) || is_only_hub(step))) {
    state_.roster_shown = std::max(state_.roster_shown, hello->roster_version);
  }
  state_.heard.insert(peer.member);
  const auto shown = own_head_shown(step, hello->held_of_you);
  // A tail of a generation that this node has left was given up, or turns up some time.
  const JournalId own = Author::own_journal(step);
  const bool ahead = shown && shown->journal.generation >= own.generation &&
                     shown->size > held_of(step, shown->journal);
  const bool by_hub = step.roster.is_hub(peer.member);
  if (ahead && by_hub && (!state_.fetchable || beyond(*shown, *state_.fetchable))) {
    state_.fetchable = shown;
    state_.giver = peer.member;
    state_.grew = step.now;
  }
  if (ahead && (!state_.target || beyond(*shown, *state_.target))) {
    if (!state_.target) step.tables.mailboxes.renew_generation(step.random.next_u64() | 1);
    state_.target = shown;
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
    if (!is_other_hub(step, member) || state_.heard.contains(member.id)) continue;
    names += (names.empty() ? "" : ", ") + member.id.text();
  }
  return names;
}

bool Recovery::has_heard_a_hub(const Step& step) const {
  return std::ranges::any_of(state_.heard,
                             [&](const MemberId& member) { return step.roster.is_hub(member); });
}

std::string Recovery::not_heard(const Step& step) const {
  return is_only_hub(step) ? "its members" : hubs_not_heard(step);
}

// What one member shows is not all: another may hold a later generation.
bool Recovery::has_heard_all(const Step& step) const {
  return is_only_hub(step) ? has_heard_members(step) : hubs_not_heard(step).empty();
}

// A tail that went to members alone, or to hubs event by event, is not waited for: it is not sent
// whole, and events of an older generation are admitted whenever they turn up.
bool Recovery::is_caught_up(Step& step, Peers& peers) {
  if (!state_.fetchable) return true;
  const std::uint64_t here = held_of(step, state_.fetchable->journal);
  const bool waits = peers.open_to(state_.giver) != nullptr;
  if (std::exchange(state_.here, here) != here || !waits) state_.grew = step.now;
  return here >= state_.fetchable->size || state_.grew + patience::kFetchIdle <= step.now;
}

bool Recovery::is_confirmed(const Step& step) const {
  if (!has_heard_a_hub(step)) return false;
  return !options_.looks_restored || hubs_not_heard(step).empty();
}

bool Recovery::has_heard_members(const Step& step) const {
  return is_only_hub(step) && state_.first_heard &&
         step.now >= *state_.first_heard + options_.confirm_wait;
}

bool Recovery::needs_no_confirmation(const Step& step) const {
  if (has_heard_members(step)) return true;
  if (options_.looks_restored) return false;
  if (is_only_hub(step)) return true;
  const bool has_journal = !step.tables.journals.heads_of(step.self.member).empty();
  return has_journal && step.now >= started_ + options_.confirm_wait;
}

bool Recovery::is_in_doubt(const Step& step) const {
  if (state_.target) return true;
  return options_.looks_restored && !state_.has_written && !is_confirmed(step) &&
         !has_heard_members(step);
}

std::string Recovery::roster_doubt(const Step& step) const {
  if (is_in_doubt(step)) {
    return "this node's data was restored or lost, and others may hold a newer roster: " +
           waiting_for(is_only_hub(step) ? "its members" : "the other hubs");
  }
  if (step.roster.version >= state_.roster_shown) return "";
  return "roster version " + std::to_string(state_.roster_shown) +
         " is in force; this node holds " + std::to_string(step.roster.version) +
         " and has asked for the newer one";
}

void Recovery::heed_keys(Step& step) {
  if (!holds_roster_key(step)) {
    author_.set_gate({false,
                      "the roster held here names another signing key than the keystore; if no "
                      "newer roster comes, put the newest copy of the keystore back"});
  } else if (author_.gate().open && owes_generation(step)) {
    begin_with_new_key(step);
  }
}

void Recovery::look(Step& step, Peers& peers) {
  if (!holds_roster_key(step)) return;
  if (!step.roster.find(step.self.member)) {
    author_.set_gate({false, "this node is not admitted yet; see 'simpul enrol'"});
    return;
  }
  if (state_.target) {
    const bool caught_up = is_caught_up(step, peers);
    const bool heard = has_heard_all(step);
    if (heard && (caught_up || is_only_hub(step))) {
      enter_next_generation(step);
    } else if (caught_up) {
      author_.set_gate({false, waiting_for(not_heard(step))});
    }
    return;
  }
  if (roster_health(step.roster, step.now) == RosterHealth::kExpired) {
    author_.set_gate({false,
                      "the roster expired and its grace is over; the hub's administrator "
                      "renews it with 'simpul hub renew'"});
    return;
  }
  if (own_is_forked(step)) return look_at_fork(step);
  if (author_.gate().open) return;
  if (is_confirmed(step) || needs_no_confirmation(step)) {
    if (options_.looks_restored) {
      state_.target = held_head(step);
      enter_next_generation(step);
    } else if (owes_generation(step)) {
      begin_with_new_key(step);
    } else {
      open_gate(step);
    }
  } else {
    const std::string silent = not_heard(step);
    const bool all = options_.looks_restored && !silent.empty();
    author_.set_gate({false, waiting_for(all ? silent : "a hub")});
  }
}

// What it wrote there would not count: two of this node ran, or somebody else has its keys.
void Recovery::look_at_fork(Step& step) {
  const JournalId own = Author::own_journal(step);
  if (step.tables.journals.bare_head(own)->settled) {
    state_.target = held_head(step);
    return enter_next_generation(step);
  }
  author_.set_gate(
      {false, "two histories of " + own.text() +
                  " were signed with this node's key, as when a second copy of it runs; once the "
                  "ruling hub has settled the journal, it writes again in the next generation"});
}

void Recovery::open_gate(Step& step) {
  author_.set_gate({true, ""});
  state_.has_written = true;
  step.tables.meta.set_flag(kDataRestoredFlag, false);
}

// Never one that was begun before, though neither the data nor anybody heard knows of it.
std::uint32_t Recovery::next_generation(const Step& step, std::uint32_t previous) const {
  const Member* self = step.roster.find(step.self.member);
  const std::uint32_t of_key = self ? self->signing.back().from_generation : 1;
  return std::max({previous + 1, options_.generation_noted + 1, of_key});
}

void Recovery::enter_next_generation(Step& step) {
  // What it goes on from is what is here, and with the hubs: the rest, whoever has it, hands on.
  const HeadRef previous = held_head_of(step, state_.target->journal);
  const std::uint32_t generation = next_generation(step, previous.journal.generation);
  const auto& coming = step.self.keys.coming;
  if (coming && generation >= coming->from_generation) {
    author_.set_gate({false,
                      "the next generation is kept for this node's new signing key, which the "
                      "ruling hub's administrator has not confirmed yet"});
    return;
  }
  if (!open_next(step, generation, previous)) return;
  step.alert("recovered", "This node writes again, in generation " + std::to_string(generation) +
                              ", after " + previous.journal.text() + " to " +
                              std::to_string(previous.size) + ".");
}

void Recovery::begin_with_new_key(Step& step) {
  const HeadRef previous = held_head(step);
  const std::uint32_t generation =
      step.roster.find(step.self.member)->signing.back().from_generation;
  if (!open_next(step, generation, previous)) return;
  step.log(LogLevel::kInfo, "key-in-use",
           "This node signs with its new key, in generation " + std::to_string(generation) +
               ", after " + previous.journal.text() + " to " + std::to_string(previous.size) + ".");
}

bool Recovery::open_next(Step& step, std::uint32_t generation, const HeadRef& previous) {
  const auto opened = author_.open_generation(step, generation, previous);
  if (!opened) {
    step.alert("recovery-failed",
               "The next generation could not be opened: " + opened.error().message);
    return false;
  }
  state_.target.reset();
  state_.fetchable.reset();
  state_.reopened = true;
  open_gate(step);
  return true;
}

Result<Json> Recovery::override_now(Step& step) {
  if (author_.gate().open) return fail(ErrorCode::kNotAllowed, "this node may write already");
  if (!step.roster.find(step.self.member)) {
    return fail(ErrorCode::kNotAllowed, "this node is not admitted yet");
  }
  if (!holds_roster_key(step)) return fail(ErrorCode::kUnavailable, author_.gate().why);
  if (!state_.target) state_.target = held_head(step);
  state_.roster_shown = 0;
  enter_next_generation(step);
  if (!author_.gate().open) return fail(ErrorCode::kUnavailable, author_.gate().why);
  return Json{{"generation", Author::own_journal(step).generation}};
}

std::vector<std::pair<JournalId, std::uint64_t>> Recovery::wanted(Step& step) const {
  std::vector<std::pair<JournalId, std::uint64_t>> wanted;
  const std::uint32_t newest = Author::own_journal(step).generation;
  const std::uint32_t end = state_.target ? state_.target->journal.generation + 1 : newest;
  for (std::uint32_t generation = end > kFetchedMax ? end - kFetchedMax : 1; generation < end;
       ++generation) {
    const JournalId journal{step.self.member, generation};
    wanted.emplace_back(journal, held_of(step, journal));
  }
  return wanted;
}

}  // namespace simpul
