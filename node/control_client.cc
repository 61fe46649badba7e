#include "node/control_client.h"

#include "node/control_wire.h"

namespace simpul {

Result<Json> call_node(const Home& home, const std::string& name, const Json& arguments,
                       std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  SIMPUL_TRY(socket, connect_to(home));
  SIMPUL_TRY_VOID(write_message(socket, encode_request(name, arguments), deadline));
  SIMPUL_TRY(length, read_length(socket, deadline));
  SIMPUL_TRY(body, read_body(socket, length, deadline));
  return decode_reply(body);
}

}  // namespace simpul
