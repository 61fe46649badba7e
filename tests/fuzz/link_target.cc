// The link session. One target sets a single session against a peer that sends anything, and keeps
// the peer's own books beside it; the other links two sessions that only do what send() lets them,
// and then neither may ever accuse the other.
#include <deque>
#include <limits>

#include "protocol/link_session.h"
#include "tests/fuzz/samples.h"
#include "tests/fuzz/script.h"
#include "tests/fuzz/targets.h"

namespace simpul::fuzz {

namespace {

constexpr Instant kBeginning{std::chrono::hours(1)};

LinkOptions small_limits() {
  LinkOptions options;
  options.window_bytes = 4096;
  options.queue_bytes_max = 16'384;
  options.reply_bytes_max = 4096;
  options.streams_max = 4;
  options.subscribes = {.burst = 12, .per_second = 2};
  options.case_requests = {.burst = 8, .per_second = 2};
  options.enclosure_requests = {.burst = 8, .per_second = 2};
  return options;
}

LinkParty party_of(LinkRole role) {
  const bool dials = role == LinkRole::kDialler;
  return {role, std::string(kFederation), member_id(dials ? "hub" : "51")};
}

StreamId some_stream(Script& script) {
  const std::size_t which = script.below(6);
  if (which == 5) return {true, {}, script.below(3)};
  return {false, {member_id("51"), static_cast<std::uint32_t>(1 + which)}, 0};
}

Hello hello_by(LinkRole role) {
  Hello hello{.is_welcome = role == LinkRole::kListener, .federation = std::string(kFederation)};
  hello.member = member_id(role == LinkRole::kDialler ? "51" : "hub");
  hello.software = "fuzz";
  return hello;
}

Frame some_records(Script& script) {
  const StreamId stream = some_stream(script);
  const std::uint64_t first = script.below(8), count = script.below(4);
  const Bytes event(20 + std::size_t{script.u8()} * 8, 1);
  if (stream.is_mailbox) {
    MailboxRecords records{.is_reply = script.below(4) == 0,
                           .generation = stream.mailbox_generation};
    records.first = first;
    records.last = first + count;
    if (script.flag()) {
      records.groups.push_back({.journal = {member_id("51"), 1}});
      records.groups.back().events.push_back({first, event});
    }
    return records;
  }
  return JournalRecords{stream.journal, first, std::vector<Bytes>(count, event), "note\n"};
}

// Any frame, in the name of `role`.
Frame some_frame(LinkRole role, Script& script) {
  switch (script.below(16)) {
    case 0:
      return hello_by(script.below(8) == 0 ? LinkRole::kListener : role);
    case 1:
      return Subscribe{some_stream(script), script.below(8), std::uint64_t{script.u16()}};
    case 2:
    case 3:
      return some_records(script);
    case 4:
      return Ack{some_stream(script), script.below(12), script.flag() ? "line" : "",
                 std::uint64_t{script.u16()}};
    case 5:
      return CaseRequest{CaseId::derive(member_id("51"), sha256(Bytes{1}))};
    case 6:
      return EnclosureRequest{sha256(Bytes{1}), 0, 1 + static_cast<std::uint32_t>(script.below(4))};
    case 7:
      return EnclosureChunk{.digest = sha256(Bytes{1}), .index = 0, .bytes = Bytes(script.u8(), 2)};
    case 8:
      return EnclosureDone{sha256(Bytes{1})};
    case 9:
      return RosterRequest{script.u8()};
    case 10:
      return RosterFrame{Bytes(script.u8(), 3)};
    case 11:
      return Enrol{Bytes(script.u8(), 4)};
    case 12:
      return EnrolStatus{static_cast<EnrolState>(script.below(3)), "x"};
    case 13:
      return Ping{script.below(4), script.flag()};
    case 14:
      return ConsistencyRequest{{member_id("51"), 1}, 1, 2 + script.below(8)};
    default:
      return script.below(8) == 0 ? Frame(Bye{ByeCode::kShutdown, "x"})
                                  : Frame(ForkNotice{Bytes(8, 5)});
  }
}

// The hostile peer's books: what it was granted and how much of it it has used, as seen on the
// wire.
struct PeersBooks {
  std::map<StreamId, std::uint64_t> granted, used;
  std::map<StreamId, std::uint64_t> given, taken;  // the other way round

