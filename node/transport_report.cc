#include "node/transport_report.h"

#include "crypto/encoding.h"

namespace simpul {

Json transport_report(const Transport& transport, std::size_t inputs_waiting) {
  const TransportStats stats = transport.stats();
  Json links = Json::array();
  for (const LinkTraffic& link : transport.traffic()) {
    links.push_back({{"link", link.link},
                     {"peer", to_hex(link.peer.view())},
                     {"dialled", link.dialled},
                     {"frames_in", link.frames_in},
                     {"frames_out", link.frames_out},
                     {"bytes_in", link.bytes_in},
                     {"bytes_out", link.bytes_out},
                     {"bytes_queued", link.bytes_queued}});
  }
  return {{"inputs_waiting", inputs_waiting},
          {"frames_in", stats.frames_in},
          {"frames_out", stats.frames_out},
          {"bytes_in", stats.bytes_in},
          {"bytes_out", stats.bytes_out},
          {"frames_dropped", stats.frames_dropped},
          {"messages_refused", stats.messages_refused},
          {"handshakes_refused", stats.handshakes_refused},
          {"handshakes_failed", stats.handshakes_failed},
          {"connections", stats.connections},
          {"links", std::move(links)}};
}

}  // namespace simpul
