// Tells systemd how the service is doing ($NOTIFY_SOCKET). Does nothing without one.
#pragma once

#include <string_view>

namespace simpul {

// "READY=1", "STOPPING=1", "STATUS=...": see sd_notify(3).
void notify_service_manager(std::string_view state);

}  // namespace simpul
