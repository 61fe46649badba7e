#include "node/engine.h"

#include <algorithm>

#include "node/access_log.h"
#include "node/engine/author.h"
#include "node/engine/case_desk.h"
#include "node/engine/case_files.h"
#include "node/engine/consistency.h"
#include "node/engine/done_notices.h"
#include "node/engine/fetcher.h"
#include "node/engine/intake.h"
#include "node/engine/key_rotation.h"
#include "node/engine/links.h"
#include "node/engine/membership.h"
#include "node/engine/patience.h"
#include "node/engine/reactions.h"
#include "node/engine/recovery.h"
#include "node/engine/refolding.h"
#include "node/engine/relation_desk.h"
#include "node/engine/relations.h"
#include "node/engine/revocation.h"
#include "node/engine/settlement.h"
#include "node/engine/status.h"
#include "node/engine/substance.h"
#include "node/engine/timekeeper.h"

namespace simpul {
namespace {

constexpr std::size_t kSettleRoundsMax = 16;  // reactions that cause reactions, in one step
constexpr std::string_view kIndexedBy = "indexed-by";
// 2 came with the times at which a node acts by itself, 3 with offers by their due.
constexpr std::uint64_t kIndexVersion = 4;

}  // namespace

class Engine::Impl {
 public:
  Impl(Store& store, Identity& identity, Random& random, EngineOptions options, Instant now)
      : store_(store),
        self_(identity),
        random_(random),
        options_(std::move(options)),
        author_(files_),
        reactions_(author_),
        relations_(files_, reactions_),
        timekeeper_(files_, reactions_),
        intake_(files_, consistency_),
        rotation_(identity, author_, options_),
        recovery_(author_, options_, now),
        links_(options_, membership_, intake_, consistency_, fetcher_, recovery_),
        desk_(files_, author_),
        relation_desk_(files_, author_, desk_) {}

  Result<void> load(Instant now) {
    WriteTransaction transaction(store_.environment());
    Tables tables(transaction);
    SIMPUL_TRY(membership, Membership::load(tables, self_));
    membership_ = std::move(membership);
    if (tables.mailboxes.generation() == 0) {
      tables.mailboxes.set_generation(random_.next_u64() | 1);
    } else if (std::exchange(looks_restored_, false)) {
      tables.mailboxes.renew_generation(random_.next_u64() | 1);
    }
    build_index_anew(tables);
    files_.load(tables, now);
    announced_roster_.reset();
    heeded_roster_ = 0;
    refolding_.forget();
    return transaction.commit();
  }

  Outputs step(std::span<Input> inputs, Instant now) {
    WriteTransaction transaction(store_.environment());
    Tables tables(transaction);
    const auto roster = membership_.shared_roster();  // one step, one roster
    Step step{tables, self_, *roster, random_, now, {}, {}, {}};
    recovery_.begin();
    if (std::exchange(heeded_roster_, roster->version) != roster->version) heed_roster(step);
    refolding_.look(step);
    rotation_.look(step);
    recovery_.heed_keys(step);
    for (Input& input : inputs) apply(step, input);
    links_.tick(step);
    recovery_.look(step, links_.peers());
    reactions_.catch_up(step);
    relations_.catch_up(step);
    timekeeper_.look(step, links_.peers());
    settle(step);
    author_.sign_head(step);
    fetcher_.pump(step, links_.peers());
    done_notices_.pump(step, links_.peers());
    consistency_.pump(step, links_.peers());
    follow_roster(step);
    if (files_.lag() == 0) tables.arrivals.set_indexed_through(tables.arrivals.end());
    if (recovery_.take_reopened()) {
      links_.close_all(ByeCode::kReplaced, "this node opened its next generation", now);
    }
    if (const auto committed = transaction.commit(); !committed) {
      return refuse(std::move(step), committed.error());
    }
    return release(std::move(step));
  }

  Instant next_wake(Instant now) const {
    Instant wake = links_.next_wake();
    if (const auto since = files_.waiting_since())
      wake = std::min(wake, *since + patience::kIndexDelay);
    if (const auto look = refolding_.next_look(membership_.version())) wake = std::min(wake, *look);
    return std::max(wake, now);
  }

  void dialled(const MemberId& member, LinkId link) { links_.dialled(member, link); }
  const std::optional<Error>& broken() const { return broken_; }

  Outputs shut_down(Instant now) {
    links_.close_all(ByeCode::kShutdown, "the node is shutting down", now);
    return step({}, now);
  }

 private:
  void apply(Step& step, Input& input) {
    if (const auto* up = std::get_if<LinkUp>(&input)) {
      links_.up(step, *up);
    } else if (const auto* frame = std::get_if<FrameIn>(&input)) {
      links_.frame(step, *frame);
    } else if (const auto* down = std::get_if<LinkDown>(&input)) {
      links_.down(step, *down);
    } else {
      const auto& command = std::get<CommandInput>(input);
      step.outputs.push_back(ReplyOut{command.id, run(step, command)});
    }
  }

  Result<Json> run(Step& step, const CommandInput& command) {
    if (auto result = desk_.run(step, command.name, command.arguments)) return std::move(*result);
    if (auto result = relation_desk_.run(step, command.name, command.arguments)) {
      return std::move(*result);
    }
    membership_.hold(recovery_.roster_doubt(step));
    if (auto result = membership_.run(step, command.name, command.arguments)) {
      return std::move(*result);
    }
    if (command.name == "status") {
      return status_json(step, {membership_, author_, files_, links_.peers(), links_.dials(),
                                recovery_.recovering()});
    }
    if (command.name == "hub.settle") return settle_journal(step, author_, command.arguments);
    if (command.name == "keys.rotate") return rotation_.rotate(step);
    if (command.name == "recover.override") return recovery_.override_now(step);
    if (command.name == kRecordAccess) return record_access(step, command.arguments);
    if (command.name == "index.rebuild") return rebuild_index(step);
    return fail(ErrorCode::kNotFound, "no command '" + command.name + "' is known");
  }

