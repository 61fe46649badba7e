// What a case request brings when the case is larger than a frame, and than an answer may be.
#include <catch2/catch.hpp>

#include "protocol/link_session.h"
#include "tests/support/hostile_peer.h"

using namespace simpul;
using namespace simpul::test;

namespace {

// 34 writes a large case of its own into the hub's data, and then asks the hub for it.
struct Scene {
  explicit Scene(std::uint64_t seed)
      : federation(seed, {{"hub", MemberKind::kHub}, {"34", MemberKind::kProvince}}),
        asker(federation, "34"),
        journal(asker.journal()) {
    REQUIRE(asker.open("hub"));
    id = asker.new_case();
    const EventHash opened = journal.append(opened_event(id));
    previous_ = epoch_ = opened;
  }
  void write(std::uint64_t events) {
    constexpr std::uint64_t kRun = 200;  // events of one frame
    while (journal.size() < events) {
      const std::uint64_t first = journal.size() == 1 ? 0 : journal.size();
      while (journal.size() < std::min(events, first + kRun)) {
        const Bytes noted = journal.encoded(case_event_of(id, epoch_, previous_, Noted{}));
        previous_ = journal.append_bytes(padded_event(noted, kEventSizeMax));
      }
      asker.send(journal.records(first, journal.size()));
      REQUIRE(asker.run_until_acked(journal.size()));
    }
    federation.run_for(std::chrono::seconds{5});
  }
  // The events that one request brings.
  std::set<std::uint64_t> ask() {
    asker.forget();
    asker.send(CaseRequest{id});
    federation.run_for(std::chrono::minutes{1});
    std::set<std::uint64_t> indexes;
    bytes = 0;
    for (const MailboxRecords& reply : asker.received<MailboxRecords>()) {
      CHECK(reply.is_reply);
      bytes += encode_frame(reply)->size();
      for (const ProvedGroup& group : reply.groups) {
        for (const SparseEvent& event : group.events) {
          CHECK(event.bytes == journal.event(event.index));
          CHECK(indexes.insert(event.index).second);
        }
      }
    }
    return indexes;
  }
  Federation federation;
  HostilePeer asker;
  ForgedJournal journal;
  CaseId id;
  std::uint64_t bytes = 0;  // of the last answer

 private:
  EventHash epoch_, previous_;
};

}  // namespace

TEST_CASE("a case larger than a frame is answered whole, in several", "[engine][case-request]") {
  Scene scene(1);
  scene.write(1'300);
  CHECK(scene.ask().size() == 1'300);
  CHECK(scene.bytes > kFrameSizeMax);
  CHECK(scene.bytes < LinkOptions{}.reply_bytes_max);
  CHECK(scene.asker.up());
}

TEST_CASE("an answer as long as one may be goes on where the case is asked for again",
          "[engine][case-request]") {
  Scene scene(2);
  scene.write(4'400);
  const auto first = scene.ask();
  CHECK(scene.bytes <= LinkOptions{}.reply_bytes_max);
  CHECK(first.size() > 3'500);
  const auto second = scene.ask();
  CHECK(first.size() + second.size() == 4'400);
  CHECK(std::ranges::none_of(second, [&](auto index) { return first.contains(index); }));
  // Then from the beginning: something may have been added.
  CHECK(scene.ask() == first);
}

TEST_CASE("who does not answer pings is sent a window of replies and no more",
          "[engine][case-request]") {
  Scene scene(3);
  scene.write(2'000);
  scene.asker.answer_pings(false);
  const auto indexes = scene.ask();
  CHECK(scene.bytes > LinkOptions{}.window_bytes / 2);
  CHECK(scene.bytes < LinkOptions{}.window_bytes + (1u << 20));
}
