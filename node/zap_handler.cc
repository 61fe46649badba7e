#include "node/zap_handler.h"

#include "crypto/encoding.h"

namespace simpul {
namespace {

// The parts of a request for CURVE: address of the asker in two parts, then RFC 27's.
enum Part : std::size_t {
  kRouting,
  kDelimiter,
  kVersion,
  kRequestId,
  kDomain,
  kAddress,
  kIdentity,
  kMechanism,
  kCredentials,
  kParts
};

BytesView view_of(const zmq::message_t& part) {
  return {static_cast<const std::uint8_t*>(part.data()), part.size()};
}

}  // namespace

ZapHandler::ZapHandler(LinkHost& host)
    : host_(host), socket_(host.context, zmq::socket_type::router) {
  socket_->bind("inproc://zeromq.zap.01");
}

bool ZapHandler::serve(SteadyTime now) {
  bool served = false;
  while (auto part = socket_.receive()) {
    std::vector<zmq::message_t> request;
    request.push_back(std::move(*part));
    while (socket_->get(zmq::sockopt::rcvmore)) {
      auto next = socket_.receive();
      if (!next) break;
      if (request.size() < kParts) request.push_back(std::move(*next));
    }
    answer(request, now);
    served = true;
  }
  return served;
}

void ZapHandler::answer(const std::vector<zmq::message_t>& request, SteadyTime now) {
  if (request.size() <= kRequestId) return;
  bool admitted = false;
  std::string user;
  if (request.size() == kParts && as_text(view_of(request[kMechanism])) == "CURVE" &&
      as_text(view_of(request[kDomain])) == kZapDomain) {
    if (const auto key = TransportKey::from(view_of(request[kCredentials]))) {
      admitted = admits(*key, now);
      user = to_hex(key->view());
    }
  }
  if (!admitted) host_.ledger.handshakes_refused += 1;
  for (const auto part : {kRouting, kDelimiter, kVersion, kRequestId}) {
    socket_.send(view_of(request[part]), true);
  }
  socket_.send(as_bytes(admitted ? "200" : "300"), true);
  socket_.send(as_bytes(admitted ? "OK" : "not admitted now"), true);
  socket_.send(as_bytes(admitted ? user : ""), true);
  socket_.send({}, false);  // no metadata
}

bool ZapHandler::admits(const TransportKey& key, SteadyTime now) {
  switch (host_.gate.current().standing(key)) {
    case Standing::kMember:
      return true;
    case Standing::kStranger:
      return stranger_may_come(now);
    case Standing::kRefused:
      return false;
  }
  return false;
}

bool ZapHandler::stranger_may_come(SteadyTime now) {
  if (host_.ledger.connections > host_.options.connections_max) return false;
  if (now - second_began_ >= std::chrono::seconds(1)) {
    second_began_ = now;
    strangers_this_second_ = 0;
  }
  return ++strangers_this_second_ <= host_.options.strangers_per_second;
}

}  // namespace simpul
