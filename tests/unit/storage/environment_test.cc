#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <cstdio>
#include <fstream>

#include "storage/key.h"
#include "storage/store.h"
#include "storage/table.h"
#include "tests/support/temp_store.h"

using namespace simpul;
using namespace simpul::test;

namespace {

constexpr std::size_t kBlobSize = 100'000;

// Puts blobs until the transaction fails; how many went in.
std::uint64_t fill(Transaction& transaction) {
  Table table(transaction, TableId::kImports);
  const Bytes blob(kBlobSize, 7);
  std::uint64_t count = 0;
  while (!transaction.failed() && count < 10'000) table.put(sequence_key(count++), blob);
  return count;
}

Result<void> put_one(Store& store, std::string_view name, std::string_view value) {
  WriteTransaction transaction(store.environment());
  Tables(transaction).meta.put(name, as_bytes(value));
  return transaction.commit();
}

std::string text_of(Store& store, std::string_view name) {
  ReadTransaction transaction(store.environment());
  const auto value = Tables(transaction).meta.get(name);
  return value ? std::string(as_text(*value)) : "";
}

// Writes and commits for ever, telling each committed number through the pipe.
[[noreturn]] void write_for_ever(const std::string& directory, int pipe_end) {
  auto options = small_options();
  options.sync = true;
  auto store = Store::open(directory, options);
  if (!store) _exit(1);
  for (std::uint64_t number = 1;; ++number) {
    WriteTransaction transaction(store->environment());
    Tables tables(transaction);
    tables.meta.set_counter("committed", number);
    tables.meta.put("half " + std::to_string(number % 50), Bytes(3000, 1));
    if (!transaction.commit()) _exit(2);
    if (write(pipe_end, &number, sizeof number) != sizeof number) _exit(3);
  }
}

}  // namespace

TEST_CASE("what was committed is there after opening again", "[storage][environment]") {
  TempDirectory directory;
  {
    auto store = must(Store::open(directory / "db", small_options()));
    REQUIRE(put_one(store, "greeting", "halo"));
    WriteTransaction abandoned(store.environment());
    Tables(abandoned).meta.put("greeting", as_bytes("lupa"));
  }
  auto store = must(Store::open(directory / "db", small_options()));
  CHECK(text_of(store, "greeting") == "halo");
}

TEST_CASE("the directory and the file are for their owner only", "[storage][environment]") {
  TempStore temp;
  struct stat info {};
  REQUIRE(stat((temp.directory / "db").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0700);
  REQUIRE(stat((temp.directory / "db/data.mdb").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
}

TEST_CASE("a second environment on the same path is refused", "[storage][environment]") {
  TempStore temp;
  const auto second = Store::open(temp.directory / "./db", small_options());
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::kStorage);
  CHECK(second.error().message.find("already open") != std::string::npos);
  CHECK(put_one(temp.store, "still", "works"));
}

TEST_CASE("a full map fails the transaction once and for all, and the next one works",
          "[storage][environment]") {
  TempDirectory directory;
  auto options = small_options();
  options.map_size_bytes = 2u << 20;
  auto store = must(Store::open(directory / "db", options));
  REQUIRE(put_one(store, "before", "kept"));
  {
    WriteTransaction transaction(store.environment());
    CHECK(fill(transaction) < 25);
    Tables tables(transaction);
    tables.meta.put("after", as_bytes("lost"));
    CHECK_FALSE(tables.meta.get("before"));
    const auto outcome = transaction.commit();
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().code == ErrorCode::kStorage);
    CHECK(outcome.error().message.find("filled its map") != std::string::npos);
  }
  CHECK(text_of(store, "before") == "kept");
  CHECK(text_of(store, "after").empty());
  CHECK(put_one(store, "after", "small enough"));

  REQUIRE(store.environment().grow_map(1u << 30));
  WriteTransaction transaction(store.environment());
  Table table(transaction, TableId::kImports);
  for (std::uint64_t i = 0; i < 50; ++i) table.put(sequence_key(i), Bytes(kBlobSize, 1));
  CHECK(transaction.commit());
}

TEST_CASE("after a failed commit the next transaction may begin before the old one is gone",
          "[storage][environment]") {
  TempDirectory directory;
  auto store = must(Store::open(directory / "db", small_options()));
  WriteTransaction failing(store.environment());
  Tables(failing).meta.put("lost", as_bytes("never there"));
  failing.fail_with({ErrorCode::kStorage, "as when the disk is full"});
  REQUIRE_FALSE(failing.commit());
  CHECK(put_one(store, "after", "kept"));
  CHECK(text_of(store, "after") == "kept");
  CHECK(text_of(store, "lost").empty());
}

TEST_CASE("the map grows only while no transaction is open", "[storage][environment]") {
  TempStore temp;
  {
    ReadTransaction reader(temp.store.environment());
    const auto refused = temp.store.environment().grow_map(2ull << 30);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kNotAllowed);
  }
  CHECK(temp.store.environment().grow_map(2ull << 30));
  CHECK(temp.store.environment().stats().map_bytes == 2ull << 30);
  CHECK_FALSE(temp.store.environment().grow_map(1u << 20));
}

TEST_CASE("the alarm rings when the map is more than four fifths full", "[storage][environment]") {
  TempDirectory directory;
  auto options = small_options();
  options.map_size_bytes = 2u << 20;
  auto store = must(Store::open(directory / "db", options));
  CHECK_FALSE(store.environment().stats().map_alarm);
  WriteTransaction transaction(store.environment());
  Table table(transaction, TableId::kImports);
  for (std::uint64_t i = 0; i < 17; ++i) table.put(sequence_key(i), Bytes(kBlobSize, 1));
  REQUIRE(transaction.commit());
  CHECK(store.environment().stats().map_alarm);
}

TEST_CASE("where address space is scarce a smaller map is taken", "[storage][environment][map]") {
  const TempDirectory directory;
  Environment::Options options;
  options.map_size_bytes = 1ull << 50;  // more than any process can have
  const auto store = Store::open(directory.path(), options);
  REQUIRE(store);
  CHECK(store->environment().stats().map_bytes < options.map_size_bytes);
  CHECK(store->environment().stats().map_bytes >= options.map_size_bytes / 64);
}

TEST_CASE("a reader keeps what it saw, and shows as lagging behind", "[storage][environment]") {
  TempStore temp;
  REQUIRE(put_one(temp.store, "name", "old"));
  ReadTransaction reader(temp.store.environment());
  for (int i = 0; i < 5; ++i) REQUIRE(put_one(temp.store, "name", "new"));
  CHECK(Tables(reader).meta.get("name") == to_bytes("old"));
  const auto stats = temp.store.environment().stats();
  CHECK(stats.oldest_reader_lag == 5);
  CHECK(stats.readers == 1);
}

TEST_CASE("killing the process in the middle of writing loses nothing committed",
          "[storage][environment][crash]") {
  TempDirectory directory;
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t child = fork();
  if (child == 0) write_for_ever(directory / "db", ends[1]);
  REQUIRE(child > 0);
  close(ends[1]);
  std::uint64_t told = 0, next = 0;
  while (told < 100 && read(ends[0], &next, sizeof next) == sizeof next) told = next;
  kill(child, SIGKILL);
  while (read(ends[0], &next, sizeof next) == sizeof next) told = next;
  close(ends[0]);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  REQUIRE(told >= 100);

  auto store = must(Store::open(directory / "db", small_options()));
  ReadTransaction transaction(store.environment());
  const auto committed = Tables(transaction).meta.counter("committed");
  CHECK(committed >= told);
  CHECK(committed <= told + 1);
  CHECK(transaction.check());
}

TEST_CASE("the reader slot of a dead process is freed", "[storage][environment][crash]") {
  TempDirectory directory;
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t child = fork();
  if (child == 0) {
    auto store = Store::open(directory / "db", small_options());
    if (!store) _exit(1);
    ReadTransaction reader(store->environment());
    const char ready = 1;
    if (write(ends[1], &ready, 1) != 1) _exit(2);
    for (;;) pause();
  }
  REQUIRE(child > 0);
  char ready = 0;
  REQUIRE(read(ends[0], &ready, 1) == 1);
  auto store = must(Store::open(directory / "db", small_options()));
  const auto readers_before = store.environment().stats().readers;
  kill(child, SIGKILL);
  REQUIRE(waitpid(child, nullptr, 0) == child);
  CHECK(readers_before >= 1);
  CHECK(store.environment().clear_stale_readers() == 1);
  close(ends[0]);
  close(ends[1]);
}

TEST_CASE("a full disk is named, and writing goes on once there is room",
          "[storage][environment]") {
  TempDirectory directory;
  const std::string mount_point = directory / "disk";
  REQUIRE(mkdir(mount_point.c_str(), 0700) == 0);
  if (mount("tmpfs", mount_point.c_str(), "tmpfs", 0, "size=4m") != 0) {
    std::puts("SKIP: a full disk needs the right to mount a tmpfs");
    return;
  }
  {
    auto store = must(Store::open(mount_point + "/db", small_options()));
    REQUIRE(put_one(store, "before", "kept"));
    {
      WriteTransaction transaction(store.environment());
      Table table(transaction, TableId::kImports);
      for (std::uint64_t i = 0; i < 100; ++i) table.put(sequence_key(i), Bytes(kBlobSize, 1));
      const auto outcome = transaction.commit();
      REQUIRE_FALSE(outcome);
      CHECK(outcome.error().message.find("disk is full") != std::string::npos);
    }
    CHECK(text_of(store, "before") == "kept");
    REQUIRE(mount("tmpfs", mount_point.c_str(), "tmpfs", MS_REMOUNT, "size=64m") == 0);
    WriteTransaction transaction(store.environment());
    Table table(transaction, TableId::kImports);
    for (std::uint64_t i = 0; i < 100; ++i) table.put(sequence_key(i), Bytes(kBlobSize, 1));
    CHECK(transaction.commit());
  }
  umount(mount_point.c_str());
}

TEST_CASE("a file that is no database is refused with advice", "[storage][environment]") {
  TempDirectory directory;
  REQUIRE(mkdir((directory / "db").c_str(), 0700) == 0);
  std::ofstream(directory / "db/data.mdb") << std::string(100'000, 'x');
  const auto opened = Store::open(directory / "db", small_options());
  REQUIRE_FALSE(opened);
  CHECK(opened.error().message.find("restore from a backup") != std::string::npos);
}

TEST_CASE("a file that was cut off is refused rather than crashed on", "[storage][environment]") {
  TempDirectory directory;
  {
    auto store = must(Store::open(directory / "db", small_options()));
    WriteTransaction transaction(store.environment());
    Table table(transaction, TableId::kImports);
    for (std::uint64_t i = 0; i < 50; ++i) table.put(sequence_key(i), Bytes(kBlobSize, 1));
    REQUIRE(transaction.commit());
  }
  REQUIRE(truncate((directory / "db/data.mdb").c_str(), 3'000'000) == 0);
  const auto opened = Store::open(directory / "db", small_options());
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == ErrorCode::kStorage);
  CHECK(opened.error().message.find("backup") != std::string::npos);
}

TEST_CASE("a value that cannot be read fails its transaction with advice",
          "[storage][environment]") {
  TempStore temp;
  WriteTransaction transaction(temp.store.environment());
  Tables tables(transaction);
  const auto number = tables.journals.ensure(journal("51.03/1"));
  Key key;
  key.u32(number);
  Table(transaction, TableId::kJournals).put(key, as_bytes("rubbish"));
  CHECK_FALSE(tables.journals.head(journal("51.03/1")));
  const auto outcome = transaction.commit();
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().message.find("journal head") != std::string::npos);
}

