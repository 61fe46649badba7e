// Time as the benchmarks take it, and what is read off many measurements.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "crypto/result.h"

namespace simpul::bench {

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// The value below which `share` of all lie. REQUIRES some values.
inline double percentile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const auto at = static_cast<std::size_t>(share * static_cast<double>(values.size()));
  return values[std::min(at, values.size() - 1)];
}

// How often per second `act` can be called, over at least `seconds`.
template <class Act>
double rate_of(double seconds, Act&& act) {
  const Stopwatch watch;
  std::size_t count = 0;
  do {
    act();
    ++count;
  } while (watch.seconds() < seconds);
  return static_cast<double>(count) / watch.seconds();
}

// A benchmark that cannot be set up ends the program: a figure of it would be wrong.
template <class T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().message.c_str());
    std::exit(1);
  }
  return *std::move(result);
}
inline void must(Result<void> result) {
  if (result) return;
  std::fprintf(stderr, "%s\n", result.error().message.c_str());
  std::exit(1);
}

}  // namespace simpul::bench
