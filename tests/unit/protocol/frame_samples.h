// Frames for tests: one of each kind, and arbitrary ones for properties.
#pragma once

#include <rapidcheck.h>

#include <string>

#include "protocol/frame.h"
#include "protocol/intake.h"

namespace simpul::testing {

inline MemberId sample_member(std::string_view text) {
  return MemberId::parse(text).value();
}
inline Digest digest_of(std::uint8_t fill) {
  Digest digest;
  digest.bytes.fill(fill);
  return digest;
}
inline CaseId sample_case(std::uint64_t seed = 1) {
  SeededRandom random(seed);
  return CaseId::make(sample_member("51.03"), random);
}

inline Hello sample_hello() {
  return {.is_welcome = false,
          .version = kProtocolVersion,
          .federation = "lapor-pilot",
          .member = sample_member("51.03"),
          .roster_version = 7,
          .roster_hash = digest_of(0x11),
          .held_of_you = "",
          .own_head = "simpul/lapor-pilot/51.03/1\n2\n",
          .software = "simpul 0.1.0"};
}
inline JournalRecords sample_records() {
  return {.journal = {sample_member("51.03"), 1},
          .first = 41,
          .events = {Bytes(20, 0xaa), Bytes(33, 0xbb)},
          .checkpoint = "simpul/lapor-pilot/51.03/1\n43\n"};
}

template <class T>
rc::Gen<std::vector<T>> vector_of(rc::Gen<T> item, int most) {
  return rc::gen::mapcat(rc::gen::inRange(0, most + 1), [item](int count) {
    return rc::gen::container<std::vector<T>>(static_cast<std::size_t>(count), item);
  });
}

inline rc::Gen<Bytes> bytes_up_to(int least, int most) {
  return rc::gen::mapcat(rc::gen::inRange(least, most + 1), [](int count) {
    return rc::gen::container<Bytes>(static_cast<std::size_t>(count),
                                     rc::gen::arbitrary<std::uint8_t>());
  });
}
inline rc::Gen<std::string> line() {
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
                          "a", "Z", " ", "0", "\u00e9", "\u2014", "\U0001f600")),
                      [](const std::vector<std::string>& parts) {
                        std::string text;
                        for (const auto& part : parts) {
                          if (text.size() < 50) text += part;
                        }
                        return text;
                      });
}
inline rc::Gen<Digest> any_digest() {
  return rc::gen::map(rc::gen::arbitrary<std::uint8_t>(), digest_of);
}
inline rc::Gen<MemberId> any_member() {
  return rc::gen::map(
      rc::gen::element<std::string>("51", "51.03", "34.04", "kemenpanrb", "hub-nasional"),
      sample_member);
}
inline rc::Gen<JournalId> any_journal() {
  return rc::gen::build<JournalId>(
      rc::gen::set(&JournalId::member, any_member()),
      rc::gen::set(&JournalId::generation,
                   rc::gen::suchThat<std::uint32_t>([](auto value) { return value > 0; })));
}
inline rc::Gen<StreamId> any_stream() {
  return rc::gen::oneOf(
      rc::gen::map(any_journal(),
                   [](JournalId id) {
                     return StreamId{false, std::move(id), 0};
                   }),
      rc::gen::map(rc::gen::arbitrary<std::uint64_t>(), [](std::uint64_t generation) {
        return StreamId{true, {}, generation};
      }));
}
inline rc::Gen<CaseId> any_case() {
  return rc::gen::map(rc::gen::arbitrary<std::uint64_t>(), sample_case);
}
inline rc::Gen<Bytes> any_event() {
  return bytes_up_to(static_cast<int>(kEventSaltSize) + 1, 60);
}

inline rc::Gen<ProvedGroup> any_group() {
  const auto node = rc::gen::build<TreeNode>(
      rc::gen::set(&TreeNode::id,
                   rc::gen::build<NodeId>(
                       rc::gen::set(&NodeId::level, rc::gen::inRange<std::uint8_t>(0, 64)),
                       rc::gen::set(&NodeId::index))),
      rc::gen::set(&TreeNode::hash, any_digest()));
  const auto event = rc::gen::build<SparseEvent>(rc::gen::set(&SparseEvent::index),
                                                 rc::gen::set(&SparseEvent::bytes, any_event()));
  return rc::gen::build<ProvedGroup>(rc::gen::set(&ProvedGroup::journal, any_journal()),
                                     rc::gen::set(&ProvedGroup::known_size),
                                     rc::gen::set(&ProvedGroup::checkpoint, line()),
                                     rc::gen::set(&ProvedGroup::nodes, vector_of(node, 4)),
                                     rc::gen::set(&ProvedGroup::events, vector_of(event, 4)));
}

