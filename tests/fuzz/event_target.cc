// Events. One that is accepted keeps within the limits, has the envelope that is read on its own,
// reads the same from any address, and, written again, reads as the same value.
#include "protocol/event.h"
#include "tests/fuzz/script.h"
#include "tests/fuzz/targets.h"

namespace simpul::fuzz {

namespace {

void check_envelope_of(const Event& event, const Result<Envelope>& envelope) {
  SIMPUL_CHECK(envelope.has_value());
  SIMPUL_CHECK(envelope->position == event.position && envelope->kind == event.kind);
  SIMPUL_CHECK(envelope->state_changing == event.state_changing && envelope->time == event.time);
  SIMPUL_CHECK(envelope->case_id == event.case_id);
  SIMPUL_CHECK(envelope->enclosure_count == event.enclosures.size());
}

void check_limits_of(const Event& event) {
  SIMPUL_CHECK(event.after.size() <= kAfterMax && event.enclosures.size() <= kEnclosuresMax);
  SIMPUL_CHECK(!event.position.journal.member.empty() && event.position.journal.generation > 0);
  for (const EnclosureRef& each : event.enclosures) {
    SIMPUL_CHECK(each.commitment.padded_size > 0);
    SIMPUL_CHECK(each.commitment.padded_size <= kEnclosureSizeMax);
  }
  if (name_of(event.kind) == nullptr) {
    SIMPUL_CHECK(std::holds_alternative<UnknownBody>(event.body));
  } else {
    SIMPUL_CHECK(kind_of(event.body) == event.kind);
    SIMPUL_CHECK(changes_state(event.kind) == event.state_changing);
  }
}

}  // namespace

void fuzz_event(BytesView input) {
  const Result<Event> event = decode_event(input);
  const Result<Envelope> envelope = decode_envelope(input);
  const Unaligned moved(input);
  const Result<Event> again = decode_event(moved.view());
  SIMPUL_CHECK(event.has_value() == again.has_value());
  if (!event) {
    SIMPUL_CHECK(event.error().message == again.error().message);
    return;
  }
  SIMPUL_CHECK(*event == *again && input.size() <= kEventSizeMax);
  check_envelope_of(*event, envelope);
  check_limits_of(*event);
  SeededRandom random(1);
  const Result<Bytes> encoded = encode_event(*event, random);
  if (!encoded) {
    // Parts that the input used twice are written twice.
    SIMPUL_CHECK(encoded.error().code == ErrorCode::kTooLarge);
    return;
  }
  const Result<Event> rewritten = decode_event(*encoded);
  SIMPUL_CHECK(rewritten.has_value() && *rewritten == *event);
}

}  // namespace simpul::fuzz
