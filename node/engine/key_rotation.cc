#include "node/engine/key_rotation.h"

#include <algorithm>

#include "crypto/encoding.h"
#include "node/engine/key_requests.h"
#include "node/engine/patience.h"

namespace simpul {
namespace {

// Generations from the announcement to the first that the new key signs. Those between are for a
// node that must begin a new one while it waits: the hub may have confirmed meanwhile.
constexpr std::uint32_t kGenerationsReserved = 4;
constexpr std::size_t kKeysMax = 64;  // of one member in a roster
constexpr const char* kAnnounced = "key-announced";

std::string fingerprint_with(const VerifyKey& signing, const Identity& self) {
  return fingerprint(signing, self.keys.sealing.rbegin()->second.seal_key(),
                     self.keys.transport.transport_key());
}

}  // namespace

std::optional<Json> coming_key_json(const Identity& self) {
  if (!self.keys.coming) return std::nullopt;
  const ComingKey& coming = *self.keys.coming;
  return Json{{"version", coming.version},
              {"fingerprint", fingerprint_with(coming.key.verify_key(), self)},
              {"from_generation", coming.from_generation}};
}

Result<Json> KeyRotation::rotate(Step& step) {
  if (const auto waiting = coming_key_json(self_)) {
    return fail(ErrorCode::kConflict,
                "a new signing key waits already for the hub's administrator; its fingerprint is " +
                    waiting->at("fingerprint").get<std::string>());
  }
  if (!options_.keep_keys) return fail(ErrorCode::kUnavailable, "this node cannot write its keys");
  if (!author_.gate().open) return fail(ErrorCode::kNotYet, author_.gate().why);
  const Member* member = step.roster.find(self_.member);
  if (!member) return fail(ErrorCode::kNotAllowed, "this node is not admitted yet");
  if (member->signing.size() >= kKeysMax) {
    return fail(ErrorCode::kNotAllowed, "the roster holds no more signing keys of one member");
  }
  self_.keys.coming =
      ComingKey{std::max(self_.keys.key_version, member->signing.back().version) + 1,
                SigningKey::generate(step.random),
                Author::own_journal(step).generation + kGenerationsReserved};
  if (const auto kept = options_.keep_keys(self_.keys); !kept) {
    self_.keys.coming.reset();
    return std::unexpected(kept.error());
  }
  announce(step);
  return *coming_key_json(self_);
}

void KeyRotation::look(Step& step) {
  const Member* member = step.roster.find(self_.member);
  if (!member) return;
  const SigningPeriod& period = member->signing.back();
  if (old_secret_kept_) destroy_old_secret(step, period);
  if (!self_.keys.coming) return;
  if (self_.keys.coming->key.verify_key() == period.key) {
    sign_with_coming_key(step, period);
  } else if (author_.gate().open) {
    announce(step);
  }
}

// Once in each generation: of an earlier one the end may be lost.
void KeyRotation::announce(Step& step) {
  const ComingKey& coming = *self_.keys.coming;
  const VerifyKey& key = coming.key.verify_key();
  const std::string mark = Author::own_journal(step).text() + " " + to_hex(key.view());
  const auto before = step.tables.meta.get(kAnnounced);
  if (before && as_text(*before) == mark) return;
  Event event;
  event.kind = EventKind::kKeyRotated;
  event.body = KeyRotated{coming.version, key, coming.from_generation};
  const auto announced = author_.append(step, std::move(event));
  if (!announced) {
    step.log(LogLevel::kWarning, "key-rotated",
             "The new signing key could not be announced: " + announced.error().message);
    return;
  }
  step.tables.meta.put(kAnnounced, as_bytes(mark));
  take_key_request(step, *announced);
}

void KeyRotation::sign_with_coming_key(Step& step, const SigningPeriod& period) {
  self_.keys.signing = std::move(self_.keys.coming->key);
  self_.keys.key_version = period.version;
  self_.keys.coming.reset();
  old_secret_kept_ = true;
  step.log(LogLevel::kInfo, "key-confirmed",
           "The roster names the new signing key, version " + std::to_string(period.version) +
               ", from generation " + std::to_string(period.from_generation) + " on.");
}

// When the generation that the new key signs is durable, and the old one is signed to its end.
void KeyRotation::destroy_old_secret(Step& step, const SigningPeriod& period) {
  if (Author::own_journal(step).generation < period.from_generation) return;
  if (step.now < next_try_) return;
  next_try_ = step.now + patience::kKeyAgain;
  if (const auto kept = options_.keep_keys(self_.keys); !kept) {
    step.log(LogLevel::kError, "keys-not-written",
             "The old signing key could not be removed from the keystore: " + kept.error().message);
    return;
  }
  old_secret_kept_ = false;
  step.log(LogLevel::kInfo, "key-destroyed",
           "The old signing key is destroyed. Back up the keystore anew.");
}

}  // namespace simpul
