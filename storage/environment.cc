#include "storage/environment.h"

#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <set>
#include <utility>

#include "storage/key.h"
#include "storage/lmdb_state.h"

namespace simpul {

namespace {

constexpr const char* kDataFile = "/data.mdb";
constexpr mode_t kDirectoryMode = 0700;
constexpr mode_t kFileMode = 0600;
constexpr std::uint64_t kMapDivisorMax = 64;
// A value of this size or more lies in pages of its own, which a cut-off file loses to zeros.
constexpr std::size_t kZerosSuspicious = 1024;

// LMDB's locks break when one process opens a database twice, and it does not notice.
class OpenDirectories {
 public:
  bool enter(const std::pair<std::uint64_t, std::uint64_t>& identity) {
    const std::lock_guard lock(mutex_);
    return open_.insert(identity).second;
  }
  void leave(const std::pair<std::uint64_t, std::uint64_t>& identity) {
    const std::lock_guard lock(mutex_);
    open_.erase(identity);
  }

 private:
  std::mutex mutex_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> open_;
};

OpenDirectories& open_directories() {
  static OpenDirectories directories;
  return directories;
}

bool is_network_file_system(const std::string& directory) {
  struct statfs info {};
  if (statfs(directory.c_str(), &info) != 0) return false;
  switch (static_cast<std::uint32_t>(info.f_type)) {
    case 0x6969:      // NFS
    case 0x517B:      // SMB
    case 0xFF534D42:  // CIFS
    case 0xFE534D42:  // SMB2
    case 0x00C36400:  // Ceph
    case 0x5346414F:  // AFS
    case 0x01021997:  // 9P
      return true;
    default:
      return false;
  }
}

Error system_error(const std::string& directory, const char* what) {
  return storage_error(directory, errno, what);
}

Result<void> make_directory(const std::string& directory) {
  if (mkdir(directory.c_str(), kDirectoryMode) != 0 && errno != EEXIST)
    return std::unexpected(system_error(directory, "creating the database directory"));
  if (is_network_file_system(directory))
    return fail(ErrorCode::kStorage, directory +
                                         " lies on a network file system, where the database would "
                                         "be damaged; choose a directory on a local disk");
  return {};
}

Result<void> enter(Environment::State& state) {
  struct stat info {};
  if (stat(state.directory.c_str(), &info) != 0)
    return std::unexpected(system_error(state.directory, "opening the database directory"));
  state.identity = {info.st_dev, info.st_ino};
  if (!open_directories().enter(state.identity))
    return fail(ErrorCode::kStorage,
                "the database in " + state.directory +
                    " is already open in this process; use that environment instead");
  state.registered = true;
  return {};
}

int try_open(Environment::State& state, std::uint64_t map_size_bytes) {
  int code = mdb_env_create(&state.env);
  if (code == 0) code = mdb_env_set_maxdbs(state.env, kTreeCount);
  if (code == 0) code = mdb_env_set_maxreaders(state.env, state.options.readers_max);
  if (code == 0) code = mdb_env_set_mapsize(state.env, map_size_bytes);
  const unsigned flags = MDB_NOTLS | (state.options.sync ? 0u : unsigned{MDB_NOSYNC});
  if (code == 0) code = mdb_env_open(state.env, state.directory.c_str(), flags, kFileMode);
  return code;
}

// Where address space is scarce (a container's limit, say) a smaller map has to do.
Result<void> open_env(Environment::State& state) {
  int code = ENOMEM;
  for (std::uint64_t divisor = 1; code == ENOMEM && divisor <= kMapDivisorMax; divisor *= 4) {
    if (state.env != nullptr) mdb_env_close(std::exchange(state.env, nullptr));
    code = try_open(state, state.options.map_size_bytes / divisor);
  }
  if (code != 0)
    return std::unexpected(storage_error(state.directory, code, "opening the database"));
  return {};
}

Result<void> open_tables(Environment::State& state) {
  MDB_txn* transaction = nullptr;
  int code = mdb_txn_begin(state.env, nullptr, 0, &transaction);
  for (std::size_t i = 0; code == 0 && i < kTreeCount; ++i)
    code = mdb_dbi_open(transaction, name_of_tree(i), MDB_CREATE, &state.trees[i]);
  if (code == 0) {
    code = mdb_txn_commit(transaction);
  } else if (transaction != nullptr) {
    mdb_txn_abort(transaction);
  }
  if (code != 0) return std::unexpected(storage_error(state.directory, code, "opening the tables"));
  return {};
}

Key schema_key() {
  Key key;
  key.u8(0).text("schema");
  return key;
}

Result<void> write_schema(Environment& environment) {
  WriteTransaction transaction(environment);
  Key version;
  version.u32(kSchemaVersion);
  Table(transaction, TableId::kMeta).put(schema_key(), version);
  return transaction.commit();
}

Result<void> check_schema(Environment& environment) {
  std::optional<Bytes> found;
  {
    ReadTransaction transaction(environment);
    found = Table(transaction, TableId::kMeta).get(schema_key());
    SIMPUL_TRY_VOID(transaction.check());
  }
  if (!found) return write_schema(environment);
  const std::uint32_t version = KeyReader(*found).u32();
  if (version == kSchemaVersion) return {};
  return fail(ErrorCode::kStorage,
              "the database in " + environment.directory() + " has schema version " +
                  std::to_string(version) + " and this program reads version " +
                  std::to_string(kSchemaVersion) + "; use the program version that fits");
}

std::uint64_t bytes_used(MDB_env* env) {
  MDB_envinfo info{};
  MDB_stat stat{};
  mdb_env_info(env, &info);
  mdb_env_stat(env, &stat);
  return (info.me_last_pgno + 1) * stat.ms_psize;
}

// Reads every entry of every tree and compares their numbers with what the trees claim.
Result<void> walk(Environment& environment) {
  ReadTransaction transaction(environment);
  for (std::size_t i = 0; i < kTreeCount; ++i) {
    const Table tree = Table::whole_tree(transaction, i);
    std::uint64_t seen = 0;
    bool zeros = false;
    tree.scan({}, [&](BytesView, BytesView value) {
      ++seen;
      zeros = value.size() >= kZerosSuspicious &&
              std::all_of(value.begin(), value.end(), [](std::uint8_t byte) { return byte == 0; });
      return !zeros;
    });
    SIMPUL_TRY_VOID(transaction.check());
    if (zeros || seen != tree.count())
      return std::unexpected(
          storage_error(environment.directory(), MDB_CORRUPTED, "checking the database"));
  }
  return transaction.check();
}

// A file shorter than the database says would kill the process on first touch of what is missing.
// Pages freed before they were ever written may be missing with right: so it is lengthened
// before anything is read, then looked through, and cut again if something was lost.
class LengthCheck {
 public:
  explicit LengthCheck(const std::string& directory)
      : directory_(directory), path_(directory + kDataFile) {}

