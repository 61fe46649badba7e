// Names of the values inside events, for logs, JSON and the command line.
#include <array>
#include <string_view>

#include "protocol/event.h"

namespace simpul {
namespace {

// Each in the order of its numbers.
constexpr std::array kPrivacies{"public", "anonymous", "confidential"};
constexpr std::array kChannels{"other",   "web",   "sms",    "app",   "letter",
                               "counter", "phone", "social", "import"};
constexpr std::array kClasses{"information", "complaint", "oversight"};
constexpr std::array kOutcomes{"resolved", "out-of-scope", "duplicate", "withdrawn", "expired"};
constexpr std::array kRoles{"narrative", "identity", "place", "attachment",
                            "answer",    "reason",   "note",  "reply"};

constexpr std::array kStages{"verify", "follow-up", "complete", "reply"};
constexpr std::array kRelations{"part-of", "has-part", "duplicate-of", "has-duplicate", "related"};
constexpr std::array kPartStages{"open", "answered", "closed"};

template <class Value, std::size_t N>
const char* name_in(const std::array<const char*, N>& names, Value value) {
  const auto number = static_cast<std::size_t>(value);
  SIMPUL_CHECK(number < N);
  return names[number];
}

template <class Value, std::size_t N>
std::optional<Value> value_in(const std::array<const char*, N>& names, std::string_view name) {
  for (std::size_t number = 0; number < N; ++number) {
    if (names[number] == name) return static_cast<Value>(number);
  }
  return std::nullopt;
}

}  // namespace

const char* name_of(Privacy privacy) {
  return name_in(kPrivacies, privacy);
}
const char* name_of(Channel channel) {
  return name_in(kChannels, channel);
}
const char* name_of(CaseClass case_class) {
  return name_in(kClasses, case_class);
}
const char* name_of(Outcome outcome) {
  return name_in(kOutcomes, outcome);
}
const char* name_of(EnclosureRole role) {
  return name_in(kRoles, role);
}

const char* name_of(Stage stage) {
  return name_in(kStages, stage);
}

const char* name_of(Relation relation) {
  return name_in(kRelations, relation);
}

const char* name_of(PartStage stage) {
  return name_in(kPartStages, stage);
}

std::optional<Privacy> privacy_of(std::string_view name) {
  return value_in<Privacy>(kPrivacies, name);
}
std::optional<Channel> channel_of(std::string_view name) {
  return value_in<Channel>(kChannels, name);
}
std::optional<CaseClass> case_class_of(std::string_view name) {
  return value_in<CaseClass>(kClasses, name);
}
std::optional<Outcome> outcome_of(std::string_view name) {
  return value_in<Outcome>(kOutcomes, name);
}
std::optional<EnclosureRole> enclosure_role_of(std::string_view name) {
  return value_in<EnclosureRole>(kRoles, name);
}
std::optional<Relation> relation_of(std::string_view name) {
  return value_in<Relation>(kRelations, name);
}

}  // namespace simpul