TEST_CASE("another schema version is refused, naming both", "[storage][environment]") {
  TempDirectory directory;
  {
    auto store = must(Store::open(directory / "db", small_options()));
    WriteTransaction transaction(store.environment());
    Key key, version;
    key.u8(0).text("schema");
    version.u32(77);
    Table(transaction, TableId::kMeta).put(key, version);
    REQUIRE(transaction.commit());
  }
  const auto opened = Store::open(directory / "db", small_options());
  REQUIRE_FALSE(opened);
  CHECK(opened.error().message.find("version 77") != std::string::npos);
  CHECK(opened.error().message.find("version " + std::to_string(kSchemaVersion)) !=
        std::string::npos);
}

TEST_CASE("a compacted copy opens and holds the same, in less room", "[storage][environment]") {
  TempStore temp;
  for (int round = 0; round < 2; ++round) {
    WriteTransaction transaction(temp.store.environment());
    Table table(transaction, TableId::kImports);
    for (std::uint64_t i = 0; i < 50; ++i)
      round == 0 ? table.put(sequence_key(i), Bytes(kBlobSize, 1))
                 : static_cast<void>(table.erase(sequence_key(i)));
    REQUIRE(transaction.commit());
  }
  REQUIRE(put_one(temp.store, "greeting", "halo"));
  const std::string copy_path = temp.directory / "copy";
  REQUIRE(temp.store.environment().copy_compacted(copy_path));
  CHECK_FALSE(temp.store.environment().copy_compacted(copy_path));
  auto copy = must(Store::open(copy_path, small_options()));
  CHECK(text_of(copy, "greeting") == "halo");
  CHECK(copy.environment().stats().used_bytes * 4 < temp.store.environment().stats().used_bytes);
}

