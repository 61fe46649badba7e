#include "node/link_ledger.h"

namespace simpul {

std::shared_ptr<LinkAccount> LinkLedger::open(LinkId link, const TransportKey& peer, bool dialled) {
  auto account = std::make_shared<LinkAccount>(link, peer, dialled);
  const std::lock_guard lock(mutex_);
  accounts_[link] = account;
  return account;
}

std::shared_ptr<LinkAccount> LinkLedger::find(LinkId link) const {
  const std::lock_guard lock(mutex_);
  const auto found = accounts_.find(link);
  return found == accounts_.end() ? nullptr : found->second;
}

void LinkLedger::close(LinkId link) {
  const std::lock_guard lock(mutex_);
  accounts_.erase(link);
}

LinkLedger::Booking LinkLedger::book(LinkId link, std::size_t size, std::size_t limit) {
  const std::lock_guard lock(mutex_);
  const auto found = accounts_.find(link);
  if (found == accounts_.end()) return Booking::kUnknownLink;
  LinkAccount& account = *found->second;
  if (account.stalled) return Booking::kAlreadyStalled;
  if (account.bytes_queued + size > limit) {
    account.stalled = true;
    return Booking::kOverLimit;
  }
  account.bytes_queued += size;
  return Booking::kTaken;
}

void LinkLedger::count_in(LinkAccount& account, std::size_t size) {
  account.frames_in += 1;
  account.bytes_in += size;
  frames_in_ += 1;
  bytes_in_ += size;
}

void LinkLedger::count_out(LinkAccount& account, std::size_t size) {
  unbook(account, size);
  account.frames_out += 1;
  account.bytes_out += size;
  frames_out_ += 1;
  bytes_out_ += size;
}

TransportStats LinkLedger::stats() const {
  return {.frames_in = frames_in_,
          .frames_out = frames_out_,
          .bytes_in = bytes_in_,
          .bytes_out = bytes_out_,
          .frames_dropped = frames_dropped,
          .messages_refused = messages_refused,
          .handshakes_refused = handshakes_refused,
          .handshakes_failed = handshakes_failed,
          .connections = connections};
}

std::vector<LinkTraffic> LinkLedger::traffic() const {
  const std::lock_guard lock(mutex_);
  std::vector<LinkTraffic> all;
  all.reserve(accounts_.size());
  for (const auto& [link, account] : accounts_) {
    all.push_back({.link = link,
                   .peer = account->peer,
                   .dialled = account->dialled,
                   .frames_in = account->frames_in,
                   .frames_out = account->frames_out,
                   .bytes_in = account->bytes_in,
                   .bytes_out = account->bytes_out,
                   .bytes_queued = account->bytes_queued});
  }
  return all;
}

}  // namespace simpul
