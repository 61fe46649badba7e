// One link's state machine: bytes and time in, actions out. It knows what is legal when, credit,
// limits, pings and deadlines; it knows no socket, no store and no roster. Not thread-safe; one
// per connection, gone with it. A Frame handed out is decoded and legal, no more: signatures,
// entitlement and the sender's standing are the engine's to judge, on every frame.
//
// Driving it: start(), then receive() for each message part and tick() when timeout() has come;
// both return actions. send() queues. After any call, whoever owns the socket takes what
// next_out() shows and calls pop_out() once the socket took it. After a Close action the last
// frames (a Bye) may still wait in next_out(); send those if the socket takes them at once, then
// drop the connection.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/random.h"
#include "crypto/result.h"
#include "protocol/frame.h"
#include "protocol/stream.h"
#include "protocol/token_bucket.h"

namespace simpul {

struct LinkOptions {
  Duration handshake_timeout = std::chrono::seconds{10};  // start to Welcome (or Enrol)
  Duration ping_interval = std::chrono::seconds{15};  // of our silence; shortened by up to a fifth
  Duration dead_after = std::chrono::seconds{45};     // of the peer's silence, or of not reading
  std::uint64_t window_bytes = 4u << 20;              // granted to the peer per stream
  std::uint64_t queue_bytes_max = 16u << 20;          // outgoing; records use half of it at most
  std::uint64_t reply_bytes_max = 16u << 20;          // accepted per CaseRequest sent
  std::uint64_t consistency_bytes_max = 32u << 10;    // accepted per ConsistencyRequest sent
  std::size_t streams_max = 4096;                     // per direction
  // What the peer may send; we keep to a quarter of the burst and four fifths of the rate, so
  // that frames bunched by a slow line still pass.
  Rate subscribes{.burst = 8192, .per_second = 250};
  Rate case_requests{.burst = 1000, .per_second = 64};
  Rate enclosure_requests{.burst = 256, .per_second = 64};
  Rate consistency_requests{.burst = 256, .per_second = 16};
  Rate roster_requests{.burst = 40, .per_second = 1};
  Rate enrols{.burst = 8, .per_second = 0.1};
  Rate pings{.burst = 20, .per_second = 1};
  // Ours by probe(), beside those of ping_interval. With the peer's, which we answer, they stay
  // within `pings`.
  Rate probes{.burst = 4, .per_second = 0.4};
};

enum class LinkRole : std::uint8_t { kDialler, kListener };
enum class LinkState : std::uint8_t {
  kStarting,   // before Hello and Welcome; handshake_timeout runs
  kEnrolling,  // an Enrol travelled; waits for admission, kept up by pings
  kOpen,       // Hello and Welcome exchanged
  kClosed,
};
const char* name_of(LinkState state);

struct LinkParty {
  LinkRole role = LinkRole::kDialler;
  std::string federation;
  MemberId peer;  // who the connection's key belongs to; empty when not known (enrolment)
};

// For the engine. Hello and Welcome included; pings are dealt with inside.
struct Deliver {
  Frame frame;
  std::uint64_t wire_bytes = 0;
};
// The link ended, by us or (by_peer) by the peer's Bye. Always the last action.
struct Close {
  ByeCode code = ByeCode::kShutdown;
  std::string reason;
  bool by_peer = false;
};
using LinkAction = std::variant<Deliver, Close>;
using LinkActions = std::vector<LinkAction>;

struct LinkCounters {
  std::uint64_t frames_in = 0, frames_out = 0;  // queued, for out
  std::uint64_t bytes_in = 0, bytes_out = 0;
  std::uint64_t malformed = 0;
};

class LinkSession {
 public:
  // `random` is used here and now, to jitter this session's pings; it is not kept.
  LinkSession(LinkOptions options, LinkParty party, Random& random);

  // The connection exists. A dialler then sends Hello (or Enrol, or RosterRequest) by send().
  void start(Instant now);

  // One message part from the peer.
  LinkActions receive(BytesView bytes, Instant now);

  // Queues a frame. The listener approves a Hello by sending its own: is_welcome is set here.
  // In Subscribe and Ack credit_bytes is filled in here: acknowledging is what grants again.
  // Errors, all of which queue nothing:
  //   kNotAllowed   not legal in this state, or the session is closed
  //   kTooLarge     past kFrameSizeMax
  //   kUnavailable  records beyond credit(); a request beyond its rate; records, replies or
  //                 chunks that would fill more than half the queue: try again later. Or, for
  //                 other frames, the queue is full: then the session is closed, and the next
  //                 receive() or tick() says so (timeout() is due at once)
  //   kConflict     records that do not follow the stream's cursor, or a stream not subscribed
  Result<void> send(const Frame& frame, Instant now);

  // Ends the link: a Bye goes out after what is queued. Does nothing when closed already.
  void close(ByeCode code, std::string reason, Instant now);

  // When tick() wants to be called; nullopt when closed and reported. May be in the past.
  std::optional<Instant> timeout() const;
  LinkActions tick(Instant now);

