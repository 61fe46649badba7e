#include "protocol/link_session.h"

#include <algorithm>
#include <utility>

namespace simpul {
namespace {

constexpr std::size_t kPingsRememberedMax = 64;  // a link is dead before it has so many unanswered
// Past so many unanswered none is sent by probe(): a line that holds them back brings them all at
// once, and our answers to the peer's with them.
constexpr std::size_t kProbesUnansweredMax = 2;

// A reason as it may travel: one line, at most kReasonSizeMax bytes, cut between characters.
std::string presentable(std::string reason) {
  if (reason.size() > kReasonSizeMax) {
    std::size_t cut = kReasonSizeMax;
    while (cut > 0 && (static_cast<unsigned char>(reason[cut]) & 0xc0) == 0x80) --cut;
    reason.resize(cut);
  }
  for (char& c : reason) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return reason;
}

Duration jittered(Duration interval, Random& random) {
  const auto fifth = static_cast<std::uint64_t>(std::max<Duration::rep>(interval.count() / 5, 0));
  return interval - Duration{static_cast<Duration::rep>(random.below(fifth + 1))};
}

}  // namespace

const char* name_of(LinkState state) {
  switch (state) {
    case LinkState::kStarting:
      return "starting";
    case LinkState::kEnrolling:
      return "enrolling";
    case LinkState::kOpen:
      return "open";
    case LinkState::kClosed:
      return "closed";
  }
  return "unknown";
}

LinkSession::LinkSession(LinkOptions options, LinkParty party, Random& random)
    : options_(options),
      party_(std::move(party)),
      ping_interval_(jittered(options.ping_interval, random)),
      theirs_(buckets(options, 1, 1)),
      ours_(buckets(options, 0.25, 0.8)),
      probes_(options.probes) {}

void LinkSession::start(Instant now) {
  started_ = last_heard_ = last_sent_ = now;
}

LinkActions LinkSession::receive(BytesView bytes, Instant now) {
  if (state_ == LinkState::kClosed) return reported({});
  last_heard_ = now;
  ++counters_.frames_in;
  counters_.bytes_in += bytes.size();
  LinkActions actions;
  auto frame = decode_frame(bytes);
  if (!frame) {
    ++counters_.malformed;
    end({ByeCode::kMalformed, "malformed frame: " + frame.error().message, false}, false);
    return reported({});
  }
  bool deliver = true;
  if (auto failure = accept(*frame, bytes.size(), now, deliver)) {
    end({failure->code, std::move(failure->reason), false}, false);
  } else if (deliver && state_ != LinkState::kClosed) {
    actions.push_back(Deliver{std::move(*frame), bytes.size()});
  }
  return reported(std::move(actions));
}

void LinkSession::close(ByeCode code, std::string reason, Instant) {
  if (state_ != LinkState::kClosed) end({code, std::move(reason), false}, true);
}

std::optional<Instant> LinkSession::timeout() const {
  if (unreported_close_) return last_heard_;
  if (state_ == LinkState::kClosed) return std::nullopt;
  Instant due = std::min(last_heard_ + options_.dead_after, last_sent_ + ping_interval_);
  if (state_ == LinkState::kStarting) due = std::min(due, started_ + options_.handshake_timeout);
  if (!out_.empty()) due = std::min(due, stalled_since_ + options_.dead_after);
  return due;
}

LinkActions LinkSession::tick(Instant now) {
  if (state_ == LinkState::kClosed) return reported({});
  // A clock that was set back must not keep a dead link alive.
  for (Instant* past : {&started_, &last_heard_, &last_sent_, &stalled_since_}) {
    *past = std::min(*past, now);
  }
  if (std::exchange(popped_, false)) stalled_since_ = now;
  if (state_ == LinkState::kStarting && now >= started_ + options_.handshake_timeout) {
    end({ByeCode::kIdle, "no hello and welcome in time: check that both ends run Simpul", false},
        false);
  } else if (now >= last_heard_ + options_.dead_after) {
    end({ByeCode::kIdle, "nothing heard from the peer in time: the line or the peer is down",
         false},
        false);
  } else if (!out_.empty() && now >= stalled_since_ + options_.dead_after) {
    end({ByeCode::kOverLimit, "the peer does not read", false}, false);
  } else if (now >= last_sent_ + ping_interval_) {
    ping(now);
  }
  return reported({});
}

void LinkSession::pop_out() {
  queued_bytes_ -= out_.front().size();
  out_.pop_front();
  popped_ = true;
}

void LinkSession::push(Bytes bytes) {
  ++counters_.frames_out;
  counters_.bytes_out += bytes.size();
  queued_bytes_ += bytes.size();
  out_.push_back(std::move(bytes));
}

void LinkSession::ping(Instant now) {
  ping_sent_ = now;
  pings_.push_back({.nonce = ++ping_nonce_, .frames_before = counters_.frames_out});
  if (pings_.size() > kPingsRememberedMax) pings_.pop_front();
  auto bytes = encode_frame(Ping{.nonce = ping_nonce_, .is_pong = false, .time = now});
  if (bytes) (void)queue(std::move(*bytes), now);  // a full queue ends the session
}

void LinkSession::ask_time(Instant now) {
  if (state_ != LinkState::kOpen || ping_sent_) return;
  if (pings_.size() < kProbesUnansweredMax && probes_.take(now)) ping(now);
}

void LinkSession::probe(std::uint64_t frames, Instant now) {
  const bool under_way = !pings_.empty() && pings_.back().frames_before >= frames;
  if (state_ != LinkState::kOpen || frames_taken_ >= frames || under_way) return;
  if (pings_.size() < kProbesUnansweredMax && probes_.take(now)) ping(now);
}

// The last thing that happens to a session. What waits is dropped unless `keep_queue`: the
// peer gets the Bye at once, and streams resume from their cursors anyway.
void LinkSession::end(Close close, bool keep_queue) {
  close.reason = presentable(std::move(close.reason));
  if (!keep_queue) {
    out_.clear();
    queued_bytes_ = 0;
  }
  if (!close.by_peer) {
    if (auto bye = encode_frame(Bye{close.code, close.reason})) push(std::move(*bye));
  }
  state_ = LinkState::kClosed;
  unreported_close_ = std::move(close);
}

LinkActions LinkSession::reported(LinkActions actions) {
  if (unreported_close_) actions.push_back(*std::exchange(unreported_close_, std::nullopt));
  return actions;
}

}  // namespace simpul
