// The seeds of the corpora, made of real messages: each maker adds its own. Deterministic: the same
// program writes the same files.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "crypto/bytes.h"

namespace simpul::fuzz {

class Corpus {
 public:
  explicit Corpus(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Writes FOLDER/TARGET/seed-NAME.
  void add(std::string_view target, const std::string& name, BytesView input);
  void add(std::string_view target, const std::string& name, std::string_view input) {
    add(target, name, as_bytes(input));
  }
  std::size_t size() const { return size_; }

 private:
  std::filesystem::path folder_;
  std::size_t size_ = 0;
};

void add_files(Corpus& corpus);
void add_messages(Corpus& corpus);
void add_protocol(Corpus& corpus);

}  // namespace simpul::fuzz
