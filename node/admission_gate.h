// The admission table of the moment. Any thread sets it; the transport's thread reads it per
// frame at the price of one atomic load.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include "node/admission.h"

namespace simpul {

class AdmissionGate {
 public:
  void set(std::shared_ptr<const AdmissionTable> table) {
    const std::lock_guard lock(mutex_);
    next_ = std::move(table);
    version_.fetch_add(1, std::memory_order_release);
  }

  // The transport's thread only. Valid until the next call.
  const AdmissionTable& current() {
    const auto version = version_.load(std::memory_order_acquire);
    if (version != seen_) {
      const std::lock_guard lock(mutex_);
      current_ = next_;
      seen_ = version;
    }
    return *current_;
  }

  // Whether the table is another one than at the last call. The transport's thread only.
  bool changed() {
    current();
    return std::exchange(swept_, seen_) != seen_;
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<const AdmissionTable> next_;  // guarded by mutex_
  std::atomic<std::uint64_t> version_ = 0;
  std::shared_ptr<const AdmissionTable> current_ = std::make_shared<AdmissionTable>();
  std::uint64_t seen_ = 0;
  std::uint64_t swept_ = 0;
};

}  // namespace simpul
