// Where the passphrase of the keystore comes from, in this order: the file named on the
// command line, the systemd credential "simpul-passphrase" ($CREDENTIALS_DIRECTORY), the file
// HOME/keys/passphrase, a prompt on the terminal without echo.
#pragma once

#include <string>

#include "crypto/result.h"
#include "crypto/secret.h"
#include "node/home.h"

namespace simpul {

struct PassphraseSource {
  std::string file;        // from --passphrase-file; empty: none
  bool may_prompt = true;  // false for programs and tests
  bool is_new = false;     // prompt twice, and refuse a short one
};
inline constexpr std::size_t kPassphraseSizeMin = 12;  // of a new one

// One line; its end is cut off. Error::kNotAllowed when others may read the file, kNotFound with
// the list of places looked at.
Result<SecretBytes> find_passphrase(const Home& home, const PassphraseSource& source);

}  // namespace simpul
