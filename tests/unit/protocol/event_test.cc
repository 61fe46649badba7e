#include "protocol/event.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "crypto/encoding.h"
#include "tests/unit/protocol/random_event.h"

using namespace simpul;

namespace {

std::string read_vector(const std::string& name) {
  std::ifstream file(SIMPUL_SOURCE_DIR "/tests/vectors/" + name);
  std::stringstream text;
  std::string line;
  while (std::getline(file, line)) text << line;
  return text.str();
}

Event opened_example() {
  SeededRandom random(7);
  Event event;
  event.position = EventPosition::parse("51.03/1#42").value();
  event.kind = EventKind::kOpened;
  event.state_changing = true;
  event.time = Instant(Duration(1'760'000'000'000));
  event.case_id = CaseId::make(event.position.journal.member, random);
  EnclosureRef narrative{EnclosureRole::kNarrative, {}};
  narrative.commitment.padded_size = 512;
  random.fill(narrative.commitment.digest.bytes);
  random.fill(narrative.commitment.chunk_root.bytes);
  random.fill(narrative.commitment.key_commitment.bytes);
  event.enclosures = {narrative};
  event.body = Opened{Channel::kWeb, CaseClass::kComplaint, Privacy::kPublic, "51.03", "roads"};
  return event;
}

Event escalated_example() {
  Event event = opened_example();
  event.kind = EventKind::kEscalated;
  event.state_changing = false;
  event.position.index = 43;
  event.epoch.bytes.fill(3);
  event.case_prev = event.epoch;
  event.enclosures = {};
  event.body = Escalated{Stage::kComplete, 1};
  return event;
}

Event erased_example() {
  Event event = escalated_example();
  event.kind = EventKind::kErased;
  event.body = Erased{"request"};
  return event;
}

Event rated_example() {
  Event event = escalated_example();
  event.kind = EventKind::kRated;
  event.body = Rated{4};
  return event;
}

Event hold_example() {
  Event event = escalated_example();
  event.kind = EventKind::kLegalHold;
  event.body = LegalHold{true};
  return event;
}

Event linked_example() {
  Event event = escalated_example();
  SeededRandom random(7);
  event.kind = EventKind::kLinked;
  event.state_changing = true;
  event.body = Linked{Relation::kDuplicateOf, CaseId::make(MemberId::parse("51").value(), random),
                      MemberId::parse("51").value(), false};
  return event;
}

Event part_reported_example() {
  Event event = escalated_example();
  SeededRandom random(7);
  event.kind = EventKind::kPartReported;
  event.body = PartReported{CaseId::make(MemberId::parse("51").value(), random), PartStage::kClosed,
                            Outcome::kWithdrawn, MemberId::parse("pupr").value()};
  return event;
}

Event link_answered_example() {
  Event event = escalated_example();
  event.kind = EventKind::kLinkAnswered;
  event.body = LinkAnswered{event.epoch, true};
  return event;
}

Event appealed_example() {
  Event event = escalated_example();
  event.kind = EventKind::kAppealed;
  event.body = Appealed{MemberId::parse("51").value()};
  return event;
}

Event withdrawn_example() {
  Event event = escalated_example();
  event.kind = EventKind::kWithdrawn;
  event.body = Withdrawn{};
  return event;
}

Event forwarded_example() {
  RandomEvents events(8);
  Event event = events.next(6);
  event.body = Forwarded{MemberId::parse("51").value(), event.time, "not-our-roads"};
  return event;
}

void require_refused(const Event& event, ErrorCode code = ErrorCode::kMalformed) {
  SeededRandom random(9);
  const auto bytes = encode_event(event, random);
  REQUIRE_FALSE(bytes);
  CHECK(bytes.error().code == code);
}

}  // namespace

TEST_CASE("an event encodes to the committed bytes", "[event]") {
  SeededRandom random(10);
  const auto bytes = encode_event(opened_example(), random);
  REQUIRE(bytes);
  CHECK(read_vector("event_opened.hex") == to_hex(*bytes));
  CHECK(bytes->size() < 400);
  CHECK(read_vector("event_escalated.hex") == to_hex(*encode_event(escalated_example(), random)));
  CHECK(read_vector("event_erased.hex") == to_hex(*encode_event(erased_example(), random)));
  CHECK(read_vector("event_legal_hold.hex") == to_hex(*encode_event(hold_example(), random)));
  CHECK(read_vector("event_rated.hex") == to_hex(*encode_event(rated_example(), random)));
  CHECK(read_vector("event_linked.hex") == to_hex(*encode_event(linked_example(), random)));
  CHECK(read_vector("event_part_reported.hex") ==
        to_hex(*encode_event(part_reported_example(), random)));
  CHECK(read_vector("event_link_answered.hex") ==
        to_hex(*encode_event(link_answered_example(), random)));
  CHECK(read_vector("event_appealed.hex") == to_hex(*encode_event(appealed_example(), random)));
  CHECK(read_vector("event_withdrawn.hex") == to_hex(*encode_event(withdrawn_example(), random)));
}

TEST_CASE("events of every kind read back as they were authored", "[event]") {
  RandomEvents events(11);
  for (std::uint64_t place = 1; place <= RandomEvents::kKinds; ++place) {
    for (int i = 0; i < 50; ++i) {
      const Event event = events.next(place);
      const auto bytes = encode_event(event, events.random());
      INFO(name_of(event.kind));
      REQUIRE(bytes);
      REQUIRE(bytes->size() <= kEventSizeMax);
      REQUIRE(decode_event(*bytes) == event);
    }
  }
}

