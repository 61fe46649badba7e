// Where the demo keeps its nodes, and that it touches nothing else:
//
//   DIR/.simpul-demo     the mark; a folder without it is never used unless it is empty
//   DIR/processes        "PID START-TIME ROLE" a line, of the demo and of its nodes
//   DIR/MEMBER/          a node's home, with a mark of its own and its log, node.log
//
// Not thread-safe.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "crypto/result.h"
#include "node/home.h"

namespace simpul {

class DemoFolder {
 public:
  // Makes the folder, or takes over an earlier demo's: ends the processes it recorded that are
  // still what they were, and removes the homes that it marked. Error::kConflict when the folder
  // is somebody else's. `path` empty: the usual one.
  static Result<DemoFolder> take(const std::string& path);

  const std::string& path() const { return path_; }
  // How many processes of an earlier demo were ended, and homes of it removed.
  unsigned ended() const { return ended_; }
  unsigned removed() const { return removed_; }

  Home home_of(const std::string& member) const { return Home(path_ + "/" + member); }
  std::string log_of(const std::string& member) const { return path_ + "/" + member + "/node.log"; }

  // Makes and marks a member's home.
  Result<void> make_home(const std::string& member) const;
  // Remembers a process for the next demo to end. `role`: "demo", or the member.
  Result<void> record(pid_t pid, const std::string& role);
  Result<void> forget_processes();

 private:
  explicit DemoFolder(std::string path) : path_(std::move(path)) {}
  Result<void> claim();
  Result<void> end_recorded();
  Result<void> remove_homes();
  std::string processes() const { return path_ + "/processes"; }

  std::string path_;
  std::string recorded_;
  unsigned ended_ = 0;
  unsigned removed_ = 0;
};

}  // namespace simpul
