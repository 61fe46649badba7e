#include "protocol/link_session.h"

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

#include "frame_samples.h"

// Frames and options are named here by the fields that matter.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

namespace simpul {
namespace {

using namespace simpul::testing;
using std::chrono::seconds;

const Instant kStart{seconds{1'000'000}};
const StreamId kJournal{.is_mailbox = false, .journal = {sample_member("51.03"), 1}};

// One session and what it did; the peer is the test.
struct End {
  explicit End(LinkRole role, LinkOptions options = {}, MemberId peer = {})
      : random(5), session(options, {role, "lapor-pilot", std::move(peer)}, random) {
    session.start(kStart);
  }

  void take(LinkActions actions) {
    for (auto& action : actions) {
      REQUIRE_FALSE(closed);
      if (auto* deliver = std::get_if<Deliver>(&action)) delivered.push_back(deliver->frame);
      if (auto* close = std::get_if<Close>(&action)) closed = *close;
    }
  }
  void hear(const Frame& frame) { take(session.receive(encode_frame(frame).value(), now)); }
  void tick() { take(session.tick(now)); }

  std::vector<Frame> drain() {
    std::vector<Frame> frames;
    while (const Bytes* bytes = session.next_out()) {
      frames.push_back(decode_frame(*bytes).value());
      session.pop_out();
    }
    return frames;
  }

  void open() {
    Hello hello = sample_hello();
    if (session.party().role == LinkRole::kDialler) {
      REQUIRE(session.send(hello, now));
      hello.is_welcome = true;
      hear(hello);
    } else {
      hear(hello);
      REQUIRE(session.send(hello, now));
    }
    REQUIRE(session.state() == LinkState::kOpen);
    drain();
    delivered.clear();
  }

