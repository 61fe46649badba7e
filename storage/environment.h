// The database: one LMDB environment in one directory, and transactions on it.
//
// One process, one writer. Write transactions are begun, used and ended on the engine's thread
// alone; read transactions may run on any thread beside it, each on one thread at a time, and
// never block the writer. A read transaction pins the pages it sees, so whoever holds one ends
// it quickly. An Environment outlives its transactions. What is committed is on the disk.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "crypto/result.h"
#include "protocol/ids.h"

struct MDB_txn;

namespace simpul {

inline constexpr std::uint32_t kSchemaVersion = 1;  // of every key and value, FORMAT.md

struct EnvironmentStats {
  std::uint64_t map_bytes = 0;          // room that the database may grow to
  std::uint64_t used_bytes = 0;         // highest page ever used; freed pages within are reused
  std::uint64_t file_bytes = 0;         // disk blocks that the data file takes
  std::uint32_t readers = 0;            // reader slots in use
  std::uint32_t readers_max = 0;        // reader slots there are
  std::uint64_t transactions = 0;       // committed ever
  std::uint64_t oldest_reader_lag = 0;  // commits since the oldest open reader began
  bool map_alarm = false;               // used_bytes is past kMapAlarmPercent of map_bytes
};
inline constexpr std::uint64_t kMapAlarmPercent = 80;

class Environment {
 public:
  struct Options {
    // Address space, not disk: reserve plenty. As little as a 64th is taken where there is no more.
    std::uint64_t map_size_bytes = 1ull << 40;
    unsigned readers_max = 126;  // read transactions open at once
    bool sync = true;            // off in tests and benchmarks only
  };

  // Opens or creates the database in `directory` (created with mode 0700, its file with 0600) and
  // clears reader slots of dead processes. Error::kStorage when the directory lies on a network
  // file system, is already open in this process, is no database, is damaged, or was written with
  // another schema version (the message names both); the message says what to do.
  static Result<std::unique_ptr<Environment>> open(const std::string& directory,
                                                   const Options& options);
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  EnvironmentStats stats() const;
  // Frees the reader slots of processes that died; how many. Run at open, and now and then.
  unsigned clear_stale_readers();
  // Enlarges the map. Error::kNotAllowed while any transaction is open, or for a smaller size.
  Result<void> grow_map(std::uint64_t bytes);
  // Writes a compacted copy into `directory` (created; must hold no database), then opens the copy
  // and walks it whole. The copy is of one moment; the writer goes on meanwhile.
  Result<void> copy_compacted(const std::string& directory) const;

  const std::string& directory() const;

  struct State;  // private to storage/*.cc
  State& state() const { return *state_; }

 private:
  explicit Environment(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// What typed tables work on. The first failure is remembered: later reads find nothing, later
// writes do nothing, and error() (and commit()) tell what happened. So code between begin
// and commit need not check each step.
class Transaction {
 public:
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  bool writable() const { return writable_; }
  bool failed() const { return error_.has_value(); }
  // Error::kStorage with a sentence, or success so far.
  Result<void> check() const;

  // Remembers a failure, unless one is remembered already. Tables call it on damaged values.
  void fail_with(Error error);

  // Private to storage/*.cc.
  void fail_with_code(int lmdb_code, const char* what);
  MDB_txn* handle() const { return handle_; }
  // Numbers of journals and cases met so far: asked for with nearly every event, and never
  // changing.
  std::map<JournalId, std::uint32_t>& journal_numbers() { return journal_numbers_; }
  std::unordered_map<std::string, std::uint64_t>& case_numbers() { return case_numbers_; }
  Environment& environment() const { return *environment_; }

 protected:
  Transaction(Environment& environment, bool writable);
  ~Transaction();
  void end_writing();  // another write transaction may begin
  Environment* environment_;
  MDB_txn* handle_ = nullptr;
  bool writable_;
  bool is_writer_ = false;  // the one that there may be at a time
  std::optional<Error> error_;

 private:
  std::map<JournalId, std::uint32_t> journal_numbers_;
  std::unordered_map<std::string, std::uint64_t> case_numbers_;
};

// A snapshot of the last commit.
class ReadTransaction final : public Transaction {
 public:
  explicit ReadTransaction(Environment& environment) : Transaction(environment, false) {}
};

// Everything in it happens or nothing does. Aborts on destruction unless committed.
class WriteTransaction final : public Transaction {
 public:
  explicit WriteTransaction(Environment& environment) : Transaction(environment, true) {}
  // Makes all of it durable, or returns the first failure (Error::kStorage) and leaves the
  // database as it was before. Either way the transaction is over, and another may begin.
  Result<void> commit();
};

}  // namespace simpul
