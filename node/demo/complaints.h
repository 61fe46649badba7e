// What people complain about in the demo: invented texts, names and places, in Indonesian as a
// node in Indonesia would hold them. No real person is meant.
#pragma once

#include <span>

namespace simpul {

// Whose business it is, seen from the member that receives it.
enum class Owner { kReceiver, kProvince, kPublicWorks, kHealth };

struct Complaint {
  const char* category;
  Owner owner;
  const char* unit;  // code of an office of whoever handles it
  const char* text;
  const char* answer;
};
std::span<const Complaint> complaints();

std::span<const char* const> reporters();
// Places of that member; REQUIRES one that opens cases.
std::span<const char* const> places_of(const char* member);

}  // namespace simpul
