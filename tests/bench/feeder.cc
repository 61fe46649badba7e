#include "tests/bench/feeder.h"

#include "tests/bench/stopwatch.h"

namespace simpul::bench {

Feeder::Feeder(const World& world, const std::string& member, const std::string& hub, Instant now)
    : world_(world),
      member_(must(MemberId::parse(member))),
      journal_{member_, 1},
      random_(99),
      session_(LinkOptions{},
               {LinkRole::kDialler, world.identity(hub).federation, world.identity(hub).member},
               random_) {
  session_.start(now);
}

std::vector<Bytes> Feeder::greet(Instant now) {
  Hello hello;
  hello.federation = world_.roster().roster.federation;
  hello.member = member_;
  hello.roster_version = world_.roster().roster.version;
  hello.roster_hash = world_.roster().hash;
  hello.software = "bench";
  must(session_.send(hello, now));
  return drain(now);
}

std::vector<Bytes> Feeder::receive(BytesView frame, Instant now) {
  for (LinkAction& action : session_.receive(frame, now)) {
    if (const auto* close = std::get_if<Close>(&action)) {
      std::fprintf(stderr, "the hub ended the link: %s\n", close->reason.c_str());
      std::exit(1);
    }
    const Frame& one = std::get<Deliver>(action).frame;
    if (const auto* subscribe = std::get_if<Subscribe>(&one)) {
      if (!subscribe->stream.is_mailbox && subscribe->stream.journal == journal_) {
        subscribed_ = true;
        subscribed_from_ = acknowledged_ = subscribe->from;
      }
    } else if (const auto* ack = std::get_if<Ack>(&one)) {
      if (!ack->stream.is_mailbox) acknowledged_ = std::max(acknowledged_, ack->cursor);
    }
  }
  return drain(now);
}

std::vector<Bytes> Feeder::offer(std::vector<JournalRecords> records, Instant now) {
  for (JournalRecords& one : records) waiting_.push_back(std::move(one));
  return drain(now);
}

std::vector<Bytes> Feeder::drain(Instant now) {
  while (!waiting_.empty() && subscribed_ && session_.send(waiting_.front(), now))
    waiting_.pop_front();
  std::vector<Bytes> frames;
  while (const Bytes* bytes = session_.next_out()) {
    frames.push_back(*bytes);
    session_.pop_out();
  }
  return frames;
}

}  // namespace simpul::bench
