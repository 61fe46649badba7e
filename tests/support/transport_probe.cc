#include "tests/support/transport_probe.h"

#include <algorithm>
#include <thread>

#include "crypto/random.h"

namespace simpul {
namespace {

constexpr auto kProbePatience = std::chrono::seconds(20);

TransportSecret make_secret(std::uint64_t seed) {
  SeededRandom random(seed);
  return TransportSecret::generate(random);
}

}  // namespace

TransportProbe::TransportProbe(std::uint64_t seed) : secret_(make_secret(seed)) {}

void TransportProbe::start(std::shared_ptr<const AdmissionTable> table,
                           ZmqTransportOptions options) {
  if (options.listen.empty()) options.listen = "tcp://127.0.0.1:0";
  auto started =
      ZmqTransport::start(std::move(options), secret_, std::move(table),
                          [this](TransportEvent&& event) { return take(std::move(event)); });
  SIMPUL_CHECK(started.has_value());
  transport_ = std::move(*started);
}

bool TransportProbe::take(TransportEvent&& event) {
  const std::lock_guard lock(mutex_);
  events_.push_back(std::move(event));
  changed_.notify_all();
  return !held_;
}

bool TransportProbe::wait(
    const std::function<bool(const std::vector<TransportEvent>&)>& condition) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kProbePatience, [&] { return condition(events_); });
}

bool TransportProbe::wait_up(LinkId link) {
  return wait([&](const auto& events) {
    return std::any_of(events.begin(), events.end(), [&](const TransportEvent& event) {
      const auto* up = std::get_if<LinkUp>(&event);
      return up != nullptr && up->link == link;
    });
  });
}

std::string TransportProbe::wait_down(LinkId link) {
  std::string reason;
  wait([&](const auto& events) {
    for (const TransportEvent& event : events) {
      const auto* down = std::get_if<LinkDown>(&event);
      if (down != nullptr && down->link == link) reason = down->reason;
    }
    return !reason.empty();
  });
  return reason;
}

std::vector<LinkId> TransportProbe::accepted() const {
  const std::lock_guard lock(mutex_);
  std::vector<LinkId> links;
  for (const TransportEvent& event : events_) {
    const auto* up = std::get_if<LinkUp>(&event);
    if (up != nullptr && !up->dialled) links.push_back(up->link);
  }
  return links;
}

std::vector<std::string> TransportProbe::frames(LinkId link) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> texts;
  for (const TransportEvent& event : events_) {
    const auto* frame = std::get_if<FrameIn>(&event);
    if (frame != nullptr && frame->link == link) texts.emplace_back(as_text(frame->bytes));
  }
  return texts;
}

std::size_t TransportProbe::frame_count() const {
  const std::lock_guard lock(mutex_);
  std::size_t count = 0;
  for (const TransportEvent& event : events_) count += std::holds_alternative<FrameIn>(event);
  return count;
}

LinkId TransportProbe::wait_accepted(const TransportKey& peer, std::size_t count) {
  LinkId found = 0;
  const bool came = wait([&](const auto& events) {
    std::size_t seen = 0;
    for (const TransportEvent& event : events) {
      const auto* up = std::get_if<LinkUp>(&event);
      if (up == nullptr || up->dialled || up->peer != peer) continue;
      found = up->link;
      ++seen;
    }
    return seen >= count;
  });
  return came ? found : 0;
}

void TransportProbe::hold() {
  const std::lock_guard lock(mutex_);
  held_ = true;
}

void TransportProbe::let_go() {
  {
    const std::lock_guard lock(mutex_);
    held_ = false;
  }
  transport_->resume();
}

bool wait_until(const std::function<bool()>& condition) {
  const auto give_up = std::chrono::steady_clock::now() + kProbePatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > give_up) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

std::shared_ptr<const AdmissionTable> admit(std::set<TransportKey> members, bool enrolment_open,
                                            std::set<TransportKey> refused) {
  auto table = std::make_shared<AdmissionTable>();
  table->members = std::move(members);
  table->refused = std::move(refused);
  table->enrolment_open = enrolment_open;
  return table;
}

}  // namespace simpul
