#include "node/control_wire.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

#include "node/files.h"
#include "node/json_depth.h"

namespace simpul {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kWriteStep = 256 << 10;
constexpr std::size_t kReadStep = 1 << 20;  // memory grows with what came, not with what is claimed
constexpr int kBacklog = 64;

Error gone(const char* what) {
  return {ErrorCode::kUnavailable, what};
}

Result<void> wait_for(const Descriptor& socket, short events, ControlDeadline deadline) {
  for (;;) {
    int wait_ms = -1;
    if (deadline) {
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(*deadline - Clock::now()).count();
      wait_ms = static_cast<int>(std::clamp<std::int64_t>(left, 0, 1'000'000));
    }
    pollfd polled{socket.get(), events, 0};
    const int ready = ::poll(&polled, 1, wait_ms);
    if (ready > 0) return {};
    if (ready == 0 && Clock::now() >= *deadline) {
      return std::unexpected(gone("the node did not answer in time"));
    }
    if (ready < 0 && errno != EINTR) return std::unexpected(gone(std::strerror(errno)));
  }
}

Result<void> read_exactly(const Descriptor& socket, std::span<std::uint8_t> out,
                          ControlDeadline deadline) {
  while (!out.empty()) {
    SIMPUL_TRY_VOID(wait_for(socket, POLLIN, deadline));
    const ssize_t count = ::recv(socket.get(), out.data(), out.size(), 0);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count <= 0) return std::unexpected(gone("the other side closed the connection"));
    out = out.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

Result<void> write_exactly(const Descriptor& socket, BytesView bytes, ControlDeadline deadline) {
  while (!bytes.empty()) {
    SIMPUL_TRY_VOID(wait_for(socket, POLLOUT, deadline));
    const ssize_t count =
        ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count < 0) return std::unexpected(gone("the other side closed the connection"));
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

// The socket's address. One whose path is too long for it goes through the directory's
// descriptor, which has to stay open meanwhile.
struct Address {
  sockaddr_un address{};
  Descriptor directory;
};

Result<Address> address_of(const Home& home) {
  Address result;
  result.address.sun_family = AF_UNIX;
  std::string path = home.control_socket();
  if (path.size() >= sizeof(result.address.sun_path)) {
    result.directory = Descriptor(::open(home.path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!result.directory) return std::unexpected(file_error("open", home.path()));
    path = "/proc/self/fd/" + std::to_string(result.directory.get()) + "/control.sock";
  }
  std::memcpy(result.address.sun_path, path.c_str(), path.size() + 1);
  return result;
}

const sockaddr* generic(const Address& address) {
  return reinterpret_cast<const sockaddr*>(&address.address);
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

ErrorCode code_named(std::string_view name) {
  for (int code = 0; code <= static_cast<int>(ErrorCode::kStorage); ++code) {
    if (name == name_of(static_cast<ErrorCode>(code))) return static_cast<ErrorCode>(code);
  }
  return ErrorCode::kUnavailable;
}

Result<std::array<std::uint8_t, 4>> header_of(std::string_view json) {
  if (json.size() > kControlMessageSizeMax) {
    return fail(ErrorCode::kTooLarge, "the message is larger than " +
                                          std::to_string(kControlMessageSizeMax >> 20) + " MiB");
  }
  std::array<std::uint8_t, 4> header{};
  for (std::size_t i = 0; i < header.size(); ++i) {
    header[i] = static_cast<std::uint8_t>(json.size() >> (8 * i));
  }
  return header;
}

std::unexpected<Error> not_understood() {
  return fail(ErrorCode::kMalformed, "the node's answer was not understood");
}

}  // namespace

Result<std::uint32_t> read_length(const Descriptor& socket, ControlDeadline deadline) {
  std::array<std::uint8_t, 4> header{};
  SIMPUL_TRY_VOID(read_exactly(socket, header, deadline));
  std::uint32_t length = 0;
  for (std::size_t i = 0; i < header.size(); ++i) {
    length |= static_cast<std::uint32_t>(header[i]) << (8 * i);
  }
  if (length > kControlMessageSizeMax) {
    return fail(ErrorCode::kTooLarge,
                "a message of more than " + std::to_string(kControlMessageSizeMax >> 20) + " MiB");
  }
  return length;
}

Result<Bytes> read_body(const Descriptor& socket, std::uint32_t length, ControlDeadline deadline) {
  Bytes body;
  while (body.size() < length) {
    const std::size_t had = body.size();
    body.resize(std::min<std::size_t>(length, had + kReadStep));
    SIMPUL_TRY_VOID(read_exactly(socket, std::span(body).subspan(had), deadline));
  }
  return body;
}

Result<void> write_message(const Descriptor& socket, std::string_view json,
                           ControlDeadline deadline) {
  SIMPUL_TRY(header, header_of(json));
  SIMPUL_TRY_VOID(write_exactly(socket, header, deadline));
  return write_exactly(socket, as_bytes(json), deadline);
}

Result<void> write_reply(const Descriptor& socket, std::string_view json,
                         std::chrono::milliseconds stall_max) {
  SIMPUL_TRY(header, header_of(json));
  SIMPUL_TRY_VOID(write_exactly(socket, header, Clock::now() + stall_max));
  for (; !json.empty(); json.remove_prefix(std::min(json.size(), kWriteStep))) {
    const BytesView step = as_bytes(json.substr(0, kWriteStep));
    SIMPUL_TRY_VOID(write_exactly(socket, step, Clock::now() + stall_max));
  }
  return {};
}

Result<Descriptor> listen_on(const Home& home) {
  SIMPUL_TRY(address, address_of(home));
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) return std::unexpected(file_error("make", home.control_socket()));
  ::unlink(home.control_socket().c_str());
  if (::bind(socket.get(), generic(address), sizeof(address.address)) != 0 ||
      ::chmod(home.control_socket().c_str(), 0600) != 0 || ::listen(socket.get(), kBacklog) != 0) {
    return std::unexpected(file_error("listen on", home.control_socket()));
  }
  return socket;
}

Result<Descriptor> connect_to(const Home& home) {
  auto address = address_of(home);
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!address || !socket ||
      ::connect(socket.get(), generic(*address), sizeof(address->address)) != 0) {
    const int number = errno;
    if (number == EACCES) return std::unexpected(file_error("open", home.control_socket()));
    return fail(ErrorCode::kUnavailable, "no node is running in " + home.path() + " (" +
                                             std::strerror(number) +
                                             "); start it with 'simpul run'");
  }
  return socket;
}

std::string encode_request(const std::string& name, const Json& arguments) {
  return dump({{"name", name}, {"arguments", arguments}});
}

Result<ControlRequest> decode_request(BytesView bytes) {
  if (json_depth(as_text(bytes)) > kControlDepthMax) {
    return fail(ErrorCode::kMalformed, "a request nests deeper than any command needs");
  }
  Json json = Json::parse(bytes.begin(), bytes.end(), nullptr, false);
  if (!json.is_object() || !json.contains("name") || !json["name"].is_string()) {
    return fail(ErrorCode::kMalformed, "a request is {\"name\": ..., \"arguments\": {...}}");
  }
  Json arguments = json.contains("arguments") ? std::move(json["arguments"]) : Json::object();
  if (!arguments.is_object()) {
    return fail(ErrorCode::kMalformed, "the arguments of a request are an object");
  }
  return ControlRequest{json["name"].get<std::string>(), std::move(arguments)};
}

std::string encode_reply(const Result<Json>& reply) {
  if (reply) return dump({{"ok", true}, {"result", *reply}});
  return dump(
      {{"ok", false},
       {"error", {{"code", name_of(reply.error().code)}, {"message", reply.error().message}}}});
}

Result<Json> decode_reply(BytesView bytes) {
  if (json_depth(as_text(bytes)) > kControlDepthMax) return not_understood();
  Json json = Json::parse(bytes.begin(), bytes.end(), nullptr, false);
  if (!json.is_object()) return not_understood();
  const auto ok = json.find("ok");
  if (ok != json.end() && *ok == true && json.contains("result")) {
    return std::move(json["result"]);
  }
  const Json error = json.value("error", Json::object());
  if (!error.is_object() || !error.contains("message") || !error["message"].is_string()) {
    return not_understood();
  }
  const auto code = error.find("code");
  return fail(code_named(code != error.end() && code->is_string() ? code->get<std::string>() : ""),
              error["message"].get<std::string>());
}

}  // namespace simpul
