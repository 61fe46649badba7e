// What a peer's frames do to a session: legality, limits, credit.
#include <algorithm>

#include "protocol/link_session.h"

namespace simpul {
namespace {

template <class... Kinds>
bool is_any(const Frame& frame) {
  return (std::holds_alternative<Kinds>(frame) || ...);
}

}  // namespace

std::optional<LinkSession::Limited> LinkSession::limited_kind(const Frame& frame) {
  if (is_any<Subscribe>(frame)) return Limited::kSubscribe;
  if (is_any<CaseRequest>(frame)) return Limited::kCase;
  if (is_any<EnclosureRequest>(frame)) return Limited::kEnclosure;
  if (is_any<EnclosureDone>(frame)) return Limited::kEnclosureDone;
  if (is_any<RosterRequest>(frame)) return Limited::kRosterRequest;
  if (is_any<RosterFrame>(frame)) return Limited::kRoster;
  if (is_any<ForkNotice>(frame)) return Limited::kForkNotice;
  if (is_any<Enrol, EnrolStatus>(frame)) return Limited::kEnrol;
  if (is_any<Ping>(frame)) return Limited::kPing;
  if (is_any<ConsistencyRequest>(frame)) return Limited::kConsistency;
  return std::nullopt;
}

LinkSession::Buckets LinkSession::buckets(const LinkOptions& options, double burst_share,
                                          double rate_share) {
  const auto bucket = [&](Rate rate) {
    return TokenBucket({std::max(1.0, rate.burst * burst_share), rate.per_second * rate_share});
  };
  return {bucket(options.subscribes),
          bucket(options.case_requests),
          bucket(options.enclosure_requests),
          bucket(options.enclosure_requests),
          bucket(options.roster_requests),
          bucket(options.roster_requests),
          bucket(options.roster_requests),
          bucket(options.enrols),
          bucket(options.pings),
          bucket(options.consistency_requests)};
}

LinkSession::Outcome LinkSession::check_legal(const Frame& frame) const {
  const bool listener = party_.role == LinkRole::kListener;
  bool legal = false;
  if (is_any<Ping, Bye, RosterRequest, RosterFrame>(frame)) {
    legal = true;
  } else if (is_any<Hello>(frame)) {
    legal = state_ != LinkState::kOpen && !peer_hello_ && (listener || hello_sent_);
  } else if (is_any<Enrol>(frame)) {
    legal = state_ != LinkState::kOpen && listener && !peer_hello_;
  } else if (is_any<EnrolStatus>(frame)) {
    legal = state_ != LinkState::kOpen && !listener;
  } else {
    legal = state_ == LinkState::kOpen;
  }
  if (legal) return std::nullopt;
  return Failure{ByeCode::kProtocol, std::string("a ") + name_of(frame) +
                                         " frame is not legal while the link is " +
                                         name_of(state_)};
}

LinkSession::Outcome LinkSession::accept(const Frame& frame, std::uint64_t wire_bytes, Instant now,
                                         bool& deliver) {
  if (auto failure = check_legal(frame)) return failure;
  const auto kind = limited_kind(frame);
  if (kind && !theirs_[static_cast<std::size_t>(*kind)].take(now)) {
    return Failure{ByeCode::kOverLimit,
                   std::string("too many ") + name_of(frame) + " frames in a short time"};
  }
  if (const auto* hello = std::get_if<Hello>(&frame)) return accept_hello(*hello);
  if (const auto* subscribe = std::get_if<Subscribe>(&frame)) return accept_subscribe(*subscribe);
  if (const auto* ack = std::get_if<Ack>(&frame)) return accept_ack(*ack, deliver);
  if (const auto* records = std::get_if<JournalRecords>(&frame)) {
    return accept_records({.is_mailbox = false, .journal = records->journal},
                          records->first + records->events.size(), wire_bytes);
  }
  if (const auto* records = std::get_if<MailboxRecords>(&frame)) {
    if (records->is_reply) return accept_reply(wire_bytes);
    return accept_records({.is_mailbox = true, .journal = {}}, records->last, wire_bytes);
  }
  if (is_any<EnclosureChunk>(frame)) return accept_chunk();
  if (is_any<Enrol>(frame)) state_ = LinkState::kEnrolling;
  if (const auto* ping = std::get_if<Ping>(&frame)) {
    deliver = false;
    return accept_ping(*ping, now);
  }
  if (const auto* bye = std::get_if<Bye>(&frame)) end({bye->code, bye->reason, true}, false);
  return std::nullopt;
}

LinkSession::Outcome LinkSession::accept_hello(const Hello& hello) {
  const bool welcome_expected = party_.role == LinkRole::kDialler;
  if (hello.is_welcome != welcome_expected) {
    return Failure{ByeCode::kProtocol, welcome_expected ? "a hello came where a welcome was due"
                                                        : "a welcome came where a hello was due"};
  }
  if (hello.version != kProtocolVersion) {
    return Failure{ByeCode::kVersion, "protocol version " + std::to_string(hello.version) +
                                          " met version " + std::to_string(kProtocolVersion) +
                                          ": upgrade the node with the older one"};
  }
  if (hello.federation != party_.federation) {
    return Failure{ByeCode::kWrongFederation,
                   "this node is of federation '" + party_.federation + "', the peer of '" +
                       hello.federation + "': check the endpoint and the federation configured"};
  }
  if (!party_.peer.empty() && hello.member != party_.peer) {
    return Failure{ByeCode::kUnknownMember,
                   "the connection's key belongs to " + party_.peer.text() + ", the hello names " +
                       hello.member.text() + ": check the member id and the keystore"};
  }
  peer_hello_ = hello;
  if (welcome_expected) state_ = LinkState::kOpen;
  return std::nullopt;
}

LinkSession::Outcome LinkSession::accept_subscribe(const Subscribe& subscribe) {
  const StreamId key = stream_key(subscribe.stream);
  auto found = out_streams_.find(key);
  if (found == out_streams_.end()) {
    if (out_streams_.size() >= options_.streams_max) {
      return Failure{ByeCode::kOverLimit, "more than " + std::to_string(options_.streams_max) +
                                              " streams subscribed on one link"};
    }
    found = out_streams_.emplace(key, OutStream(subscribe.stream, subscribe.from)).first;
  } else {
    found->second.restart(subscribe.stream, subscribe.from);
  }
  found->second.grant(subscribe.credit_bytes);
  return std::nullopt;
}

LinkSession::Outcome LinkSession::accept_ack(const Ack& ack, bool& deliver) {
  const auto found = out_streams_.find(stream_key(ack.stream));
  if (found == out_streams_.end()) {
    return Failure{ByeCode::kProtocol, "an ack of a stream that was not subscribed"};
  }
  found->second.grant(ack.credit_bytes);
  // Of a mailbox generation that is no longer sent: only its credit counts.
  if (ack.stream != found->second.id()) {
    deliver = false;
    return std::nullopt;
  }
  const auto moved = found->second.acknowledge(ack.cursor);
  if (!moved) return Failure{ByeCode::kProtocol, "the peer " + moved.error().message};
  deliver = *moved || (ack.cursor == found->second.acked() && !ack.receipt.empty());
  return std::nullopt;
}

LinkSession::Outcome LinkSession::accept_records(const StreamId& stream, std::uint64_t to,
                                                 std::uint64_t wire_bytes) {
  const auto found = in_streams_.find(stream);
  if (found == in_streams_.end()) {
    return Failure{ByeCode::kProtocol, "records of a stream that was not subscribed"};
  }
  const auto received = found->second.receive(to, wire_bytes);
  if (!received) return Failure{ByeCode::kOverLimit, received.error().message};
  return std::nullopt;
}

LinkSession::Outcome LinkSession::accept_reply(std::uint64_t wire_bytes) {
  if (wire_bytes > reply_allowance_bytes_) {
    return Failure{ByeCode::kProtocol, "a reply that was not asked for"};
  }
  reply_allowance_bytes_ -= wire_bytes;
  return std::nullopt;
}

LinkSession::Outcome LinkSession::accept_chunk() {
  if (chunks_awaited_ == 0) {
    return Failure{ByeCode::kProtocol, "an enclosure chunk that was not asked for"};
  }
  --chunks_awaited_;
  return std::nullopt;
}

LinkSession::Outcome LinkSession::accept_ping(const Ping& ping, Instant now) {
  if (ping.time != Instant{}) peer_clock_ = PeerClock{.theirs = ping.time, .ours = now};
  if (!ping.is_pong) {
    if (auto bytes = encode_frame(Ping{.nonce = ping.nonce, .is_pong = true, .time = now})) {
      (void)queue(std::move(*bytes), now);  // a full queue ends the session
    }
    return std::nullopt;
  }
  note_pong(ping.nonce, now);
  return std::nullopt;
}

void LinkSession::note_pong(std::uint64_t nonce, Instant now) {
  if (nonce > ping_nonce_) return;  // never sent
  while (!pings_.empty() && pings_.front().nonce <= nonce) {
    frames_taken_ = pings_.front().frames_before;
    pings_.pop_front();
  }
  if (ping_sent_ && nonce == ping_nonce_) {
    round_trip_ = std::max(Duration{0}, now - *ping_sent_);
    ping_sent_.reset();
  }
}

}  // namespace simpul
