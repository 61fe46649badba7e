#include "node/zmq_transport.h"

#include "node/zmq_loop.h"

namespace simpul {

Result<std::unique_ptr<ZmqTransport>> ZmqTransport::start(
    ZmqTransportOptions options, const TransportSecret& secret,
    std::shared_ptr<const AdmissionTable> table, TransportSink sink) {
  const std::string listen = options.listen;
  try {
    auto loop =
        std::make_unique<Loop>(std::move(options), secret, std::move(table), std::move(sink));
    loop->start();
    return std::unique_ptr<ZmqTransport>(new ZmqTransport(std::move(loop)));
  } catch (const zmq::error_t& error) {
    return fail(ErrorCode::kUnavailable, "cannot listen on " + listen + ": " + error.what());
  }
}

ZmqTransport::ZmqTransport(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}

ZmqTransport::~ZmqTransport() = default;

const std::string& ZmqTransport::endpoint() const {
  return loop_->endpoint();
}

void ZmqTransport::stop(std::uint32_t flush_ms) {
  loop_->stop(flush_ms);
}

LinkId ZmqTransport::dial(std::string_view endpoint, const TransportKey& server) {
  const LinkId link = loop_->next_id();
  loop_->ledger.open(link, server, true);  // so that frames may be queued from now on
  loop_->commands.push(DialCommand{link, std::string(endpoint)});
  return link;
}

void ZmqTransport::send(LinkId link, Bytes frame) {
  SIMPUL_CHECK(!frame.empty() && frame.size() <= kFrameSizeMax);
  switch (loop_->ledger.book(link, frame.size(), loop_->options().queued_bytes_max)) {
    case LinkLedger::Booking::kTaken:
      loop_->commands.push(SendCommand{link, std::move(frame)});
      return;
    case LinkLedger::Booking::kOverLimit:
      loop_->commands.push(StalledCommand{link});
      return;
    case LinkLedger::Booking::kUnknownLink:
    case LinkLedger::Booking::kAlreadyStalled:
      return;
  }
}

void ZmqTransport::close(LinkId link, std::uint32_t flush_ms) {
  loop_->commands.push(CloseCommand{link, flush_ms});
}

void ZmqTransport::set_admission(std::shared_ptr<const AdmissionTable> table) {
  loop_->gate.set(std::move(table));
  loop_->commands.wake();
}

void ZmqTransport::resume() {
  loop_->commands.push(ResumeCommand{});
}

TransportStats ZmqTransport::stats() const {
  return loop_->ledger.stats();
}

std::vector<LinkTraffic> ZmqTransport::traffic() const {
  return loop_->ledger.traffic();
}

}  // namespace simpul
