// Bare ZeroMQ under CURVE and bare LMDB, and what they reach together. Shares nothing with the
// node's transport, engine or storage.
#pragma once

#include <cstdint>
#include <string>

#include "crypto/bytes.h"

struct MDB_env;
struct MDB_txn;

namespace simpul::bench {

// Appends records under rising keys; not durable before commit() returns.
class Appender {
 public:
  explicit Appender(const std::string& directory);  // created; kept until the program ends it
  ~Appender();
  Appender(const Appender&) = delete;
  Appender& operator=(const Appender&) = delete;
  void append(BytesView record);
  void commit();

 private:
  MDB_env* env_ = nullptr;
  MDB_txn* txn_ = nullptr;
  unsigned table_ = 0;
  std::uint64_t next_ = 0;
};

double curve_messages_per_second(std::size_t size, double seconds);
double curve_round_trip_ms(double seconds);  // median, 400 bytes there and 100 back
double composed_events_per_second(const std::string& directory, std::size_t batch, double seconds);

}  // namespace simpul::bench
