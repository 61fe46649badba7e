// Secret bytes: wiped when they go, never printed, compared in constant time. Movable,
// copied only by name.
#pragma once

#include <span>

#include "crypto/bytes.h"

namespace simpul {

// Overwrites memory in a way the compiler may not leave out.
void wipe(std::span<std::uint8_t> memory);

class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(std::size_t size) : bytes_(size) {}
  explicit SecretBytes(BytesView from) : bytes_(from.begin(), from.end()) {}
  SecretBytes(SecretBytes&& other) noexcept : bytes_(std::move(other.bytes_)) {
    other.bytes_.clear();
  }
  SecretBytes& operator=(SecretBytes&& other) noexcept {
    if (this != &other) {
      wipe(bytes_);
      bytes_ = std::move(other.bytes_);
      other.bytes_.clear();
    }
    return *this;
  }
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes() { wipe(bytes_); }

  SecretBytes clone() const { return SecretBytes(view()); }
  BytesView view() const { return bytes_; }
  std::span<std::uint8_t> mutable_view() { return bytes_; }
  std::size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }
  bool operator==(const SecretBytes& other) const;

 private:
  Bytes bytes_;
};

}  // namespace simpul
