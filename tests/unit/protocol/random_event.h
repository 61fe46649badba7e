// Valid events of every kind drawn from a Random, for property tests.
#pragma once

#include "protocol/event.h"

namespace simpul {

class RandomEvents {
 public:
  explicit RandomEvents(std::uint64_t seed) : random_(seed) {}

  static constexpr std::uint64_t kKinds = std::variant_size_v<EventBody> - 1;

  // Of the kind at `place` (1 to kKinds) in EventBody.
  Event next(std::uint64_t place) {
    Event event;
    event.body = body(place);
    event.kind = kind_of(event.body);
    event.state_changing = changes_state(event.kind);
    event.position = {journal(), random_.next_u64()};
    event.time = instant();
    if (flip()) event.happened = instant();
    if (auto* opened = std::get_if<GenerationOpened>(&event.body); opened && flip()) {
      event.position.journal.generation = 9;
      opened->previous = head();
      opened->previous.journal = {event.position.journal.member, 8};
    }
    if (event.kind == EventKind::kOpened) {
      event.case_id = CaseId::make(event.position.journal.member, random_);
    } else if (event.kind != EventKind::kSettled && event.kind != EventKind::kGenerationOpened &&
               event.kind != EventKind::kKeyRotated) {
      event.case_id = CaseId::make(member(), random_);
      event.epoch = digest();
      if (flip()) event.case_prev = digest();
      event.after.resize(random_.below(kAfterMax + 1));
      for (auto& hash : event.after) hash = digest();
    }
    event.enclosures.resize(random_.below(kEnclosuresMax + 1));
    for (auto& ref : event.enclosures) ref = enclosure();
    return event;
  }
  Event next() { return next(1 + random_.below(kKinds)); }

  Random& random() { return random_; }
  bool flip() { return random_.below(2) == 0; }
  MemberId member() {
    static constexpr const char* kMembers[] = {"51", "51.03", "hub", "kemenpanrb",
                                               "a-slug-of-31-characters-in-all1"};
    return MemberId::parse(kMembers[random_.below(std::size(kMembers))]).value();
  }
  Digest digest() {
    Digest digest;
    random_.fill(digest.bytes);
    return digest;
  }
  JournalId journal() { return {member(), static_cast<std::uint32_t>(1 + random_.below(1000))}; }
  HeadRef head() { return {journal(), random_.next_u64(), digest()}; }
  Instant instant() {
    return Instant(Duration(static_cast<std::int64_t>(random_.below(4'000'000'000'000))));
  }
  std::string code() {
    static constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789._-";
    std::string code(1 + random_.below(kCodeSizeMax), 'a');
    for (char& c : code) c = kAlphabet[random_.below(kAlphabet.size())];
    return code;
  }
  EnclosureRef enclosure() {
    return {choice<EnclosureRole>(8),
            {digest(), 256 * (1 + random_.below(1000)), digest(), digest()}};
  }

 private:
  template <class Enum>
  Enum choice(std::uint64_t count) {
    return static_cast<Enum>(random_.below(count));
  }

  EventBody body(std::uint64_t place) {
    switch (place) {
      case 1:
        return Opened{choice<Channel>(9), choice<CaseClass>(3), choice<Privacy>(3), code(), code()};
      case 2:
        return Verified{};
      case 3:
        return Assigned{code()};
      case 4:
        return Postponed{code(), instant()};
      case 5:
        return Resumed{};
      case 6:
        return Forwarded{member(), instant(), code()};
      case 7:
        return Recalled{digest()};
      case 8:
        return Referred{code(), flip() ? digest() : Digest{}};
      case 9:
        return Progress{};
      case 10:
        return Answered{};
      case 11:
        if (flip()) return Closed{Outcome::kDuplicate, CaseId::make(member(), random_)};
        return Closed{choice<Outcome>(5), {}};
      case 12:
        return Reopened{code()};
      case 13:
        if (flip()) return Corrected{CorrectedField::kClass, "oversight"};
        return Corrected{choice<CorrectedField>(2), code()};
      case 14:
        return Linked{choice<Relation>(5), CaseId::make(member(), random_),
                      flip() ? member() : MemberId{}, flip()};
      case 15:
        return Delivered{digest(), flip() ? head() : HeadRef{}};
      case 16:
        return Accepted{digest()};
      case 17:
        return Declined{digest(), code(), flip() ? member() : MemberId{}};
      case 18:
        return Ruled{flip() ? digest() : Digest{}, member(), code()};
      case 19:
        return Settled{head()};
      case 20:
        return ReporterReplied{};
      case 21:
        return Rated{static_cast<std::uint8_t>(1 + random_.below(5))};
      case 22:
        return PrivacyChanged{choice<Privacy>(3), {digest(), digest()}};
      case 23:
        return Noted{};
      case 24:
        return Escalated{choice<Stage>(3), 1};
      case 25:
        return KeysDestroyed{digest()};
      case 26:
        return Erased{code()};
      case 27:
        return LegalHold{flip()};
      case 28: {
        const auto stage = choice<PartStage>(3);
        const auto outcome = stage == PartStage::kClosed ? choice<Outcome>(5) : Outcome::kResolved;
        return PartReported{CaseId::make(member(), random_), stage, outcome, member()};
      }
      case 29:
        return LinkAnswered{digest(), flip()};
      case 30:
        return Withdrawn{};
      case 31:
        return Appealed{member()};
      case 32:
        return GenerationOpened{};
      default: {
        KeyRotated rotated{2, {}, 5};
        random_.fill(rotated.key.bytes);
        return rotated;
      }
    }
  }

  SeededRandom random_;
};

}  // namespace simpul
