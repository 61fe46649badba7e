// Writes events, for their author alone.
#include "protocol/capnp_event.h"
#include "protocol/event_kinds.h"

namespace simpul {
namespace {

constexpr std::size_t kMessageWordsMax =
    (kEventSizeMax - kEventSaltSize - kSegmentTableSize) / kWordSize;

// What the layout cannot hold, and so decoding could not tell.
Result<void> check_shape(const Event& event) {
  if (event.after.size() > kAfterMax || event.enclosures.size() > kEnclosuresMax) {
    return fail(ErrorCode::kTooLarge, "event: it cites too many events or enclosures");
  }
  const bool unknown = std::holds_alternative<UnknownBody>(event.body);
  if (unknown ? rule_of(event.kind) != nullptr : kind_of(event.body) != event.kind) {
    return fail(ErrorCode::kMalformed, "event: its kind and its body disagree");
  }
  return {};
}

void write_enclosure(const EnclosureRef& ref, wire::Enclosure::Builder to) {
  to.setRole(static_cast<std::uint8_t>(ref.role));
  to.setPaddedSize(ref.commitment.padded_size);
  set_words(to.getDigest(), ref.commitment.digest.bytes);
  set_words(to.getChunkRoot(), ref.commitment.chunk_root.bytes);
  set_words(to.getKeyCommitment(), ref.commitment.key_commitment.bytes);
}

void write_causes(const Event& event, wire::Event::Builder to) {
  if (!event.epoch.is_zero()) set_words(to.initEpoch(), event.epoch.bytes);
  if (!event.case_prev.is_zero()) set_words(to.initCasePrev(), event.case_prev.bytes);
  if (!event.after.empty()) write_hashes(event.after, to.initAfter(list_size(event.after)));
}

void write_event(const Event& event, wire::Event::Builder to) {
  to.setVersion(event.version);
  to.setKind(static_cast<std::uint16_t>(event.kind));
  to.setGeneration(event.position.journal.generation);
  to.setIndex(event.position.index);
  to.setTime(event.time.time_since_epoch().count());
  to.setHasHappened(event.happened.has_value());
  to.setHappened(event.happened.value_or(Instant{}).time_since_epoch().count());
  to.setStateChanging(event.state_changing);
  to.setMember(event.position.journal.member.text());
  if (!event.case_id.empty()) to.setCaseId(event.case_id.text());
  const MemberId names = names_of(event.body);
  if (!names.empty()) to.setNames(names.text());
  write_causes(event, to);
  if (!event.enclosures.empty()) {
    auto list = to.initEnclosures(list_size(event.enclosures));
    for (unsigned i = 0; i < list.size(); ++i) write_enclosure(event.enclosures[i], list[i]);
  }
  write_body(event.body, to.getBody());
}

}  // namespace

Result<Bytes> encode_event(const Event& event, Random& random) {
  SIMPUL_TRY_VOID(check_shape(event));
  std::array<capnp::word, kMessageWordsMax> scratch;
  std::memset(scratch.data(), 0, sizeof scratch);
  capnp::MallocMessageBuilder builder(kj::arrayPtr(scratch.data(), scratch.size()),
                                      capnp::AllocationStrategy::FIXED_SIZE);
  write_event(event, builder.initRoot<wire::Event>());
  std::array<std::uint8_t, kEventSaltSize> salt{};
  random.fill(salt);
  SIMPUL_TRY(bytes, write_message(salt, builder));
  SIMPUL_TRY(again, decode_event(bytes));
  if (again != event) {
    return fail(ErrorCode::kMalformed, "event: it would be read otherwise than it was given");
  }
  return std::move(bytes);
}

}  // namespace simpul