  static Result<Json> record_access(Step& step, const Json& arguments) {
    SIMPUL_TRY(records, access_records(arguments, step.now));
    for (AccessRecord& record : records) step.tables.access.append(std::move(record));
    return Json{{"recorded", records.size()}};
  }

  Result<Json> rebuild_index(Step& step) {
    step.tables.cases.wipe_index();
    step.tables.arrivals.set_indexed_through(0);
    files_.load(step.tables, step.now);
    return Json{{"events", files_.lag()}};
  }

  // Rows of an earlier program are in fewer indexes.
  static void build_index_anew(Tables& tables) {
    if (tables.meta.counter(kIndexedBy) == kIndexVersion) return;
    tables.cases.wipe_index();
    tables.arrivals.set_indexed_through(0);
    tables.meta.set_counter(kIndexedBy, kIndexVersion);
  }

  // Folds what changed and reacts, until nothing changes. Under load folding is put off, so that
  // what is acknowledged does not wait for it.
  void settle(Step& step) {
    for (std::size_t round = 0; round < kSettleRoundsMax; ++round) {
      for (const CaseId& id : std::exchange(step.recheck, {})) {
        look_at(step, files_.refold(step, id));
      }
      if (files_.lag() == 0) return;
      const auto since = files_.waiting_since();
      const bool due = files_.lag() <= options_.index_eager_max ||
                       files_.lag() >= options_.index_lag_max ||
                       (since && *since + patience::kIndexDelay <= step.now);
      if (!due) return;
      files_.index(step, options_.index_lag_max,
                   [&](const CaseFile& file) { look_at(step, file); });
    }
  }

  void look_at(Step& step, const CaseFile& file) {
    const std::uint64_t written = reactions_.written();
    reactions_.look_at(step, file);
    relations_.look_at(step, file, reactions_.written() != written);
    links_.ask_for_missing(step, file.state);
  }

  // What it says of events that are here already.
  static void heed_roster(Step& step) {
    heed_revocations(step);
    heed_settlements(step);
  }

  void follow_roster(Step& step) {
    if (announced_roster_ == membership_.version()) return;
    announced_roster_ = membership_.version();
    links_.roster_changed(step);
  }

  Outputs release(Step step) {
    ReadTransaction transaction(store_.environment());
    Tables tables(transaction);
    Step after{tables, self_, membership_.roster(), random_, step.now, {}, {}, {}};
    Outputs outputs = std::move(step.outputs);
    links_.release(after, step.frames, outputs);
    return outputs;
  }

  // Nothing of the step happened: commands are refused, links are made anew and resume from
  // their cursors, and what memory mirrors of the store is read again. What the step logged goes
  // too: after a write that failed nothing can be read, and peers would be blamed for it.
  Outputs refuse(Step step, const Error& error) {
    Outputs outputs;
    outputs.push_back(LogOut{LogLevel::kError, "commit-failed", error.message});
    for (Output& output : step.outputs) {
      if (auto* reply = std::get_if<ReplyOut>(&output)) {
        outputs.push_back(ReplyOut{reply->command, std::unexpected(error)});
      } else if (std::holds_alternative<DialOut>(output)) {
        outputs.push_back(std::move(output));
      }
    }
    links_.abandon(outputs);
    recovery_.roll_back();
    reactions_.forget();
    relations_.forget();
    timekeeper_.forget();
    if (const auto loaded = load(step.now); !loaded) {
      outputs.push_back(LogOut{LogLevel::kError, "reload-failed", loaded.error().message});
      look_whether_broken();
    }
    return outputs;
  }

  // A full disk can be read; a database that gave up cannot.
  void look_whether_broken() {
    const ReadTransaction transaction(store_.environment());
    if (const auto sound = transaction.check(); !sound) broken_ = sound.error();
  }

  Store& store_;
  const Identity& self_;
  Random& random_;
  EngineOptions options_;
  Membership membership_;
  CaseFiles files_;
  Author author_;
  Reactions reactions_;
  Relations relations_;
  Timekeeper timekeeper_;
  Refolding refolding_;
  Consistency consistency_;
  Intake intake_;
  Fetcher fetcher_;
  DoneNotices done_notices_;
  KeyRotation rotation_;
  Recovery recovery_;
  Links links_;
  CaseDesk desk_;
  RelationDesk relation_desk_;
  bool looks_restored_ = options_.looks_restored;  // not yet acted on
  std::optional<Error> broken_;
  std::uint64_t heeded_roster_ = 0;                // version that heed_roster() went by
  std::optional<std::uint64_t> announced_roster_;  // version that links and transport know
};

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::~Engine() = default;

Result<std::unique_ptr<Engine>> Engine::open(Store& store, Identity& identity, Random& random,
                                             EngineOptions options, Instant now) {
  auto impl = std::make_unique<Impl>(store, identity, random, std::move(options), now);
  SIMPUL_TRY_VOID(impl->load(now));
  return std::unique_ptr<Engine>(new Engine(std::move(impl)));
}

Outputs Engine::step(std::span<Input> inputs, Instant now) {
  return impl_->step(inputs, now);
}
Instant Engine::next_wake(Instant now) const {
  return impl_->next_wake(now);
}
void Engine::dialled(const MemberId& member, LinkId link) {
  impl_->dialled(member, link);
}
const std::optional<Error>& Engine::broken() const {
  return impl_->broken();
}
Outputs Engine::shut_down(Instant now) {
  return impl_->shut_down(now);
}

}  // namespace simpul
