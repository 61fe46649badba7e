// Links between nodes, as the engine sees them: authenticated, ordered, message by message.
// One implementation speaks ZeroMQ (zmq_transport.h), one lives in memory for tests
// (tests/support/memory_transport.h). A transport knows keys, not members, and moves opaque
// bytes: it never looks into a frame and never promises delivery. What must arrive is sent
// again by the engine until the peer has acknowledged it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/keys.h"
#include "node/admission.h"

namespace simpul {

using LinkId = std::uint64_t;  // from 1; never used again in a process

// The other side holds this key's secret. For a link dialled here it is the key that was
// dialled; otherwise the key the connection was admitted with. A link that was accepted
// comes up with its first frame.
struct LinkUp {
  LinkId link = 0;
  TransportKey peer;
  bool dialled = false;
};

// At most kFrameSizeMax bytes, complete and in the order sent. `peer` is that of the LinkUp:
// the transport checked its standing when this frame was read, the engine checks its own
// roster again when it applies it.
struct FrameIn {
  LinkId link = 0;
  Bytes bytes;
};

// The end of a link, once for every dial() and every LinkUp, close() included. The reason is
// a sentence for the operator. Nothing of this link follows.
struct LinkDown {
  LinkId link = 0;
  std::string reason;
};

using TransportEvent = std::variant<LinkUp, FrameIn, LinkDown>;

// Where events go; called from the transport's own thread, one call at a time, and must
// neither block nor call back into the transport. The event is taken in any case. `false`
// says "enough for now": the transport stops reading until resume(), so that ZeroMQ's queues
// and TCP push back on the senders. A few more events may still come (ends of links).
using TransportSink = std::function<bool(TransportEvent&&)>;

struct LinkTraffic {
  LinkId link = 0;
  TransportKey peer;
  bool dialled = false;
  std::uint64_t frames_in = 0, frames_out = 0;
  std::uint64_t bytes_in = 0, bytes_out = 0;
  std::uint64_t bytes_queued = 0;  // accepted by send(), not yet given to the network
};

struct TransportStats {
  std::uint64_t frames_in = 0, frames_out = 0;
  std::uint64_t bytes_in = 0, bytes_out = 0;
  std::uint64_t frames_dropped = 0;      // of links closed here, or of peers that lost standing
  std::uint64_t messages_refused = 0;    // several parts, or an identity of the peer's choosing
  std::uint64_t handshakes_refused = 0;  // by the admission table or the limit on strangers
  std::uint64_t handshakes_failed = 0;   // wrong keys, protocol errors, silence
  std::uint64_t connections = 0;         // accepted and open now
};

class Transport {
 public:
  virtual ~Transport() = default;

  // Every function may be called from any thread and returns without waiting for the network.

  // Opens a link to a node that must hold `server`'s secret. LinkUp or LinkDown follows. Never
  // redials: when to try again is the engine's decision.
  virtual LinkId dial(std::string_view endpoint, const TransportKey& server) = 0;

  // Queues one frame (1 to kFrameSizeMax bytes); a dialled link takes them before it is up. Frames
  // for a link that is gone are dropped. A link whose queue passes its limit goes down ("the peer
  // does not read ...").
  virtual void send(LinkId link, Bytes frame) = 0;

  // Ends a link after what was queued is with the network, or after `flush_ms` at the latest.
  // Frames of the peer that come meanwhile are dropped. LinkDown follows.
  virtual void close(LinkId link, std::uint32_t flush_ms) = 0;

  // Takes effect on the next frame of every open link, and on every new handshake.
  virtual void set_admission(std::shared_ptr<const AdmissionTable> table) = 0;

  // Reading goes on after the sink had enough.
  virtual void resume() = 0;

  virtual TransportStats stats() const = 0;
  virtual std::vector<LinkTraffic> traffic() const = 0;  // open links
};

}  // namespace simpul