  void note_from_us(const Frame& frame, std::size_t wire_bytes) {
    if (const auto* subscribe = std::get_if<Subscribe>(&frame)) {
      granted[stream_key(subscribe->stream)] += subscribe->credit_bytes;
    } else if (const auto* ack = std::get_if<Ack>(&frame)) {
      granted[stream_key(ack->stream)] += ack->credit_bytes;
    } else if (const auto* records = std::get_if<JournalRecords>(&frame)) {
      taken[{false, records->journal, 0}] += wire_bytes;
    } else if (const auto* mail = std::get_if<MailboxRecords>(&frame); mail && !mail->is_reply) {
      taken[{true, {}, 0}] += wire_bytes;
    }
    for (const auto& [stream, bytes] : taken) SIMPUL_CHECK(bytes <= given[stream]);
  }
  void note_from_peer(const Frame& frame) {
    if (const auto* subscribe = std::get_if<Subscribe>(&frame)) {
      given[stream_key(subscribe->stream)] += subscribe->credit_bytes;
    } else if (const auto* ack = std::get_if<Ack>(&frame)) {
      given[stream_key(ack->stream)] += ack->credit_bytes;
    }
  }
  // Whether records of so many bytes are within what we granted.
  bool covers(const Frame& frame, std::size_t wire_bytes) {
    StreamId stream;
    if (const auto* records = std::get_if<JournalRecords>(&frame)) {
      stream = {false, records->journal, 0};
    } else if (const auto* mail = std::get_if<MailboxRecords>(&frame); mail && !mail->is_reply) {
      stream = {true, {}, 0};
    } else {
      return true;
    }
    if (!granted.contains(stream)) return false;
    used[stream] += wire_bytes;
    return used[stream] <= granted[stream];
  }
};

bool needs_open(const Frame& frame) {
  return !std::holds_alternative<Hello>(frame) && !std::holds_alternative<Enrol>(frame) &&
         !std::holds_alternative<EnrolStatus>(frame) && !std::holds_alternative<Ping>(frame) &&
         !std::holds_alternative<Bye>(frame) && !std::holds_alternative<RosterRequest>(frame) &&
         !std::holds_alternative<RosterFrame>(frame);
}

bool takes_credit(const Frame& frame) {
  const auto* mail = std::get_if<MailboxRecords>(&frame);
  return std::holds_alternative<JournalRecords>(frame) || (mail && !mail->is_reply);
}

class Watched {
 public:
  explicit Watched(LinkRole role, Random& random)
      : role_(role), session_(small_limits(), party_of(role), random) {
    session_.start(now_);
  }

