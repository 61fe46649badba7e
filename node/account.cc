#include "node/account.h"

#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace simpul {

std::string account_text(uid_t user) {
  std::array<char, 16'384> buffer;
  passwd entry{};
  passwd* found = nullptr;
  const int code = ::getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found);
  const std::string number = "(" + std::to_string(user) + ")";
  return code == 0 && found != nullptr ? std::string(found->pw_name) + " " + number : number;
}

std::string account_at(const Descriptor& socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return "(unknown)";
  return account_text(peer.uid);
}

}  // namespace simpul
