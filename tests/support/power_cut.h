// What a power cut does to a database whose process ran under lose_unsynced and was killed.
#pragma once

#include <cstdint>
#include <string>

namespace simpul {

// "LD_PRELOAD=..." for a process; needs lose_unsynced_library to be built.
std::string lose_unsynced_setting();
inline constexpr const char* kLieAboutSync = "SIMPUL_LIE_ABOUT_SYNC=1";
// While a file is at `path`, syncs of the database fail and make nothing durable; while one is at
// `path`-head, the writing of its head, which ends a commit.
std::string fail_sync_setting(const std::string& path);

enum class Loss {
  kEverything,  // no unsynced write reached the disk
  kSome,        // each unsynced page did or did not, as the seed says
};

// Takes the writes back that were never synced and forgets the undo file; how many pages were
// taken back. REQUIRES that no process has the database open.
std::size_t cut_power(const std::string& data_directory, Loss loss, std::uint64_t seed);

}  // namespace simpul