  void take_step(Script& script) {
    switch (script.below(6)) {
      case 0:
      case 1:
        receive(some_frame(other(), script));
        break;
      case 2:
        send(some_frame(role_, script));
        break;
      case 3:
        now_ += Duration(std::int64_t{script.u8()} * 64 - (script.below(16) == 0 ? 20'000 : 0));
        tick();
        break;
      case 4:
        pop(1 + script.below(4));
        break;
      default:
        if (script.below(16) == 0) receive_raw(script.take(64));
        if (script.below(64) == 0) session_.close(ByeCode::kShutdown, "bye\n", now_);
    }
    check();
  }
  bool closed() const { return session_.state() == LinkState::kClosed; }

 private:
  LinkRole other() const {
    return role_ == LinkRole::kDialler ? LinkRole::kListener : LinkRole::kDialler;
  }

  void receive(const Frame& frame) {
    const bool was_open = session_.state() == LinkState::kOpen, was_closed = closed();
    const Bytes bytes = encode_frame(frame).value();
    // What was granted counts from when it is queued; the peer's books know what has left.
    if (takes_credit(frame)) pop(std::numeric_limits<std::size_t>::max());
    books_.note_from_peer(frame);
    const bool covered = books_.covers(frame, bytes.size());
    const LinkActions actions = session_.receive(bytes, now_);
    const bool delivered = count_deliveries(actions) > 0;
    if (delivered) SIMPUL_CHECK(covered && !was_closed && (was_open || !needs_open(frame)));
    if (!covered && !was_closed) SIMPUL_CHECK(closed());
    for (const LinkAction& action : actions) {
      if (const auto* deliver = std::get_if<Deliver>(&action))
        SIMPUL_CHECK(deliver->frame == frame);
    }
  }

  void receive_raw(BytesView bytes) {
    const bool was_closed = closed();
    const bool legal = decode_frame(bytes).has_value();
    (void)count_deliveries(session_.receive(bytes, now_));
    if (!legal && !was_closed) SIMPUL_CHECK(closed());
  }

  void send(const Frame& frame) {
    const bool was_open = session_.state() == LinkState::kOpen;
    const std::uint64_t queued = session_.queued_bytes();
    const bool sent = session_.send(frame, now_).has_value();
    if (sent) SIMPUL_CHECK((was_open || !needs_open(frame)) && session_.queued_bytes() > queued);
    if (std::holds_alternative<Ping>(frame) || std::holds_alternative<Bye>(frame))
      SIMPUL_CHECK(!sent);
  }

  // A session that says when to wake it must have nothing more to do then, once woken.
  void tick() {
    (void)count_deliveries(session_.tick(now_));
    if (const auto due = session_.timeout()) SIMPUL_CHECK(*due > now_);
  }

  void pop(std::size_t count) {
    for (; count > 0 && session_.next_out() != nullptr; --count) {
      const Bytes bytes = *session_.next_out();
      const auto frame = decode_frame(bytes);
      SIMPUL_CHECK(frame.has_value());
      books_.note_from_us(*frame, bytes.size());
      session_.pop_out();
    }
  }

  std::size_t count_deliveries(const LinkActions& actions) {
    std::size_t delivered = 0;
    for (std::size_t i = 0; i < actions.size(); ++i) {
      SIMPUL_CHECK(!close_reported_);
      if (std::holds_alternative<Deliver>(actions[i])) {
        ++delivered;
        continue;
      }
      close_reported_ = true;
      SIMPUL_CHECK(i + 1 == actions.size() && closed());
      SIMPUL_CHECK(std::get<Close>(actions[i]).reason.size() <= kReasonSizeMax);
    }
    return delivered;
  }

  void check() {
    const LinkOptions limits = small_limits();
    SIMPUL_CHECK(session_.queued_bytes() <= limits.queue_bytes_max + 1024);
    SIMPUL_CHECK((session_.next_out() == nullptr) == (session_.queued_bytes() == 0));
    SIMPUL_CHECK(session_.out_streams().size() <= limits.streams_max);
    SIMPUL_CHECK(session_.in_streams().size() <= limits.streams_max);
    for (const auto& [id, stream] : session_.in_streams()) {
      SIMPUL_CHECK(stream.granted() + stream.waiting() <= limits.window_bytes);
    }
    for (const auto& [id, stream] : session_.out_streams()) {
      SIMPUL_CHECK(stream.acked() <= stream.sent() && session_.credit(id) <= stream.credit());
    }
  }

  LinkRole role_;
  Instant now_ = kBeginning;
  LinkSession session_;
  PeersBooks books_;
  bool close_reported_ = false;
};

// --- two honest ends ---

struct End {
  LinkSession session;
  std::deque<Bytes> under_way;            // to the other end
  std::map<StreamId, std::uint64_t> has;  // cursors of what came, to acknowledge
};

class Pair {
 public:
  explicit Pair(Random& random)
      : ends_{End{{small_limits(), party_of(LinkRole::kDialler), random}, {}, {}},
              End{{small_limits(), party_of(LinkRole::kListener), random}, {}, {}}} {
    for (End& end : ends_) end.session.start(now_);
    SIMPUL_CHECK(ends_[0].session.send(hello_by(LinkRole::kDialler), now_).has_value());
  }

  void take_step(Script& script) {
    const std::size_t side = script.below(2);
    End& end = ends_[side];
    switch (script.below(6)) {
      case 0:
        ship(end, 1 + script.below(8));
        break;
      case 1:
      case 2:
        arrive(end, ends_[1 - side]);
        break;
      case 3:
        now_ += Duration(std::int64_t{script.u8()} * 8);
        for (End& each : ends_) take(each, each.session.tick(now_));
        break;
      default:
        act(end, side == 0 ? LinkRole::kDialler : LinkRole::kListener, script);
    }
  }

 private:
  void ship(End& end, std::size_t count) {
    for (; count > 0 && end.session.next_out() != nullptr; --count) {
      end.under_way.push_back(*end.session.next_out());
      end.session.pop_out();
    }
  }

  void arrive(End& end, End& from) {
    ship(from, 2);
    if (from.under_way.empty()) return;
    const Bytes bytes = std::move(from.under_way.front());
    from.under_way.pop_front();
    take(end, end.session.receive(bytes, now_));
  }

  void take(End& end, const LinkActions& actions) {
    for (const LinkAction& action : actions) {
      if (const auto* close = std::get_if<Close>(&action)) return check_close(*close);
      const Frame& frame = std::get<Deliver>(action).frame;
      if (std::holds_alternative<Hello>(frame) && end.session.party().role == LinkRole::kListener) {
        SIMPUL_CHECK(end.session.send(hello_by(LinkRole::kListener), now_).has_value());
      } else if (const auto* records = std::get_if<JournalRecords>(&frame)) {
        end.has[{false, records->journal, 0}] = records->first + records->events.size();
      } else if (const auto* mail = std::get_if<MailboxRecords>(&frame); mail && !mail->is_reply) {
        end.has[{true, {}, mail->generation}] = mail->last;
      }
    }
  }

  // Silence and a full queue end links; nobody did anything wrong.
  static void check_close(const Close& close) {
    const bool blameless =
        close.code == ByeCode::kIdle || close.code == ByeCode::kShutdown ||
        (close.code == ByeCode::kOverLimit && close.reason == "the peer does not read");
    if (!blameless) std::fprintf(stderr, "closed: %s\n", close.reason.c_str());
    SIMPUL_CHECK(blameless);
  }

  void act(End& end, LinkRole role, Script& script) {
    Frame frame = some_frame(role, script);
    if (std::holds_alternative<Hello>(frame)) return;
    if (std::holds_alternative<EnclosureChunk>(frame) || std::holds_alternative<Enrol>(frame) ||
        std::holds_alternative<EnrolStatus>(frame)) {
      return;  // legal to send at any time, but honest ends send them only when asked
    }
    if (const auto* mail = std::get_if<MailboxRecords>(&frame); mail && mail->is_reply) return;
    if (auto* ack = std::get_if<Ack>(&frame)) {
      const auto has = end.has.find(ack->stream);
      if (has == end.has.end()) return;
      ack->cursor = has->second;
    }
    if (auto* subscribe = std::get_if<Subscribe>(&frame)) {
      const auto has = end.has.find(subscribe->stream);
      subscribe->from = has == end.has.end() ? 0 : has->second;
    }
    continue_stream(end, frame);
    (void)end.session.send(frame, now_);
  }

  // Records as an honest sender has them: those that follow what it sent.
  static void continue_stream(End& end, Frame& frame) {
    if (auto* records = std::get_if<JournalRecords>(&frame)) {
      const auto found = end.session.out_streams().find({false, records->journal, 0});
      if (found != end.session.out_streams().end()) records->first = found->second.sent();
    } else if (auto* mail = std::get_if<MailboxRecords>(&frame)) {
      const auto found = end.session.out_streams().find({true, {}, 0});
      if (found == end.session.out_streams().end()) return;
      const std::uint64_t count = mail->last - mail->first;
      mail->generation = 1;
      mail->first = found->second.id().mailbox_generation == 1 ? found->second.sent() : 0;
      mail->last = mail->first + count;
    }
  }

  Instant now_ = kBeginning;
  std::array<End, 2> ends_;
};

}  // namespace

void fuzz_link_session(BytesView input) {
  Script script(input);
  SeededRandom random(1);
  Watched watched(script.flag() ? LinkRole::kDialler : LinkRole::kListener, random);
  for (int step = 0; step < 200 && !script.done(); ++step) watched.take_step(script);
}

void fuzz_link_pair(BytesView input) {
  Script script(input);
  SeededRandom random(1);
  Pair pair(random);
  for (int step = 0; step < 200 && !script.done(); ++step) pair.take_step(script);
}

}  // namespace simpul::fuzz
