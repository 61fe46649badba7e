#include "protocol/levels.h"

namespace simpul {

MemberId next_level(const MemberId& member, const Roster& roster) {
  if (member == roster.ruling_hub) return {};
  const std::string& code = member.text();
  const std::size_t dot = code.find('.');
  if (!member.is_region() || dot == std::string::npos) return roster.ruling_hub;
  const auto province = MemberId::parse(code.substr(0, dot));
  const Member* const found = province ? roster.find(*province) : nullptr;
  return found != nullptr && !found->suspended ? found->id : roster.ruling_hub;
}

}  // namespace simpul
