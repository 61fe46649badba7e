#include "protocol/stream.h"

#include <algorithm>

namespace simpul {

OutStream::OutStream(StreamId id, std::uint64_t from)
    : id_(std::move(id)), sent_(from), acked_(from), reached_(from) {}

std::optional<CursorSpan> OutStream::next(std::uint64_t available) const {
  if (credit_bytes_ == 0 || available <= sent_) return std::nullopt;
  return CursorSpan{sent_, available};
}

Result<void> OutStream::send(CursorSpan span, std::uint64_t frame_bytes) {
  if (span.from != sent_ || span.to < span.from) {
    return fail(ErrorCode::kConflict,
                "records from " + std::to_string(span.from) + " to " + std::to_string(span.to) +
                    " do not follow what was sent, up to " + std::to_string(sent_));
  }
  if (frame_bytes > credit_bytes_) {
    return fail(ErrorCode::kUnavailable, "a frame of " + std::to_string(frame_bytes) +
                                             " bytes passes the credit of " +
                                             std::to_string(credit_bytes_));
  }
  sent_ = span.to;
  reached_ = std::max(reached_, sent_);
  credit_bytes_ -= frame_bytes;
  return {};
}

void OutStream::grant(std::uint64_t credit_bytes) {
  const std::uint64_t room = kCreditBytesMax - credit_bytes_;
  credit_bytes_ += std::min(room, credit_bytes);
}

Result<bool> OutStream::acknowledge(std::uint64_t cursor) {
  if (cursor > reached_) {
    return fail(ErrorCode::kConflict, "acknowledges up to " + std::to_string(cursor) +
                                          " where only " + std::to_string(reached_) + " was sent");
  }
  if (cursor <= acked_) return false;
  acked_ = cursor;
  sent_ = std::max(sent_, cursor);
  return true;
}

void OutStream::restart(StreamId id, std::uint64_t from) {
  reached_ = id == id_ ? std::max(reached_, from) : from;
  id_ = std::move(id);
  sent_ = acked_ = from;
}

std::uint64_t InStream::subscribe(std::uint64_t from) {
  durable_ = from;
  waiting_.clear();
  waiting_bytes_ = 0;
  const std::uint64_t credit = window_bytes_ - unspent_bytes_;
  unspent_bytes_ = window_bytes_;
  return credit;
}

Result<void> InStream::receive(std::uint64_t to, std::uint64_t frame_bytes) {
  if (frame_bytes > unspent_bytes_) {
    return fail(ErrorCode::kTooLarge, "records of " + std::to_string(frame_bytes) +
                                          " bytes where " + std::to_string(unspent_bytes_) +
                                          " were granted");
  }
  unspent_bytes_ -= frame_bytes;
  waiting_bytes_ += frame_bytes;
  waiting_.push_back({to, frame_bytes});
  return {};
}

std::uint64_t InStream::acknowledge(std::uint64_t cursor) {
  if (cursor < durable_) return 0;
  durable_ = cursor;
  std::uint64_t done = 0;
  while (!waiting_.empty() && waiting_.front().to <= cursor) {
    done += waiting_.front().frame_bytes;
    waiting_.pop_front();
  }
  waiting_bytes_ -= done;
  unspent_bytes_ += done;
  return done;
}

}  // namespace simpul
