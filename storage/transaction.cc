#include <cerrno>
#include <cstring>
#include <utility>

#include "storage/environment.h"
#include "storage/lmdb_state.h"

namespace simpul {

Transaction::Transaction(Environment& environment, bool writable)
    : environment_(&environment), writable_(writable) {
  Environment::State& state = environment.state();
  // A second write transaction would wait for the first for ever.
  if (writable) SIMPUL_CHECK(!state.writing.exchange(true));
  is_writer_ = writable;
  {
    const std::lock_guard lock(state.mutex);
    ++state.open_count;
  }
  const int code = mdb_txn_begin(state.env, nullptr, writable ? 0 : MDB_RDONLY, &handle_);
  if (code != 0) {
    handle_ = nullptr;
    fail_with_code(code, "beginning a transaction");
  }
}

Transaction::~Transaction() {
  Environment::State& state = environment_->state();
  if (handle_ != nullptr) mdb_txn_abort(handle_);
  end_writing();
  const std::lock_guard lock(state.mutex);
  --state.open_count;
}

void Transaction::end_writing() {
  if (std::exchange(is_writer_, false)) environment_->state().writing = false;
}

Result<void> Transaction::check() const {
  if (error_) return std::unexpected(*error_);
  return {};
}

void Transaction::fail_with(Error error) {
  if (!error_) error_ = std::move(error);
}

void Transaction::fail_with_code(int lmdb_code, const char* what) {
  if (!error_) error_ = storage_error(environment_->directory(), lmdb_code, what);
}

Result<void> WriteTransaction::commit() {
  SIMPUL_CHECK(handle_ != nullptr || failed());
  if (!failed()) {
    const int code = mdb_txn_commit(handle_);
    handle_ = nullptr;
    if (code != 0) fail_with_code(code, "committing");
  } else if (handle_ != nullptr) {
    mdb_txn_abort(handle_);
    handle_ = nullptr;
  }
  end_writing();
  Result<void> outcome = check();
  // Whatever is asked of it from now on finds nothing and changes nothing.
  fail_with({ErrorCode::kStorage, "the transaction is over; begin another"});
  return outcome;
}

}  // namespace simpul
