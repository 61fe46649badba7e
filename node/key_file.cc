#include "node/key_file.h"

#include "node/files.h"
#include "node/system_random.h"

namespace simpul {

Result<KeyFile> KeyFile::open(const Home& home, SecretBytes passphrase) {
  SIMPUL_TRY(bytes, read_file(home.keystore(), kKeystoreSizeMax));
  SIMPUL_TRY(cost, keystore_cost(bytes));
  return KeyFile(home.keystore(), std::move(passphrase), cost);
}

Result<void> KeyFile::keep(const Keystore& keys) const {
  SystemRandom random;
  return replace_file(path_, encode_keystore(keys, passphrase_.view(), cost_, random));
}

}  // namespace simpul
