// fuzz_seeds FOLDER: writes the seeds of every target into FOLDER/TARGET/.
#include <cstdio>
#include <fstream>

#include "crypto/result.h"
#include "tests/fuzz/seeds.h"

namespace simpul::fuzz {

void Corpus::add(std::string_view target, const std::string& name, BytesView input) {
  const auto folder = folder_ / target;
  std::filesystem::create_directories(folder);
  std::ofstream stream(folder / ("seed-" + name), std::ios::binary);
  stream << as_text(input);
  SIMPUL_CHECK(stream.good());
  ++size_;
}

}  // namespace simpul::fuzz

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr, "usage: fuzz_seeds FOLDER\n");
    return 2;
  }
  simpul::fuzz::Corpus corpus(arguments[1]);
  simpul::fuzz::add_files(corpus);
  simpul::fuzz::add_messages(corpus);
  simpul::fuzz::add_protocol(corpus);
  std::printf("%zu seeds\n", corpus.size());
  return 0;
}
