// How commands travel between the program's processes: over the Unix socket HOME/control.sock,
// each message a length (u32, little-endian) and that many bytes of JSON.
//
//   request {"name": "case.show", "arguments": {...}}
//   reply   {"ok": true, "result": ...}
//        or {"ok": false, "error": {"code": "not-allowed", "message": "..."}}
//
// Any number of requests on one connection, answered in order. A plain socket and not ZeroMQ:
// the kernel says at once that nobody listens or that the other side has died, and the one
// ZeroMQ context of the process stays the transport's.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "node/descriptor.h"
#include "node/engine.h"
#include "node/home.h"

namespace simpul {

inline constexpr std::size_t kControlMessageSizeMax = 300u << 20;  // attachments come as base64
inline constexpr std::size_t kControlDepthMax = 32;                // of nesting

using ControlDeadline = std::optional<std::chrono::steady_clock::time_point>;

// Error::kUnavailable: closed by the other side, or the deadline passed ("no answer in time").
Result<std::uint32_t> read_length(const Descriptor& socket, ControlDeadline deadline);
Result<Bytes> read_body(const Descriptor& socket, std::uint32_t length, ControlDeadline deadline);
Result<void> write_message(const Descriptor& socket, std::string_view json,
                           ControlDeadline deadline);
// The same for answers, however large: gives up when the reader takes nothing for `stall_max`.
Result<void> write_reply(const Descriptor& socket, std::string_view json,
                         std::chrono::milliseconds stall_max);

// A socket bound to the path (0600), or connected to it. Paths may be of any length.
Result<Descriptor> listen_on(const Home& home);
Result<Descriptor> connect_to(const Home& home);

std::string encode_request(const std::string& name, const Json& arguments);
struct ControlRequest {
  std::string name;
  Json arguments;
};
Result<ControlRequest> decode_request(BytesView json);
std::string encode_reply(const Result<Json>& reply);
Result<Json> decode_reply(BytesView json);

}  // namespace simpul
