// Where a node's things are, and that only one process at a time uses them.
//
//   HOME/                0700
//     simpul.toml        configuration (config.h)
//     federation.json    what the hub's administrator handed out (federation_file.h)
//     keys/              keystore, root-keystore (where rosters are issued), passphrase
//                        (optional), marker (restore_marker.h). Backed up apart from data/.
//     data/              the database
//     control.sock       where commands come in (control_server.h)
//     lock
//
// Every file is 0600.
#pragma once

#include <string>

#include "crypto/result.h"
#include "node/descriptor.h"

namespace simpul {

class Home {
 public:
  explicit Home(std::string path) : path_(std::move(path)) {}

  // Makes the directories that are missing, all with mode 0700.
  Result<void> create() const;

  const std::string& path() const { return path_; }
  std::string config() const { return path_ + "/simpul.toml"; }
  std::string federation() const { return path_ + "/federation.json"; }
  std::string keys() const { return path_ + "/keys"; }
  std::string keystore() const { return path_ + "/keys/keystore"; }
  std::string root_keystore() const { return path_ + "/keys/root-keystore"; }
  std::string passphrase() const { return path_ + "/keys/passphrase"; }
  std::string marker() const { return path_ + "/keys/marker"; }
  std::string marker_head() const { return path_ + "/keys/marker-head"; }
  std::string data() const { return path_ + "/data"; }
  std::string control_socket() const { return path_ + "/control.sock"; }
  std::string lock() const { return path_ + "/lock"; }

 private:
  std::string path_;
};

// Held for as long as the process uses the home. The kernel lets go of it with the process.
class HomeLock {
 public:
  // Error::kConflict naming the process that holds it.
  static Result<HomeLock> take(const Home& home);

 private:
  explicit HomeLock(Descriptor file) : file_(std::move(file)) {}
  Descriptor file_;
};

}  // namespace simpul
