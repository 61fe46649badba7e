#include "node/control_server.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include "node/account.h"
#include "node/files.h"

namespace simpul {
namespace {

// A client that stops reading its answer is given up, so that stop() never waits for it.
constexpr std::chrono::seconds kReplyTime{10};

}  // namespace

Result<std::unique_ptr<ControlServer>> ControlServer::start(const Home& home,
                                                            ControlHandler handler) {
  SIMPUL_TRY(listener, listen_on(home));
  Descriptor stop_signal(::eventfd(0, EFD_CLOEXEC));
  if (!stop_signal) return std::unexpected(file_error("make", "an event descriptor"));
  return std::unique_ptr<ControlServer>(new ControlServer(
      std::move(listener), std::move(stop_signal), home.control_socket(), std::move(handler)));
}

ControlServer::ControlServer(Descriptor listener, Descriptor stop_signal, std::string path,
                             ControlHandler handler)
    : listener_(std::move(listener)),
      stop_signal_(std::move(stop_signal)),
      path_(std::move(path)),
      handler_(std::move(handler)) {
  acceptor_ = std::thread([this] { accept_connections(); });
}

ControlServer::~ControlServer() {
  stop();
}

void ControlServer::stop() {
  if (!acceptor_.joinable()) return;
  const std::uint64_t one = 1;
  SIMPUL_CHECK(::write(stop_signal_.get(), &one, sizeof one) == sizeof one);
  acceptor_.join();
  ::unlink(path_.c_str());
  const std::lock_guard lock(mutex_);
  // Reading ends; an answer that is on its way still leaves.
  for (Connection& connection : connections_) ::shutdown(connection.socket.get(), SHUT_RD);
  for (Connection& connection : connections_) connection.thread.join();
  connections_.clear();
}

void ControlServer::accept_connections() {
  for (;;) {
    pollfd polled[] = {{listener_.get(), POLLIN, 0}, {stop_signal_.get(), POLLIN, 0}};
    if (::poll(polled, 2, -1) < 0) continue;
    if (polled[1].revents != 0) return;
    Descriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (socket) add(std::move(socket));
  }
}

void ControlServer::add(Descriptor socket) {
  const std::lock_guard lock(mutex_);
  reap();
  if (connections_.size() >= kControlConnectionsMax) {
    const auto told = write_message(
        socket, encode_reply(fail(ErrorCode::kUnavailable, "too many connections; try again")),
        std::chrono::steady_clock::now());
    return;
  }
  Connection& connection = connections_.emplace_back();
  connection.socket = std::move(socket);
  connection.thread = std::thread([this, &connection] { serve(connection); });
}

void ControlServer::serve(Connection& connection) {
  while (serve_one(connection.socket)) {
  }
  ::shutdown(connection.socket.get(), SHUT_RDWR);
  connection.done = true;
}

bool ControlServer::serve_one(const Descriptor& socket) {
  const auto length = read_length(socket, std::nullopt);
  if (!length) {
    if (length.error().code == ErrorCode::kTooLarge) {
      (void)write_message(socket, encode_reply(std::unexpected(length.error())), std::nullopt);
    }
    return false;
  }
  std::unique_lock<std::mutex> large;
  if (*length > kControlRequestLarge) large = std::unique_lock(large_);
  auto body = read_body(socket, *length, std::nullopt);
  if (!body) return false;
  auto request = decode_request(*body);
  Bytes().swap(*body);
  const Result<Json> reply = request ? handler_({.name = std::move(request->name),
                                                 .arguments = std::move(request->arguments),
                                                 .bytes = *length,
                                                 .account = account_at(socket)})
                                     : std::unexpected(request.error());
  return write_reply(socket, encode_reply(reply), kReplyTime).has_value();
}

void ControlServer::reap() {
  connections_.remove_if([](Connection& connection) {
    if (!connection.done) return false;
    connection.thread.join();
    return true;
  });
}

}  // namespace simpul
