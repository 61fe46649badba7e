// Runs inputs through the fuzz targets, without a fuzzer: fuzz_replay CORPUS [NAME...] takes every
// file of CORPUS/NAME, of all targets if none is named; each target must have some. An input that
// breaks a claim is named last. fuzz_replay --list names the targets; besides them there is
// self-test, whose claim the input "broken" breaks.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "crypto/result.h"
#include "tests/fuzz/targets.h"

namespace {

namespace fs = std::filesystem;

std::string current_input;

void name_current_input(int) {
  std::fprintf(stderr, "broken by %s\n", current_input.c_str());
  std::_Exit(1);
}

std::vector<fs::path> inputs_in(const fs::path& folder) {
  std::vector<fs::path> inputs;
  if (!fs::is_directory(folder)) return inputs;
  for (const auto& entry : fs::directory_iterator(folder)) inputs.push_back(entry.path());
  std::ranges::sort(inputs);
  return inputs;
}

simpul::Bytes content_of(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// How many inputs there were.
std::size_t replay(const simpul::fuzz::Target& target, const fs::path& corpus) {
  const auto inputs = inputs_in(corpus / target.name);
  for (const fs::path& path : inputs) {
    current_input = path.string();
    const simpul::Bytes input = content_of(path);
    target.run(input);
  }
  std::printf("%s: %zu\n", std::string(target.name).c_str(), inputs.size());
  return inputs.size();
}

int list_targets() {
  for (const auto& target : simpul::fuzz::targets()) {
    std::printf("%s\n", std::string(target.name).c_str());
  }
  return 0;
}

constexpr simpul::fuzz::Target kSelfTest{
    "self-test", [](simpul::BytesView input) { SIMPUL_CHECK(simpul::as_text(input) != "broken"); }};

bool is_named(const simpul::fuzz::Target& target, const std::vector<std::string>& names) {
  return names.empty() || std::ranges::find(names, target.name) != names.end();
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::fprintf(stderr, "usage: fuzz_replay CORPUS [NAME...]\n");
    return 2;
  }
  std::signal(SIGABRT, name_current_input);
  if (arguments[1] == std::string("--list")) return list_targets();
  const std::vector<std::string> names(arguments + 2, arguments + count);
  std::size_t replayed = 0;
  for (const auto& target : simpul::fuzz::targets()) {
    if (!is_named(target, names)) continue;
    const std::size_t inputs = replay(target, arguments[1]);
    if (inputs == 0) {
      std::fprintf(stderr, "no inputs for %s\n", std::string(target.name).c_str());
      return 1;
    }
    replayed += inputs;
  }
  if (std::ranges::find(names, kSelfTest.name) != names.end()) {
    replayed += replay(kSelfTest, arguments[1]);
  }
  std::printf("%zu inputs replayed\n", replayed);
  return replayed > 0 ? 0 : 1;
}
