#include "node/engine_driver.h"

#include <algorithm>

#include "node/clock_leap.h"
#include "node/log.h"

namespace simpul {
namespace {

constexpr Duration kWaitMax = std::chrono::seconds{60};
constexpr Duration kNoteInterval = std::chrono::seconds{1};  // of the own head in the marker

}  // namespace

void EngineDriver::run() {
  for (;;) {
    const Instant before = parts_.clock.now();
    const Duration wait =
        std::clamp(parts_.engine.next_wake(before) - before, Duration{0}, kWaitMax);
    InputQueue::Batch batch = parts_.queue.take(wait);
    if (batch.closing) break;
    if (batch.resume) parts_.transport.resume();
    const Instant now = parts_.clock.now();
    if (const auto jump = report_jump(); jump && is_set_back_too_far(*jump)) {
      return end_with({ErrorCode::kUnavailable,
                       "the system clock was set back by more than an hour; this node ends, and "
                       "goes by the new time when it is started again"});
    }
    carry_out(parts_.engine.step(batch.inputs, now));
    if (parts_.engine.broken()) return end_with(*parts_.engine.broken());
    note_head(now);
  }
  parts_.desk.close();
  const Instant now = parts_.clock.now();
  carry_out(parts_.engine.shut_down(now));
  next_note_ = now;
  note_head(now);
}

void EngineDriver::carry_out(Outputs outputs) {
  struct Visitor {
    Parts& parts;
    void operator()(SendOut& out) const { parts.transport.send(out.link, std::move(out.frame)); }
    void operator()(const CloseOut& out) const { parts.transport.close(out.link, out.flush_ms); }
    void operator()(const DialOut& out) const {
      parts.engine.dialled(out.member, parts.transport.dial(out.endpoint, out.key));
    }
    void operator()(ReplyOut& out) const { parts.desk.answer(out.command, std::move(out.result)); }
    void operator()(AdmissionOut& out) const {
      parts.transport.set_admission(std::move(out.table));
    }
    void operator()(const LogOut& out) const { log_event(out.level, out.event, out.text); }
  };
  for (Output& output : outputs) std::visit(Visitor{parts_}, output);
}

void EngineDriver::end_with(Error error) {
  failed_ = std::move(error);
  parts_.queue.close();
  parts_.desk.close();
}

std::optional<Duration> EngineDriver::report_jump() {
  const auto jump = parts_.clock.take_jump();
  if (!jump) return std::nullopt;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*jump).count();
  log_event(LogLevel::kWarning, "clock-jump",
            "The system clock was set " + std::string(seconds > 0 ? "forward" : "back") + " by " +
                std::to_string(std::abs(seconds)) + " s; look after its time service.");
  return jump;
}

void EngineDriver::note_head(Instant now) {
  if (now < next_note_) return;
  next_note_ = now + kNoteInterval;
  OwnHead head;
  {
    ReadTransaction transaction = parts_.store.read();
    Tables tables(transaction);
    head = own_head(tables, parts_.self);
    if (transaction.failed()) return;
  }
  if (head == noted_) return;
  noted_ = head;
  const auto noted = note_own_head(parts_.home, head);
  if (!noted && !note_failed_) {
    log_event(LogLevel::kWarning, "marker", noted.error().message);
  }
  note_failed_ = !noted;
}

}  // namespace simpul