  // The oldest frame not yet handed to the socket; nullptr when none. Valid until the next call.
  const Bytes* next_out() const { return out_.empty() ? nullptr : &out_.front(); }
  void pop_out();
  std::uint64_t queued_bytes() const { return queued_bytes_; }

  // Bytes of records that may be sent now on a stream that the peer subscribed: its credit, or
  // the room that the queue leaves for records if that is less. 0 if not subscribed. Compare
  // with encoded_size_max(). Any mailbox generation names the one mailbox stream of a link.
  std::uint64_t credit(const StreamId& stream) const;
  // Streams that the peer subscribed, for iterating over what to send. Mailbox: generation 0.
  const std::map<StreamId, OutStream>& out_streams() const { return out_streams_; }
  const std::map<StreamId, InStream>& in_streams() const { return in_streams_; }

  LinkState state() const { return state_; }
  const LinkParty& party() const { return party_; }
  const std::optional<Hello>& peer_hello() const { return peer_hello_; }
  const LinkCounters& counters() const { return counters_; }
  std::optional<Duration> round_trip() const { return round_trip_; }  // of the last ping answered
  // What the peer's clock showed when it last said so, as far behind as half a round trip, and what
  // ours showed when that came.
  struct PeerClock {
    Instant theirs{}, ours{};
  };
  const std::optional<PeerClock>& peer_clock() const { return peer_clock_; }
  // Pings for the peer's time, unless one is under way.
  void ask_time(Instant now);
  // How many of the frames sent (counters().frames_out) the peer has surely taken in: those before
  // a ping that it answered. A node answers once what came before is durable there.
  std::uint64_t frames_taken() const { return frames_taken_; }
  // Pings, so that frames_taken() comes to cover the first `frames` sent; unless such a ping is
  // under way, or enough are: then ask again.
  void probe(std::uint64_t frames, Instant now);
  Instant last_heard() const { return last_heard_; }

 private:
  struct Failure {
    ByeCode code;
    std::string reason;
  };
  using Outcome = std::optional<Failure>;  // nullopt: go on
  // Kinds of frames that have a token bucket each.
  enum class Limited : std::size_t {
    kSubscribe,
    kCase,
    kEnclosure,
    kEnclosureDone,
    kRosterRequest,
    kRoster,
    kForkNotice,
    kEnrol,
    kPing,
    kConsistency,
    kCount,
  };
  using Buckets = std::array<TokenBucket, static_cast<std::size_t>(Limited::kCount)>;
  static std::optional<Limited> limited_kind(const Frame& frame);
  static Buckets buckets(const LinkOptions& options, double burst_share, double rate_share);

  Outcome accept(const Frame& frame, std::uint64_t wire_bytes, Instant now, bool& deliver);
  Outcome accept_hello(const Hello& hello);
  Outcome accept_subscribe(const Subscribe& subscribe);
  Outcome accept_ack(const Ack& ack, bool& deliver);
  Outcome accept_records(const StreamId& stream, std::uint64_t to, std::uint64_t wire_bytes);
  Outcome accept_reply(std::uint64_t wire_bytes);
  Outcome accept_chunk();
  Outcome accept_ping(const Ping& ping, Instant now);
  void note_pong(std::uint64_t nonce, Instant now);
  Outcome check_legal(const Frame& frame) const;

  Result<void> check_sendable(const Frame& frame) const;
  Result<void> prepare(Hello& hello);
  Result<void> prepare(Subscribe& subscribe);
  Result<void> prepare(Ack& ack);
  Result<void> send_records(const StreamId& stream, CursorSpan span, Bytes bytes, Instant now);
  Result<void> send_bulk(Bytes bytes, Instant now);
  Result<void> queue(Bytes bytes, Instant now);
  void note_sent(const Frame& frame);
  void ping(Instant now);
  void end(Close close, bool keep_queue);
  void push(Bytes bytes);
  LinkActions reported(LinkActions actions);

  LinkOptions options_;
  LinkParty party_;
  Duration ping_interval_;
  LinkState state_ = LinkState::kStarting;
  std::optional<Hello> peer_hello_;
  bool hello_sent_ = false;
  Instant started_{}, last_heard_{}, last_sent_{};
  std::optional<Close> unreported_close_;

  std::deque<Bytes> out_;
  std::uint64_t queued_bytes_ = 0;
  Instant stalled_since_{};  // what waits in out_ has been waiting at least since
  bool popped_ = false;      // the socket took something since then
  std::map<StreamId, OutStream> out_streams_;
  std::map<StreamId, InStream> in_streams_;
  std::uint64_t reply_allowance_bytes_ = 0;
  std::uint64_t chunks_awaited_ = 0;
  Buckets theirs_, ours_;

  struct UnansweredPing {
    std::uint64_t nonce = 0;
    std::uint64_t frames_before = 0;
  };
  std::deque<UnansweredPing> pings_;
  TokenBucket probes_;
  std::uint64_t frames_taken_ = 0;
  std::uint64_t ping_nonce_ = 0;
  std::optional<Instant> ping_sent_;
  std::optional<PeerClock> peer_clock_;
  std::optional<Duration> round_trip_;
  LinkCounters counters_;
};

}  // namespace simpul
