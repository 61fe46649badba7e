// The roster as this node holds it, how a newer one is taken in, and how members are admitted:
// the side of the new node (asks) and of the hub that issues rosters (decides). Not
// thread-safe; owned by the engine.
#pragma once

#include <memory>
#include <optional>

#include "node/engine/peers.h"
#include "node/engine/step.h"

namespace simpul {

class Membership {
 public:
  // The roster stored, if any. Error::kBadSignature if what is stored is not the root's.
  static Result<Membership> load(Tables& tables, const Identity& self);

  const Roster& roster() const { return held_ ? held_->roster : none_; }
  // The roster in force now, unchanged for as long as it is held, whatever is adopted meanwhile.
  std::shared_ptr<const Roster> shared_roster() const {
    if (held_) return {held_, &held_->roster};
    return std::make_shared<const Roster>();
  }
  std::uint64_t version() const { return held_ ? held_->roster.version : 0; }
  Digest hash() const { return held_ ? held_->hash : Digest{}; }
  bool admitted(const MemberId& self) const { return roster().find(self) != nullptr; }

  // Takes in a roster. True if it replaced the one held.
  Result<bool> adopt(Step& step, BytesView signed_roster);

  // While there is a reason, no roster is issued here; empty: none.
  void hold(std::string why) { held_back_ = std::move(why); }

  // nullopt when `name` is none of its commands ("hub.admit", "hub.reject", "enrol", ...).
  std::optional<Result<Json>> run(Step& step, const std::string& name, const Json& arguments);

  // The hub's side of enrolment: stores a request that is well formed. What to answer.
  EnrolStatus receive_enrolment(Step& step, const TransportKey& key, const Enrol& enrol);

  // The request this node sends, while it waits to be admitted.
  std::optional<Bytes> pending_request(Tables& tables) const;
  void note_status(Step& step, const EnrolStatus& status);

  // Who may connect, for the transport.
  std::shared_ptr<const AdmissionTable> admission_table(Tables& tables, bool enrolment_open) const;

 private:
  Result<Json> admit(Step& step, const Json& arguments);
  Result<Json> reject(Step& step, const Json& arguments);
  Result<Json> suspend(Step& step, const Json& arguments, bool suspended);
  Result<Json> confirm_key(Step& step, const Json& arguments);
  Result<Json> revoke(Step& step, const Json& arguments);
  Result<Json> policy(Step& step, const Json& arguments);
  Result<Json> renew(Step& step, const Json& arguments);
  // Valid until `expires`, for a year if that is not said.
  Result<Json> issue(Step& step, Roster next, std::optional<Instant> expires = std::nullopt);
  Json members(Step& step) const;
  Result<Json> ask_to_enrol(Step& step, const Json& arguments);

  std::shared_ptr<const SignedRoster> held_;
  Roster none_;
  std::string held_back_;
};

// A hub's first roster: itself alone.
Roster founding_roster(const Identity& self, const std::string& name, const std::string& endpoint,
                       Instant now);

}  // namespace simpul