TEST_CASE("keys are ordered as what they are made of", "[storage][key]") {
  Key small, large;
  small.text("51").u64(255);
  large.text("51").u64(256);
  const auto less = [](const Key& a, const Key& b) {
    const BytesView x = a.view(), y = b.view();
    return std::lexicographical_compare(x.begin(), x.end(), y.begin(), y.end());
  };
  CHECK(less(small, large));
  Key longer;
  longer.text("51.03").u64(0);
  CHECK(less(large, longer));
  KeyReader reader(longer.view());
  CHECK(reader.text() == "51.03");
  CHECK(reader.u64() == 0);
  CHECK(reader.good());
  reader.u8();
  CHECK_FALSE(reader.good());
}

TEST_CASE("a table finds the last key of a prefix and erases by prefix", "[storage][table]") {
  TempStore temp;
  WriteTransaction transaction(temp.store.environment());
  Table table(transaction, TableId::kImports);
  for (const char* key : {"a1", "a3", "b1", "b2", "b5", "c1"}) table.append(as_bytes(key), {});
  const auto text = [](const std::optional<Table::Entry>& entry) {
    return entry ? std::string(as_text(entry->first)) : std::string("none");
  };
  CHECK(text(table.last(as_bytes("b"))) == "b5");
  CHECK(text(table.last(as_bytes("c"))) == "c1");
  CHECK(text(table.last(as_bytes("d"))) == "none");
  CHECK(text(table.last({})) == "c1");
  CHECK(text(table.last(as_bytes("b"), as_bytes("b4"))) == "b2");
  CHECK(text(table.last(as_bytes("b"), as_bytes("b2"))) == "b2");
  CHECK(text(table.last(as_bytes("b"), as_bytes("b0"))) == "none");
  table.append(as_bytes("a2"), as_bytes("not at the end"));
  CHECK(table.get(as_bytes("a2")) == to_bytes("not at the end"));
  CHECK(table.erase_prefix(as_bytes("b")) == 3);
  CHECK(table.count() == 4);
}