  Result<void> lengthen(MDB_env* env) {
    struct stat info {};
    if (stat(path_.c_str(), &info) != 0)
      return std::unexpected(system_error(directory_, "reading the database file"));
    found_ = info.st_size;
    expected_ = static_cast<off_t>(bytes_used(env));
    if (short_of() && truncate(path_.c_str(), expected_) != 0)
      return std::unexpected(system_error(directory_, "lengthening the database file"));
    return {};
  }
  bool short_of() const { return found_ < expected_; }
  Error cut_again() const {
    const bool restored = truncate(path_.c_str(), found_) == 0;
    return {ErrorCode::kStorage,
            "the database file " + path_ + " is cut off: " + std::to_string(found_) + " bytes of " +
                std::to_string(expected_) + (restored ? "" : " (now lengthened)") +
                "; restore it from a backup"};
  }

 private:
  std::string directory_, path_;
  off_t found_ = 0, expected_ = 0;
};

Result<void> open_checked(Environment& environment) {
  Environment::State& state = environment.state();
  LengthCheck length(state.directory);
  SIMPUL_TRY_VOID(length.lengthen(state.env));
  auto opened = open_tables(state);
  if (opened && length.short_of()) opened = walk(environment);
  if (!opened && length.short_of()) return std::unexpected(length.cut_again());
  return opened;
}

}  // namespace

Environment::Environment(std::unique_ptr<State> state) : state_(std::move(state)) {}

Environment::~Environment() {
  SIMPUL_CHECK(state_->open_count == 0);
  if (state_->env != nullptr) mdb_env_close(state_->env);
  if (state_->registered) open_directories().leave(state_->identity);
}

Result<std::unique_ptr<Environment>> Environment::open(const std::string& directory,
                                                       const Options& options) {
  auto state = std::make_unique<State>();
  state->directory = directory;
  state->options = options;
  std::unique_ptr<Environment> environment(new Environment(std::move(state)));
  SIMPUL_TRY_VOID(make_directory(directory));
  SIMPUL_TRY_VOID(enter(environment->state()));
  SIMPUL_TRY_VOID(open_env(environment->state()));
  environment->clear_stale_readers();
  SIMPUL_TRY_VOID(open_checked(*environment));
  SIMPUL_TRY_VOID(check_schema(*environment));
  return environment;
}

EnvironmentStats Environment::stats() const {
  MDB_envinfo info{};
  mdb_env_info(state_->env, &info);
  EnvironmentStats stats;
  stats.map_bytes = info.me_mapsize;
  stats.used_bytes = bytes_used(state_->env);
  stats.readers_max = info.me_maxreaders;
  stats.transactions = info.me_last_txnid;
  stats.map_alarm = stats.used_bytes / 100 * 100 > stats.map_bytes / 100 * kMapAlarmPercent;
  struct stat file {};
  if (stat((state_->directory + kDataFile).c_str(), &file) == 0)
    stats.file_bytes = static_cast<std::uint64_t>(file.st_blocks) * 512;

  struct Readers {
    std::uint32_t count = 0;
    std::uint64_t oldest = UINT64_MAX;
  } readers;
  // LMDB lists readers as lines of text: pid, thread, transaction ("-" when idle).
  mdb_reader_list(
      state_->env,
      [](const char* line, void* context) {
        auto& seen = *static_cast<Readers*>(context);
        int pid = 0;
        std::size_t thread = 0, transaction = 0;
        const int fields = std::sscanf(line, "%d %zx %zu", &pid, &thread, &transaction);
        if (fields >= 2) ++seen.count;
        if (fields == 3) seen.oldest = std::min<std::uint64_t>(seen.oldest, transaction);
        return 0;
      },
      &readers);
  stats.readers = readers.count;
  if (readers.oldest < stats.transactions)
    stats.oldest_reader_lag = stats.transactions - readers.oldest;
  return stats;
}

unsigned Environment::clear_stale_readers() {
  int dead = 0;
  mdb_reader_check(state_->env, &dead);
  return static_cast<unsigned>(dead);
}

Result<void> Environment::grow_map(std::uint64_t bytes) {
  const std::lock_guard lock(state_->mutex);
  if (state_->open_count > 0)
    return fail(ErrorCode::kNotAllowed, "the map grows only while no transaction is open; " +
                                            std::to_string(state_->open_count) +
                                            " are; try again between transactions");
  MDB_envinfo info{};
  mdb_env_info(state_->env, &info);
  if (bytes < info.me_mapsize)
    return fail(ErrorCode::kNotAllowed, "the map of " + std::to_string(info.me_mapsize) +
                                            " bytes cannot shrink to " + std::to_string(bytes));
  const int code = mdb_env_set_mapsize(state_->env, bytes);
  if (code != 0)
    return std::unexpected(storage_error(state_->directory, code, "enlarging the map"));
  state_->options.map_size_bytes = bytes;
  return {};
}

Result<void> Environment::copy_compacted(const std::string& directory) const {
  SIMPUL_TRY_VOID(make_directory(directory));
  if (access((directory + kDataFile).c_str(), F_OK) == 0)
    return fail(ErrorCode::kConflict,
                directory + " holds a database already; choose an empty directory for the copy");
  const int code = mdb_env_copy2(state_->env, directory.c_str(), MDB_CP_COMPACT);
  if (code != 0) return std::unexpected(storage_error(directory, code, "copying the database"));
  if (chmod((directory + kDataFile).c_str(), kFileMode) != 0)
    return std::unexpected(system_error(directory, "restricting the copy to its owner"));
  SIMPUL_TRY(copy, Environment::open(directory, state_->options));
  return walk(*copy);
}

const std::string& Environment::directory() const {
  return state_->directory;
}

}  // namespace simpul
