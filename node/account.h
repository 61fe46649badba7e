// Accounts of this machine, by name and number, for records of who did something here.
#pragma once

#include <sys/types.h>

#include <string>

#include "node/descriptor.h"

namespace simpul {

// "budi (1000)"; "(1000)" for an account without a name.
std::string account_text(uid_t user);
// Of the process at the other end of a Unix socket; "(unknown)" where the system does not say.
std::string account_at(const Descriptor& socket);

}  // namespace simpul
