// Numbers that whoever runs a test may choose: how often, how much, from which seed.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace simpul {

// The environment variable's, or `otherwise` where it is not set.
inline std::uint64_t chosen_number(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

}  // namespace simpul
