// What targets and seeds share: keys that are the same in every run, and who signs with them.
#pragma once

#include <string>
#include <string_view>

#include "protocol/roster.h"

namespace simpul::fuzz {

inline constexpr std::string_view kFederation = "pilot";

// Of numbers 0 to 255; never changed, so that what was signed in a corpus stays signed.
const SigningKey& signing_key(std::uint8_t number);

inline constexpr std::uint8_t kRootKey = 1, kAuthorKey = 2, kHubKey = 3;

inline MemberId member_id(std::string_view text) {
  return MemberId::parse(text).value();
}
inline JournalId journal_id(std::string_view text) {
  return JournalId::parse(text).value();
}

// Domain || message signed by `key`, in front of the message: the form of rosters and enrolments.
Bytes signed_message(BytesView message, std::string_view domain, const SigningKey& key);

// The hub `hub`, `51`, `51.03` and `pupr`, each with keys of its own.
Roster sample_roster();
EnrolmentRequest sample_enrolment();

}  // namespace simpul::fuzz