inline rc::Gen<KeyPacket> any_packet() {
  return rc::gen::exec([] {
    KeyPacket packet;
    packet.enclosure = *any_digest();
    packet.case_id = *any_case();
    packet.from = *any_member();
    packet.to = *any_member();
    packet.sealing_version = *rc::gen::arbitrary<std::uint32_t>();
    packet.withdrawn = *rc::gen::arbitrary<bool>();
    if (!packet.withdrawn) packet.sealed = *bytes_up_to(1, 80);
    packet.signature.fill(*rc::gen::arbitrary<std::uint8_t>());
    return packet;
  });
}

inline rc::Gen<Frame> any_mailbox() {
  return rc::gen::exec([] {
    MailboxRecords records;
    records.is_reply = *rc::gen::arbitrary<bool>();
    records.generation = *rc::gen::arbitrary<std::uint64_t>();
    records.first = *rc::gen::arbitrary<std::uint32_t>();
    records.last = records.first + *rc::gen::arbitrary<std::uint32_t>();
    records.groups = *vector_of(any_group(), 3);
    records.packets = *vector_of(any_packet(), 3);
    return Frame{records};
  });
}

inline rc::Gen<Frame> any_hello() {
  return rc::gen::exec([] {
    Hello hello = sample_hello();
    hello.is_welcome = *rc::gen::arbitrary<bool>();
    hello.version = *rc::gen::arbitrary<std::uint16_t>();
    hello.member = *any_member();
    hello.roster_version = *rc::gen::arbitrary<std::uint64_t>();
    hello.held_of_you = *line() + "\n";
    hello.software = *line();
    return Frame{hello};
  });
}

inline rc::Gen<Frame> any_chunk() {
  return rc::gen::exec([] {
    EnclosureChunk chunk;
    chunk.digest = *any_digest();
    chunk.index = *rc::gen::arbitrary<std::uint64_t>();
    chunk.absent = *rc::gen::arbitrary<bool>();
    if (!chunk.absent) {
      chunk.bytes = *bytes_up_to(0, 100);
      chunk.proof = *vector_of(any_digest(), 5);
    }
    return Frame{chunk};
  });
}

// Of the kind with this index in Frame.
inline rc::Gen<Frame> any_frame_of(std::size_t kind) {
  return rc::gen::exec([kind]() -> Frame {
    switch (kind) {
      case 0:
        return *any_hello();
      case 1:
        return Subscribe{*any_stream(), *rc::gen::arbitrary<std::uint64_t>(),
                         *rc::gen::arbitrary<std::uint64_t>()};
      case 2:
        return JournalRecords{*any_journal(), *rc::gen::arbitrary<std::uint32_t>(),
                              *vector_of(any_event(), 6), *line() + "\n"};
      case 3:
        return *any_mailbox();
      case 4:
        return Ack{*any_stream(), *rc::gen::arbitrary<std::uint64_t>(), *line(),
                   *rc::gen::arbitrary<std::uint64_t>()};
      case 5:
        return CaseRequest{*any_case()};
      case 6:
        return EnclosureRequest{*any_digest(), *rc::gen::arbitrary<std::uint64_t>(),
                                *rc::gen::inRange<std::uint32_t>(1, kChunksPerRequestMax + 1)};
      case 7:
        return *any_chunk();
      case 8:
        return EnclosureDone{*any_digest()};
      case 9:
        return RosterRequest{*rc::gen::arbitrary<std::uint64_t>()};
      case 10:
        return RosterFrame{*bytes_up_to(0, 100)};
      case 11:
        return Enrol{*bytes_up_to(0, 100)};
      case 12:
        return EnrolStatus{
            *rc::gen::element(EnrolState::kPending, EnrolState::kAdmitted, EnrolState::kRejected),
            *line()};
      case 13:
        return ForkNotice{*bytes_up_to(0, 100)};
      case 14:
        return Ping{*rc::gen::arbitrary<std::uint64_t>(), *rc::gen::arbitrary<bool>(),
                    Instant(Duration(*rc::gen::inRange<std::int64_t>(0, kInstantMax)))};
      case 15:
        return Bye{static_cast<ByeCode>(*rc::gen::arbitrary<std::uint16_t>()), *line()};
      default: {
        const auto known = 1 + std::uint64_t{*rc::gen::arbitrary<std::uint32_t>()};
        return ConsistencyRequest{*any_journal(), known,
                                  known + 1 + *rc::gen::arbitrary<std::uint32_t>()};
      }
    }
  });
}

inline rc::Gen<Frame> any_frame() {
  return rc::gen::mapcat(rc::gen::inRange<std::size_t>(0, std::variant_size_v<Frame>),
                         any_frame_of);
}

}  // namespace simpul::testing
