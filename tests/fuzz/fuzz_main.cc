// libFuzzer's two entries. `simpul-fuzz --target=NAME [libFuzzer's options] CORPUS...`; libFuzzer
// itself passes over what begins with two dashes, also in the processes that it starts.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/fuzz/targets.h"

namespace {

const simpul::fuzz::Target* chosen = nullptr;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  constexpr std::string_view kOption = "--target=";
  for (int i = 1; i < *count; ++i) {
    const std::string_view argument = (*arguments)[i];
    if (argument.starts_with(kOption)) {
      chosen = simpul::fuzz::find_target(argument.substr(kOption.size()));
    }
  }
  if (chosen == nullptr) {
    std::fprintf(stderr, "usage: simpul-fuzz --target=NAME ...; the names:\n");
    for (const auto& target : simpul::fuzz::targets()) {
      std::fprintf(stderr, "%.*s\n", static_cast<int>(target.name.size()), target.name.data());
    }
    std::exit(2);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chosen->run({data, size});
  return 0;
}