TEST_CASE("the envelope says what the event says", "[event]") {
  RandomEvents events(12);
  for (int i = 0; i < 500; ++i) {
    const Event event = events.next();
    const auto envelope = decode_envelope(encode_event(event, events.random()).value());
    REQUIRE(envelope);
    REQUIRE(envelope->position == event.position);
    REQUIRE(envelope->kind == event.kind);
    REQUIRE(envelope->state_changing == event.state_changing);
    REQUIRE(envelope->time == event.time);
    REQUIRE(envelope->case_id == event.case_id);
    REQUIRE(envelope->enclosure_count == event.enclosures.size());
    MemberId names;
    if (const auto* forwarded = std::get_if<Forwarded>(&event.body)) names = forwarded->to;
    if (const auto* ruled = std::get_if<Ruled>(&event.body)) names = ruled->to;
    if (const auto* linked = std::get_if<Linked>(&event.body)) names = linked->with;
    REQUIRE(envelope->names == names);
  }
}

TEST_CASE("the salt alone tells equal events apart", "[event]") {
  SeededRandom random(13);
  const Bytes first = encode_event(opened_example(), random).value();
  const Bytes second = encode_event(opened_example(), random).value();
  CHECK(first != second);
  CHECK(decode_event(first).value() == decode_event(second).value());
}

TEST_CASE("an author cannot write what a reader would refuse", "[event]") {
  Event event = opened_example();
  std::get<Opened>(event.body).region = "Badung Selatan";
  require_refused(event);

  event = opened_example();
  std::get<Opened>(event.body).category.clear();
  require_refused(event);

  event = opened_example();
  std::get<Opened>(event.body).category = std::string(kCodeSizeMax + 1, 'a');
  require_refused(event);

  event = opened_example();
  std::get<Opened>(event.body).category = std::string(5000, 'a');
  require_refused(event, ErrorCode::kTooLarge);

  event = opened_example();
  std::get<Opened>(event.body).privacy = static_cast<Privacy>(3);
  require_refused(event);

  event = opened_example();
  event.version = 2;
  require_refused(event);

  event = opened_example();
  event.kind = EventKind::kNoted;
  require_refused(event);

  event = opened_example();
  event.state_changing = false;
  require_refused(event);

  event = opened_example();
  event.time = Instant(Duration(-1));
  require_refused(event);

  event = opened_example();
  event.enclosures.resize(kEnclosuresMax + 1, event.enclosures[0]);
  require_refused(event, ErrorCode::kTooLarge);

  event = opened_example();
  event.enclosures[0].commitment.padded_size = 0;
  require_refused(event);
}

TEST_CASE("a case is opened by its origin and cites nothing", "[event]") {
  SeededRandom random(14);
  Event event = opened_example();
  event.case_id = CaseId::make(MemberId::parse("51").value(), random);
  require_refused(event);

  event = opened_example();
  event.position.journal.member = MemberId::parse("51").value();
  require_refused(event);

  event = opened_example();
  event.epoch.bytes[0] = 1;
  require_refused(event);

  event = opened_example();
  event.case_prev.bytes[0] = 1;
  require_refused(event);

  event = opened_example();
  event.case_id = {};
  require_refused(event);
}

TEST_CASE("later events of a case name their epoch", "[event]") {
  Event event = forwarded_example();
  SeededRandom random(15);
  REQUIRE(encode_event(event, random));
  event.epoch = {};
  require_refused(event);

  event = forwarded_example();
  event.after.assign(kAfterMax + 1, event.epoch);
  require_refused(event, ErrorCode::kTooLarge);

  event = forwarded_example();
  event.after = {Digest{}};
  require_refused(event);

  event = forwarded_example();
  std::get<Forwarded>(event.body).to = {};
  require_refused(event);
}

TEST_CASE("events about journals have no case", "[event]") {
  RandomEvents events(16);
  for (const std::uint64_t place : {19, 32, 33}) {
    Event event = events.next(place);
    REQUIRE(event.case_id.empty());
    event.epoch = events.digest();
    require_refused(event);
    event.case_id = CaseId::make(events.member(), events.random());
    require_refused(event);
  }
  Event generation = events.next(32);
  generation.position.journal.generation = 2;
  auto& previous = std::get<GenerationOpened>(generation.body).previous;
  previous = {{generation.position.journal.member, 1}, 7, events.digest()};
  REQUIRE(encode_event(generation, events.random()));
  previous.journal.generation = 2;
  require_refused(generation);
}

TEST_CASE("names and numbers of what events hold go both ways", "[event]") {
  CHECK(std::string(name_of(EventKind::kPrivacyChanged)) == "privacy-changed");
  CHECK(std::string(name_of(EventKind::kLinked)) == "linked");
  CHECK(name_of(static_cast<EventKind>(60000)) == nullptr);
  CHECK(changes_state(EventKind::kDeclined));
  CHECK(changes_state(EventKind::kLinked));
  CHECK_FALSE(changes_state(EventKind::kDelivered));
  CHECK_FALSE(changes_state(static_cast<EventKind>(60000)));
  for (int i = 0; i < 3; ++i) {
    const auto privacy = static_cast<Privacy>(i);
    CHECK(privacy_of(name_of(privacy)) == privacy);
    const auto case_class = static_cast<CaseClass>(i);
    CHECK(case_class_of(name_of(case_class)) == case_class);
  }
  for (int i = 0; i < 9; ++i) {
    const auto channel = static_cast<Channel>(i);
    CHECK(channel_of(name_of(channel)) == channel);
  }
  for (int i = 0; i < 5; ++i) {
    const auto outcome = static_cast<Outcome>(i);
    CHECK(outcome_of(name_of(outcome)) == outcome);
  }
  for (int i = 0; i < 8; ++i) {
    const auto role = static_cast<EnclosureRole>(i);
    CHECK(enclosure_role_of(name_of(role)) == role);
  }
  CHECK_FALSE(privacy_of("secret"));
}
