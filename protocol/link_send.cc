// What the engine may send when, and how it is queued.
#include <algorithm>

#include "protocol/link_session.h"

namespace simpul {
namespace {

std::unexpected<Error> not_allowed(const Frame& frame, LinkState state) {
  return fail(ErrorCode::kNotAllowed, std::string("a ") + name_of(frame) +
                                          " frame cannot be sent while the link is " +
                                          name_of(state));
}

}  // namespace

Result<void> LinkSession::send(const Frame& given, Instant now) {
  SIMPUL_TRY_VOID(check_sendable(given));
  const auto kind = limited_kind(given);
  if (kind && !ours_[static_cast<std::size_t>(*kind)].take(now)) {
    return fail(ErrorCode::kUnavailable,
                std::string("enough ") + name_of(given) + " frames for now: try again later");
  }
  if (const auto* records = std::get_if<JournalRecords>(&given)) {
    SIMPUL_TRY(bytes, encode_frame(given));
    return send_records({.is_mailbox = false, .journal = records->journal},
                        {records->first, records->first + records->events.size()}, std::move(bytes),
                        now);
  }
  if (const auto* records = std::get_if<MailboxRecords>(&given)) {
    SIMPUL_TRY(bytes, encode_frame(given));
    if (records->is_reply) return send_bulk(std::move(bytes), now);
    return send_records(
        {.is_mailbox = true, .journal = {}, .mailbox_generation = records->generation},
        {records->first, records->last}, std::move(bytes), now);
  }
  if (std::holds_alternative<EnclosureChunk>(given)) {
    SIMPUL_TRY(bytes, encode_frame(given));
    return send_bulk(std::move(bytes), now);
  }
  Frame frame = given;
  if (auto* hello = std::get_if<Hello>(&frame)) SIMPUL_TRY_VOID(prepare(*hello));
  if (auto* subscribe = std::get_if<Subscribe>(&frame)) SIMPUL_TRY_VOID(prepare(*subscribe));
  if (auto* ack = std::get_if<Ack>(&frame)) SIMPUL_TRY_VOID(prepare(*ack));
  SIMPUL_TRY(bytes, encode_frame(frame));
  SIMPUL_TRY_VOID(queue(std::move(bytes), now));
  note_sent(frame);
  return {};
}

Result<void> LinkSession::check_sendable(const Frame& frame) const {
  const bool dialler = party_.role == LinkRole::kDialler;
  const bool open = state_ == LinkState::kOpen;
  bool legal = false;
  if (state_ == LinkState::kClosed || std::holds_alternative<Ping>(frame) ||
      std::holds_alternative<Bye>(frame)) {
    legal = false;  // pings and byes are the session's own
  } else if (std::holds_alternative<RosterRequest>(frame) ||
             std::holds_alternative<RosterFrame>(frame)) {
    legal = true;
  } else if (std::holds_alternative<Hello>(frame)) {
    legal = !open && !hello_sent_ && (dialler || peer_hello_);
  } else if (std::holds_alternative<Enrol>(frame)) {
    legal = !open && dialler && !hello_sent_;
  } else if (std::holds_alternative<EnrolStatus>(frame)) {
    legal = !open && !dialler;
  } else {
    legal = open;
  }
  if (!legal) return not_allowed(frame, state_);
  return {};
}

Result<void> LinkSession::prepare(Hello& hello) {
  hello.is_welcome = party_.role == LinkRole::kListener;
  return {};
}

Result<void> LinkSession::prepare(Subscribe& subscribe) {
  const StreamId key = stream_key(subscribe.stream);
  auto found = in_streams_.find(key);
  if (found == in_streams_.end()) {
    if (in_streams_.size() >= options_.streams_max) {
      return fail(ErrorCode::kUnavailable, "as many streams as one link may carry");
    }
    found = in_streams_.emplace(key, InStream(options_.window_bytes)).first;
  }
  subscribe.credit_bytes = found->second.subscribe(subscribe.from);
  return {};
}

Result<void> LinkSession::prepare(Ack& ack) {
  const auto found = in_streams_.find(stream_key(ack.stream));
  if (found == in_streams_.end()) {
    return fail(ErrorCode::kConflict, "an ack of a stream that we have not subscribed");
  }
  ack.credit_bytes = found->second.acknowledge(ack.cursor);
  return {};
}

Result<void> LinkSession::send_records(const StreamId& stream, CursorSpan span, Bytes bytes,
                                       Instant now) {
  const auto found = out_streams_.find(stream_key(stream));
  if (found == out_streams_.end()) {
    return fail(ErrorCode::kConflict, "records of a stream that the peer has not subscribed");
  }
  if (bytes.size() > credit(stream)) {
    return fail(ErrorCode::kUnavailable, "no credit for these records now: try again later");
  }
  OutStream& out = found->second;
  if (stream != out.id()) out.restart(stream, span.from);  // a new mailbox generation
  SIMPUL_TRY_VOID(out.send(span, bytes.size()));
  return send_bulk(std::move(bytes), now);
}

Result<void> LinkSession::send_bulk(Bytes bytes, Instant now) {
  if (queued_bytes_ + bytes.size() > options_.queue_bytes_max / 2) {
    return fail(ErrorCode::kUnavailable, "enough is queued for the peer: try again later");
  }
  return queue(std::move(bytes), now);
}

Result<void> LinkSession::queue(Bytes bytes, Instant now) {
  if (queued_bytes_ + bytes.size() > options_.queue_bytes_max) {
    end({ByeCode::kOverLimit, "the peer does not read", false}, false);
    return fail(ErrorCode::kUnavailable, "the peer does not read: the link is closed");
  }
  if (out_.empty()) {
    stalled_since_ = now;
    popped_ = false;
  }
  last_sent_ = now;
  push(std::move(bytes));
  return {};
}

void LinkSession::note_sent(const Frame& frame) {
  if (std::holds_alternative<Hello>(frame)) {
    hello_sent_ = true;
    if (party_.role == LinkRole::kListener) state_ = LinkState::kOpen;
  } else if (std::holds_alternative<Enrol>(frame)) {
    state_ = LinkState::kEnrolling;
  } else if (std::holds_alternative<CaseRequest>(frame)) {
    reply_allowance_bytes_ += options_.reply_bytes_max;
  } else if (std::holds_alternative<ConsistencyRequest>(frame)) {
    reply_allowance_bytes_ += options_.consistency_bytes_max;
  } else if (const auto* request = std::get_if<EnclosureRequest>(&frame)) {
    chunks_awaited_ += request->count;
  }
}

std::uint64_t LinkSession::credit(const StreamId& stream) const {
  const auto found = out_streams_.find(stream_key(stream));
  if (found == out_streams_.end()) return 0;
  const std::uint64_t half = options_.queue_bytes_max / 2;
  const std::uint64_t room = half > queued_bytes_ ? half - queued_bytes_ : 0;
  return std::min(found->second.credit(), room);
}

}  // namespace simpul
