#include "tests/simulation/flow.h"

namespace simpul::sim {
namespace {

constexpr std::uint64_t kWindow = 4u << 20;  // SPEC, "Streams, credit and acknowledgement"

}  // namespace

std::optional<std::string> Flow::sent(std::size_t node, LinkId link, BytesView bytes) {
  const auto frame = decode_frame(bytes);
  if (!frame) return std::nullopt;
  if (const auto* records = std::get_if<JournalRecords>(&*frame)) {
    return spend(node, link, {false, records->journal}, bytes.size());
  }
  const auto* items = std::get_if<MailboxRecords>(&*frame);
  if (items == nullptr || items->is_reply) return std::nullopt;
  return spend(node, link, {true, {}}, bytes.size());
}

std::optional<std::string> Flow::received(std::size_t node, LinkId link, BytesView bytes) {
  const auto frame = decode_frame(bytes);
  if (!frame) return std::nullopt;
  if (const auto* subscribe = std::get_if<Subscribe>(&*frame)) {
    return grant(node, link, subscribe->stream, subscribe->credit_bytes);
  }
  if (const auto* ack = std::get_if<Ack>(&*frame)) {
    return grant(node, link, ack->stream, ack->credit_bytes);
  }
  return std::nullopt;
}

std::optional<std::string> Flow::grant(std::size_t node, LinkId link, const StreamId& id,
                                       std::uint64_t bytes) {
  Account& account = accounts_[{node, link}][stream_of(id)];
  account.granted += bytes;
  const std::uint64_t unspent = account.granted - account.spent;
  most_unspent_ = std::max(most_unspent_, unspent);
  if (unspent <= kWindow) return std::nullopt;
  return "was granted " + std::to_string(unspent) + " bytes on one stream, a window is " +
         std::to_string(kWindow);
}

std::optional<std::string> Flow::spend(std::size_t node, LinkId link, const Stream& stream,
                                       std::uint64_t bytes) {
  Account& account = accounts_[{node, link}][stream];
  account.spent += bytes;
  if (account.spent <= account.granted) return std::nullopt;
  const std::uint64_t beyond = account.spent - account.granted;
  account.granted = account.spent;
  return "sent " + std::to_string(beyond) + " bytes of records beyond its credit";
}

}  // namespace simpul::sim
