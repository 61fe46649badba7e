// How this node changes its signing key. The new key is made and kept beside the others first,
// then announced in the journal, then confirmed by a roster (Membership); from then on this node
// signs with it, in the generation that the announcement named, and the old secret goes. A crash
// between any two of these finds the rest to do at the next start. Not thread-safe; owned by the
// engine.
#pragma once

#include <optional>
#include <string>

#include "node/engine/author.h"
#include "node/engine/step.h"

namespace simpul {

class KeyRotation {
 public:
  // `self` is the engine's to change: signing key, its version and the coming key, no more.
  KeyRotation(Identity& self, Author& author, const EngineOptions& options)
      : self_(self), author_(author), options_(options) {}

  // The command keys.rotate: makes and announces a new signing key.
  Result<Json> rotate(Step& step);

  // What is due, before anything else of a step: a key not yet announced, a key just confirmed,
  // an old secret to be destroyed.
  void look(Step& step);

 private:
  void announce(Step& step);
  void sign_with_coming_key(Step& step, const SigningPeriod& period);
  void destroy_old_secret(Step& step, const SigningPeriod& period);

  Identity& self_;
  Author& author_;
  const EngineOptions& options_;
  bool old_secret_kept_ = false;  // in the keystore file, though no longer used
  Instant next_try_{};            // to write that file
};

// For status: the coming key; nullopt if there is none.
std::optional<Json> coming_key_json(const Identity& self);

}  // namespace simpul
