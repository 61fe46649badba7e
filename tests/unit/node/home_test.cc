#include "node/home.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "node/files.h"
#include "node/passphrase.h"
#include "tests/support/scratch_directory.h"

namespace simpul {
namespace {

unsigned mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777;
}

TEST_CASE("a home's directories and files are for their owner alone", "[home]") {
  const ScratchDirectory scratch;
  ::umask(0);
  const Home home(scratch / "home");
  REQUIRE(home.create());
  CHECK(mode_of(home.path()) == 0700);
  CHECK(mode_of(home.keys()) == 0700);
  CHECK(mode_of(home.data()) == 0700);
  REQUIRE(replace_file(home.keystore(), as_bytes("secret")));
  CHECK(mode_of(home.keystore()) == 0600);

  ::chmod(home.keys().c_str(), 0755);
  REQUIRE(home.create());
  CHECK(mode_of(home.keys()) == 0700);
}

TEST_CASE("replacing a file leaves no other file behind", "[home]") {
  const ScratchDirectory scratch;
  const std::string path = scratch / "file";
  REQUIRE(replace_file(path, as_bytes("first, and longer")));
  REQUIRE(replace_file(path, as_bytes("second"), Durability::kUnsynced));
  CHECK(as_text(*read_file(path, 100)) == "second");
  CHECK(std::distance(std::filesystem::directory_iterator(scratch.path()), {}) == 1);
  CHECK(read_file(path, 5).error().code == ErrorCode::kTooLarge);
  CHECK(read_file(scratch / "none", 5).error().code == ErrorCode::kNotFound);
}

TEST_CASE("a home has one process at a time", "[home]") {
  const ScratchDirectory scratch;
  const Home home(scratch.path());
  {
    const auto first = HomeLock::take(home);
    REQUIRE(first);
    const auto second = HomeLock::take(home);
    REQUIRE_FALSE(second);
    CHECK(second.error().code == ErrorCode::kConflict);
    CHECK_THAT(second.error().message, Catch::Contains(std::to_string(::getpid())));
  }
  CHECK(HomeLock::take(home));
}

TEST_CASE("the passphrase is looked for where it may be, in order", "[home][passphrase]") {
  const ScratchDirectory scratch;
  const Home home(scratch / "home");
  REQUIRE(home.create());
  const PassphraseSource quiet{.file = "", .may_prompt = false};
  CHECK(find_passphrase(home, quiet).error().code == ErrorCode::kNotFound);

  REQUIRE(replace_file(home.passphrase(), as_bytes("from the home\r\nnot this\n")));
  CHECK(as_text(find_passphrase(home, quiet)->view()) == "from the home");

  const std::string credentials = scratch / "credentials";
  REQUIRE(make_private_directory(credentials));
  REQUIRE(replace_file(credentials + "/simpul-passphrase", as_bytes("from systemd")));
  ::setenv("CREDENTIALS_DIRECTORY", credentials.c_str(), 1);
  CHECK(as_text(find_passphrase(home, quiet)->view()) == "from systemd");

  const std::string file = scratch / "given";
  REQUIRE(replace_file(file, as_bytes("given\n")));
  CHECK(as_text(find_passphrase(home, {.file = file})->view()) == "given");
  ::unsetenv("CREDENTIALS_DIRECTORY");
}

TEST_CASE("a passphrase file that others may read, an empty one and a short new one are refused",
          "[home][passphrase]") {
  const ScratchDirectory scratch;
  const Home home(scratch.path());
  const std::string file = scratch / "given";
  REQUIRE(replace_file(file, as_bytes("short\n")));
  CHECK(find_passphrase(home, {.file = file}));
  CHECK(find_passphrase(home, {.file = file, .is_new = true}).error().code ==
        ErrorCode::kNotAllowed);
  ::chmod(file.c_str(), 0640);
  CHECK(find_passphrase(home, {.file = file}).error().code == ErrorCode::kNotAllowed);
  REQUIRE(replace_file(file, as_bytes("\n")));
  CHECK(find_passphrase(home, {.file = file}).error().code == ErrorCode::kMalformed);
}

}  // namespace
}  // namespace simpul
