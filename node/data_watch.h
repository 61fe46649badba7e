// Damaged data must not be served quietly: everything stored is looked through when a node starts.
// A small database is done before the node is ready; beside a large one it starts meanwhile, and
// ends when damage is found.
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <string>
#include <thread>

#include "crypto/result.h"
#include "storage/store.h"

namespace simpul {

class DataWatch {
 public:
  // Begins at once, on a thread of its own. `damaged` is called from there, once, on damage. The
  // store, and what `damaged` uses, must outlive this.
  DataWatch(const Store& store, std::function<void()> damaged);
  ~DataWatch();  // ends the looking
  DataWatch(const DataWatch&) = delete;
  DataWatch& operator=(const DataWatch&) = delete;

  // The damage found by then, if any: a sentence that says what to do.
  Result<void> wait(std::chrono::milliseconds limit);

 private:
  std::shared_future<Result<void>> found_;
  std::jthread thread_;
};

// From now on a process that dies of a signal, as LMDB makes it do on some damage, says on standard
// error what may be wrong and what to do. Its exit status stays that of the signal.
void explain_sudden_death();

}  // namespace simpul