  SeededRandom random;
  LinkSession session;
  Instant now = kStart;
  std::vector<Frame> delivered;
  std::optional<Close> closed;
};

void check_closed(End& end, ByeCode code) {
  REQUIRE(end.closed);
  CHECK(end.closed->code == code);
  CHECK_FALSE(end.closed->reason.empty());
  CHECK(end.session.state() == LinkState::kClosed);
  const auto frames = end.drain();
  REQUIRE_FALSE(frames.empty());
  const auto* bye = std::get_if<Bye>(&frames.back());
  REQUIRE(bye);
  CHECK(bye->code == code);
  CHECK(bye->reason == end.closed->reason);
  CHECK_FALSE(end.session.timeout());
}

JournalRecords records_of(std::uint64_t first, std::size_t count, std::size_t size = 400) {
  return {.journal = {sample_member("51.03"), 1},
          .first = first,
          .events = std::vector<Bytes>(count, Bytes(size, 1)),
          .checkpoint = "note\n"};
}

// Hands everything over, both ways, until nothing moves.
void exchange(End& a, End& b) {
  for (bool moved = true; moved;) {
    moved = false;
    for (auto [from, to] : {std::pair{&a, &b}, std::pair{&b, &a}}) {
      for (const Frame& frame : from->drain()) {
        to->hear(frame);
        moved = true;
      }
    }
  }
}

}  // namespace

TEST_CASE("a hello and its welcome open a link on both ends", "[link]") {
  End dialler(LinkRole::kDialler);
  End listener(LinkRole::kListener, {}, sample_member("51.03"));
  REQUIRE(dialler.session.send(sample_hello(), kStart));
  exchange(dialler, listener);
  REQUIRE(listener.delivered.size() == 1);
  CHECK(listener.session.state() == LinkState::kStarting);
  REQUIRE(listener.session.send(sample_hello(), kStart));
  exchange(dialler, listener);
  CHECK(dialler.session.state() == LinkState::kOpen);
  CHECK(listener.session.state() == LinkState::kOpen);
  CHECK(std::get<Hello>(dialler.delivered.at(0)).is_welcome);
}

TEST_CASE("before the welcome only greeting, enrolment and roster frames are legal", "[link]") {
  const std::vector<Frame> illegal = {Subscribe{.stream = kJournal},
                                      Frame{sample_records()},
                                      MailboxRecords{},
                                      Ack{kJournal},
                                      CaseRequest{sample_case()},
                                      ConsistencyRequest{kJournal.journal, 1, 2},
                                      EnclosureRequest{},
                                      EnclosureChunk{},
                                      EnclosureDone{},
                                      ForkNotice{}};
  for (const auto role : {LinkRole::kDialler, LinkRole::kListener}) {
    for (const Frame& frame : illegal) {
      End end(role);
      end.hear(frame);
      check_closed(end, ByeCode::kProtocol);
      End greeted(role);
      if (role == LinkRole::kListener) greeted.hear(sample_hello());
      greeted.hear(frame);
      check_closed(greeted, ByeCode::kProtocol);
      CHECK(End(role).session.send(frame, kStart).error().code == ErrorCode::kNotAllowed);
    }
    End end(role);
    end.hear(RosterRequest{});
    end.hear(RosterFrame{});
    end.hear(Ping{.nonce = 4});
    CHECK_FALSE(end.closed);
    CHECK(end.delivered.size() == 2);
  }
}

TEST_CASE("hellos out of place end the link", "[link]") {
  Hello welcome = sample_hello();
  welcome.is_welcome = true;
  End early(LinkRole::kDialler);
  early.hear(welcome);
  check_closed(early, ByeCode::kProtocol);
  End wrong_way(LinkRole::kListener);
  wrong_way.hear(welcome);
  check_closed(wrong_way, ByeCode::kProtocol);
  End twice(LinkRole::kListener);
  twice.hear(sample_hello());
  twice.hear(sample_hello());
  check_closed(twice, ByeCode::kProtocol);
  End open(LinkRole::kListener);
  open.open();
  open.hear(sample_hello());
  check_closed(open, ByeCode::kProtocol);
  End late_enrol(LinkRole::kListener);
  late_enrol.open();
  late_enrol.hear(Enrol{});
  check_closed(late_enrol, ByeCode::kProtocol);
}

TEST_CASE("a wrong version, federation or member is refused with what to do", "[link]") {
  Hello hello = sample_hello();
  hello.version = 2;
  End version(LinkRole::kListener);
  version.hear(hello);
  CHECK(version.closed->reason.find("upgrade") != std::string::npos);
  check_closed(version, ByeCode::kVersion);

  hello = sample_hello();
  hello.federation = "elsewhere";
  End federation(LinkRole::kListener);
  federation.hear(hello);
  CHECK(federation.closed->reason.find("'elsewhere'") != std::string::npos);
  check_closed(federation, ByeCode::kWrongFederation);

  End stranger(LinkRole::kListener, {}, sample_member("34.04"));
  stranger.hear(sample_hello());
  check_closed(stranger, ByeCode::kUnknownMember);
}

TEST_CASE("an enrolling link outlives the handshake timeout and can then greet", "[link]") {
  End dialler(LinkRole::kDialler);
  End listener(LinkRole::kListener);
  REQUIRE(dialler.session.send(Enrol{}, kStart));
  exchange(dialler, listener);
  CHECK(listener.session.state() == LinkState::kEnrolling);
  for (int i = 0; i < 60; ++i) {
    dialler.now = listener.now += seconds{2};
    dialler.tick();
    listener.tick();
    exchange(dialler, listener);
  }
  CHECK_FALSE(dialler.closed);
  REQUIRE(listener.session.send(EnrolStatus{EnrolState::kAdmitted, ""}, listener.now));
  REQUIRE(dialler.session.send(sample_hello(), dialler.now));
  exchange(dialler, listener);
  REQUIRE(listener.session.send(sample_hello(), listener.now));
  exchange(dialler, listener);
  CHECK(dialler.session.state() == LinkState::kOpen);
}

TEST_CASE("a handshake that does not come ends the link", "[link]") {
  for (const auto role : {LinkRole::kDialler, LinkRole::kListener}) {
    End end(role);
    end.now = *end.session.timeout();
    CHECK(end.now == kStart + seconds{10});
    end.tick();
    check_closed(end, ByeCode::kIdle);
  }
}

TEST_CASE("a silent peer is pinged, then given up", "[link]") {
  End end(LinkRole::kDialler);
  end.open();
  int pings = 0;
  while (!end.closed) {
    REQUIRE(end.now <= kStart + seconds{45});
    end.now = *end.session.timeout();
    end.tick();
    if (end.closed) break;
    for (const Frame& frame : end.drain()) pings += std::holds_alternative<Ping>(frame);
  }
  CHECK(pings >= 3);
  CHECK(end.now == kStart + seconds{45});
  check_closed(end, ByeCode::kIdle);
}

TEST_CASE("a ping is answered and measures the round trip", "[link]") {
  End a(LinkRole::kDialler);
  End b(LinkRole::kListener);
  a.open();
  b.open();
  a.now = *a.session.timeout();
  a.tick();
  for (const Frame& frame : a.drain()) b.hear(frame);
  a.now += Duration{250};
  for (const Frame& frame : b.drain()) a.hear(frame);
  CHECK(a.session.round_trip() == Duration{250});
  CHECK(a.delivered.empty());
  CHECK(b.delivered.empty());
}

TEST_CASE("a malformed frame ends the link and is counted", "[link]") {
  End end(LinkRole::kListener);
  end.open();
  end.take(end.session.receive(Bytes(24, 0xff), end.now));
  CHECK(end.session.counters().malformed == 1);
  check_closed(end, ByeCode::kMalformed);
}

TEST_CASE("records flow within credit, and acknowledging grants again", "[link]") {
  LinkOptions options{.window_bytes = 10'000};
  End sender(LinkRole::kDialler, options);
  End receiver(LinkRole::kListener, options);
  sender.open();
  receiver.open();
  CHECK(sender.session.send(records_of(0, 1), kStart).error().code == ErrorCode::kConflict);
  REQUIRE(receiver.session.send(Subscribe{.stream = kJournal}, kStart));
  exchange(sender, receiver);
  CHECK(sender.session.credit(kJournal) == 10'000);
  REQUIRE(sender.session.send(records_of(0, 20), kStart));
  CHECK(sender.session.send(records_of(20, 20), kStart).error().code == ErrorCode::kUnavailable);
  CHECK(sender.session.send(records_of(19, 1), kStart).error().code == ErrorCode::kConflict);
  exchange(sender, receiver);
  CHECK(receiver.delivered.size() == 1);
  REQUIRE(receiver.session.send(Ack{.stream = kJournal, .cursor = 20}, kStart));
  exchange(sender, receiver);
  CHECK(sender.session.credit(kJournal) == 10'000);
  REQUIRE(sender.session.send(records_of(20, 20), kStart));
  exchange(sender, receiver);
  CHECK_FALSE(receiver.closed);
}

TEST_CASE("a peer that sends beyond its credit or unasked is cut off", "[link]") {
  End greedy(LinkRole::kListener, {.window_bytes = 1'000});
  greedy.open();
  REQUIRE(greedy.session.send(Subscribe{.stream = kJournal}, kStart));
  greedy.hear(records_of(0, 5));
  check_closed(greedy, ByeCode::kOverLimit);
  const std::vector<Frame> unasked = {Frame{records_of(0, 1)}, MailboxRecords{},
                                      MailboxRecords{.is_reply = true}, EnclosureChunk{},
                                      Ack{.stream = kJournal}};
  for (const Frame& frame : unasked) {
    End end(LinkRole::kListener);
    end.open();
    end.hear(frame);
    check_closed(end, ByeCode::kProtocol);
  }
}

TEST_CASE("an ack of what was never sent ends the link, an old one is ignored", "[link]") {
  End end(LinkRole::kListener);
  end.open();
  end.hear(Subscribe{.stream = kJournal, .credit_bytes = 100'000});
  REQUIRE(end.session.send(records_of(0, 10), kStart));
  end.hear(Ack{.stream = kJournal, .cursor = 8, .receipt = "r"});
  end.hear(Ack{.stream = kJournal, .cursor = 3, .receipt = "r"});
  CHECK(end.delivered.size() == 2);
  CHECK(end.session.out_streams().at(kJournal).acked() == 8);
  end.hear(Ack{.stream = kJournal, .cursor = 11});
  check_closed(end, ByeCode::kProtocol);
}

TEST_CASE("a mailbox stream is one, whatever generation its holder names", "[link]") {
  End end(LinkRole::kListener);
  end.open();
  end.hear(Subscribe{.stream = {.is_mailbox = true}, .credit_bytes = 100'000});
  const StreamId named{.is_mailbox = true, .journal = {}, .mailbox_generation = 77};
  CHECK(end.session.credit(named) == 100'000);
  REQUIRE(end.session.send(MailboxRecords{.generation = 77, .first = 0, .last = 4}, kStart));
  end.hear(
      Ack{.stream = {.is_mailbox = true, .journal = {}, .mailbox_generation = 5}, .cursor = 900});
  CHECK_FALSE(end.closed);
  end.hear(Ack{.stream = named, .cursor = 4});
  CHECK(end.session.out_streams().begin()->second.acked() == 4);
}

TEST_CASE("floods of each limited kind are cut off", "[link][limits]") {
  const std::vector<Frame> kinds = {Subscribe{.stream = kJournal},
                                    CaseRequest{sample_case()},
                                    ConsistencyRequest{kJournal.journal, 1, 2},
                                    EnclosureRequest{},
                                    EnclosureDone{},
                                    RosterRequest{},
                                    RosterFrame{},
                                    ForkNotice{},
                                    Ping{}};
  for (const Frame& frame : kinds) {
    End end(LinkRole::kListener, {.subscribes = {20, 1},
                                  .case_requests = {20, 1},
                                  .enclosure_requests = {20, 1},
                                  .consistency_requests = {20, 1}});
    end.open();
    for (int i = 0; i < 50 && !end.closed; ++i) end.hear(frame);
    check_closed(end, ByeCode::kOverLimit);
  }
  End enrolling(LinkRole::kListener);
  for (int i = 0; i < 50 && !enrolling.closed; ++i) enrolling.hear(Enrol{});
  check_closed(enrolling, ByeCode::kOverLimit);
}

TEST_CASE("our own requests keep well inside what a peer allows", "[link][limits]") {
  End a(LinkRole::kDialler);
  End b(LinkRole::kListener);
  a.open();
  b.open();
  std::uint64_t refused = 0;
  for (int second = 0; second < 14; ++second) {
    for (int i = 0; i < 200; ++i) {
      refused += !a.session.send(CaseRequest{sample_case()}, a.now);
    }
    a.now += seconds{1};
  }
  CHECK(refused > 0);
  exchange(a, b);  // all of it at once, as after a stalled line
  CHECK((b.closed ? b.closed->reason : "") == "");
}

TEST_CASE("a proof of consistency is taken when asked for, and no more than one", "[link]") {
  MailboxRecords reply{.is_reply = true};
  reply.groups.push_back({.journal = kJournal.journal,
                          .known_size = 1,
                          .checkpoint = std::string(8'000, 'x'),
                          .nodes = std::vector<TreeNode>(128)});
  End unasked(LinkRole::kDialler);
  unasked.open();
  unasked.hear(reply);
  check_closed(unasked, ByeCode::kProtocol);
  End end(LinkRole::kDialler);
  end.open();
  REQUIRE(end.session.send(ConsistencyRequest{kJournal.journal, 1, 2}, kStart));
  end.hear(reply);
  CHECK_FALSE(end.closed);
  for (int i = 0; i < 4 && !end.closed; ++i) end.hear(reply);
  check_closed(end, ByeCode::kProtocol);
}

TEST_CASE("what a peer has surely taken in is told by the pings it answers", "[link]") {
  End a(LinkRole::kDialler), b(LinkRole::kListener);
  a.open();
  b.open();
  REQUIRE(a.session.send(EnclosureDone{}, a.now));
  const std::uint64_t sent = a.session.counters().frames_out;
  CHECK(a.session.frames_taken() < sent);
  a.session.probe(sent, a.now);
  a.session.probe(sent, a.now);  // one is under way
  REQUIRE(a.session.send(EnclosureDone{}, a.now));
  const auto frames = a.drain();
  REQUIRE(frames.size() == 3);
  CHECK(std::holds_alternative<Ping>(frames[1]));
  CHECK(a.session.frames_taken() < sent);
  a.hear(Ping{.nonce = std::get<Ping>(frames[1]).nonce + 1, .is_pong = true});  // never sent
  CHECK(a.session.frames_taken() < sent);
  for (const Frame& frame : frames) b.hear(frame);
  for (const Frame& frame : b.drain()) a.hear(frame);
  CHECK(a.session.frames_taken() == sent);
  a.session.probe(sent, a.now);  // nothing more to learn
  CHECK(a.drain().empty());
}

TEST_CASE("a line that delays everything bears probing from both ends", "[link][limits]") {
  End a(LinkRole::kDialler), b(LinkRole::kListener);
  a.open();
  b.open();
  for (int second = 0; second < 600; ++second) {
    for (End* end : {&a, &b}) {
      end->now += seconds{1};
      end->tick();
      if (end->session.send(EnclosureDone{}, end->now)) {
        end->session.probe(end->session.counters().frames_out, end->now);
      }
    }
    if (second % 40 < 35) continue;  // what was held back for 35 s comes all at once
    exchange(a, b);
    REQUIRE((a.closed ? a.closed->reason : "") == "");
    REQUIRE((b.closed ? b.closed->reason : "") == "");
  }
  CHECK(a.session.frames_taken() > 0);
  CHECK(b.session.frames_taken() > 0);
}

TEST_CASE("a subscriber of too many streams is cut off", "[link][limits]") {
  End end(LinkRole::kListener, {.streams_max = 8});
  end.open();
  for (std::uint32_t i = 1; i <= 8; ++i) {
    end.hear(Subscribe{.stream = {.is_mailbox = false, .journal = {sample_member("51"), i}}});
  }
  CHECK_FALSE(end.closed);
  end.hear(Subscribe{.stream = {.is_mailbox = false, .journal = {sample_member("51"), 9}}});
  check_closed(end, ByeCode::kOverLimit);
}

TEST_CASE("a peer that never reads is cut off and memory stays bounded", "[link][limits]") {
  const LinkOptions options{.queue_bytes_max = 100'000};
  End end(LinkRole::kListener, options);
  end.open();
  end.hear(Subscribe{.stream = kJournal, .credit_bytes = ~std::uint64_t{0}});
  std::uint64_t first = 0;
  while (end.session.send(records_of(first, 10), end.now)) first += 10;
  CHECK(end.session.queued_bytes() <= 50'000);
  CHECK_FALSE(end.closed);
  // It goes on talking, so it is not idle.
  while (!end.closed && end.now < kStart + seconds{60}) {
    end.now += seconds{5};
    end.hear(Ping{});
    if (!end.closed) end.tick();
    CHECK(end.session.queued_bytes() <= options.queue_bytes_max);
  }
  check_closed(end, ByeCode::kOverLimit);
}

TEST_CASE("a queue that control frames overfill ends the link at the next tick", "[link]") {
  End end(LinkRole::kListener, {.queue_bytes_max = 20'000});
  end.open();
  REQUIRE(end.session.send(Subscribe{.stream = kJournal}, kStart));
  Result<void> sent;
  for (int i = 0; i < 10'000 && sent; ++i) sent = end.session.send(Ack{.stream = kJournal}, kStart);
  CHECK(sent.error().code == ErrorCode::kUnavailable);
  CHECK(*end.session.timeout() <= kStart);
  end.tick();
  check_closed(end, ByeCode::kOverLimit);
  CHECK(end.session.send(Ack{.stream = kJournal}, kStart).error().code == ErrorCode::kNotAllowed);
}

TEST_CASE("a bye ends the link without an answer, ours goes out after what is queued", "[link]") {
  End a(LinkRole::kDialler);
  End b(LinkRole::kListener);
  a.open();
  b.open();
  REQUIRE(a.session.send(CaseRequest{sample_case()}, kStart));
  a.session.close(ByeCode::kShutdown, "down\nfor " + std::string(600, 'x'), kStart);
  exchange(a, b);
  CHECK(b.delivered.size() == 1);
  REQUIRE(b.closed);
  CHECK(b.closed->by_peer);
  CHECK(b.closed->reason.substr(0, 8) == "down for");
  CHECK(b.drain().empty());
  a.tick();
  CHECK(a.closed->code == ByeCode::kShutdown);
}

TEST_CASE("no sequence of frames crashes a session or passes its bounds", "[link][property]") {
  rc::prop("in every state", [] {
    const LinkOptions options{.window_bytes = 2'000, .queue_bytes_max = 20'000, .streams_max = 3};
    End end(*rc::gen::element(LinkRole::kDialler, LinkRole::kListener), options);
    if (*rc::gen::arbitrary<bool>()) end.open();
    for (int i = 0; i < 30 && !end.closed; ++i) {
      end.now += Duration{*rc::gen::inRange(0, 3000)};
      end.hear(*any_frame());
      if (!end.closed) end.tick();
      RC_ASSERT(end.session.queued_bytes() <= options.queue_bytes_max);
      RC_ASSERT(end.session.out_streams().size() <= options.streams_max);
      RC_ASSERT((end.session.state() == LinkState::kClosed) == end.closed.has_value());
    }
  });
}

}  // namespace simpul
