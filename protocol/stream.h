// The two ends of one stream over one link: cursors and credit. Pure values, not thread-safe;
// owned by a LinkSession. They never hold records, only how far those have got.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "crypto/result.h"
#include "protocol/frame.h"

namespace simpul {

inline constexpr std::uint64_t kCreditBytesMax = 64u << 20;  // a grant beyond it is cut to it

// The key of a stream within a link: one mailbox flows over it, whatever its generation.
inline StreamId stream_key(const StreamId& stream) {
  if (!stream.is_mailbox) return stream;
  return {.is_mailbox = true, .journal = {}, .mailbox_generation = 0};
}

// Records (from, to] in cursor terms: those at indices from .. to - 1.
struct CursorSpan {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  bool operator==(const CursorSpan&) const = default;
};

// The sender's end. sent() and acked() go back by restart() only; acked() <= sent().
class OutStream {
 public:
  explicit OutStream(StreamId id, std::uint64_t from);

  const StreamId& id() const { return id_; }
  std::uint64_t sent() const { return sent_; }    // cursor after the last record sent
  std::uint64_t acked() const { return acked_; }  // durable at the receiver
  std::uint64_t credit() const { return credit_bytes_; }

  // What is still to be sent when records up to `available` exist. nullopt when there is
  // nothing or credit is spent.
  [[nodiscard]] std::optional<CursorSpan> next(std::uint64_t available) const;

  // A frame with `span` and of `frame_bytes` goes out. Error::kUnavailable when credit does not
  // cover it, kConflict when it does not begin at sent(). An error changes nothing.
  [[nodiscard]] Result<void> send(CursorSpan span, std::uint64_t frame_bytes);

  void grant(std::uint64_t credit_bytes);

  // True if the cursor moved; false if it is known or lies behind (ignored). After a restart it
  // may confirm what was sent before: sending then goes on from there.
  // Error::kConflict if it acknowledges what was never sent.
  [[nodiscard]] Result<bool> acknowledge(std::uint64_t cursor);

  // The receiver subscribed again, or the holder opened another mailbox generation. Credit stays.
  void restart(StreamId id, std::uint64_t from);

 private:
  StreamId id_;
  std::uint64_t sent_ = 0;
  std::uint64_t acked_ = 0;
  std::uint64_t reached_ = 0;  // the largest sent_ so far
  std::uint64_t credit_bytes_ = 0;
};

// The receiver's end. unspent + unacknowledged bytes never exceed the window.
class InStream {
 public:
  explicit InStream(std::uint64_t window_bytes) : window_bytes_(window_bytes) {}

  std::uint64_t durable() const { return durable_; }        // what we acknowledged last
  std::uint64_t granted() const { return unspent_bytes_; }  // what the peer may still send
  std::uint64_t waiting() const { return waiting_bytes_; }  // received, not yet acknowledged

  // We (re)subscribe from `from`: all frames received so far count as done with. Returns the
  // credit to grant, which fills the window up.
  [[nodiscard]] std::uint64_t subscribe(std::uint64_t from);

  // A frame of `frame_bytes` whose last cursor is `to` came. Error::kTooLarge past the grant.
  [[nodiscard]] Result<void> receive(std::uint64_t to, std::uint64_t frame_bytes);

  // We acknowledge up to `cursor`. Returns the credit to grant with it: the bytes of the frames
  // that it covers. A cursor behind durable() grants nothing.
  [[nodiscard]] std::uint64_t acknowledge(std::uint64_t cursor);

 private:
  struct Waiting {
    std::uint64_t to;
    std::uint64_t frame_bytes;
  };
  std::uint64_t window_bytes_;
  std::uint64_t durable_ = 0;
  std::uint64_t unspent_bytes_ = 0;
  std::uint64_t waiting_bytes_ = 0;
  std::deque<Waiting> waiting_;
};

}  // namespace simpul
