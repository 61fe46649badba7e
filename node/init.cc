#include "node/init.h"

#include "crypto/encoding.h"
#include "node/clock.h"
#include "node/engine/membership.h"
#include "node/files.h"
#include "node/system_random.h"
#include "storage/store.h"

namespace simpul {
namespace {

std::string fingerprint_of(const Keystore& keys) {
  return fingerprint(keys.signing.verify_key(), keys.sealing.rbegin()->second.seal_key(),
                     keys.transport.transport_key());
}

Result<void> prepare(const Home& home, const InitOptions& options) {
  SIMPUL_TRY_VOID(home.create());
  for (const std::string& path : {home.config(), home.keystore(), home.root_keystore()}) {
    if (!file_exists(path)) continue;
    return fail(ErrorCode::kConflict, path + " exists already; nothing was changed");
  }
  if (!options.keep_passphrase) return {};
  if (file_exists(home.passphrase())) {
    return fail(ErrorCode::kConflict, home.passphrase() + " exists already; nothing was changed");
  }
  SystemRandom random;
  const std::string drawn = to_hex(random.bytes(32)) + "\n";
  return replace_file(home.passphrase(), as_bytes(drawn));
}

Result<SecretBytes> new_passphrase(const Home& home, const InitOptions& options) {
  PassphraseSource source = options.passphrase;
  source.is_new = true;
  return find_passphrase(home, source);
}

Result<void> write_keystore(const std::string& path, const Keystore& keys,
                            const SecretBytes& passphrase, bool fast) {
  SystemRandom random;
  const KeystoreCost cost = fast ? KeystoreCost::least() : KeystoreCost{};
  return replace_file(path, encode_keystore(keys, passphrase.view(), cost, random));
}

Result<Keystore> read_keystore(const std::string& path, const SecretBytes& passphrase) {
  SIMPUL_TRY(bytes, read_file(path, kKeystoreSizeMax));
  auto keys = decode_keystore(bytes, passphrase.view());
  if (!keys) return fail(keys.error().code, path + ": " + keys.error().message);
  return keys;
}

Result<void> write_text(const std::string& path, const std::string& text) {
  return replace_file(path, as_bytes(text));
}

Identity identity_of(const MemberId& member, const FederationFile& federation, Keystore keys,
                     std::optional<SigningKey> root_key) {
  Identity identity{.member = member,
                    .federation = federation.federation,
                    .root = federation.root,
                    .keys = std::move(keys),
                    .root_key = std::move(root_key),
                    .hubs = {}};
  for (const HubAddress& hub : federation.hubs) {
    if (hub.member != member) identity.hubs.push_back(hub);
  }
  return identity;
}

Result<void> store_founding_roster(const Home& home, const Identity& identity,
                                   const Config& config) {
  const Roster roster =
      founding_roster(identity, config.name, config.endpoint, SystemClock().now());
  SIMPUL_TRY(signed_roster, sign_roster(roster, *identity.root_key));
  SIMPUL_TRY(store, Store::open(home.data(), Environment::Options{}));
  WriteTransaction transaction = store.write();
  Tables(transaction).rosters.put(signed_roster.roster.version, signed_roster.bytes);
  return transaction.commit();
}

InitReport report_of(const Home& home, const Config& config, const Keystore& keys) {
  return {config.member.text(), fingerprint_of(keys), home.path(), home.federation()};
}

}  // namespace

Result<InitReport> init_member(const InitOptions& options, const std::string& federation_path) {
  SIMPUL_TRY(federation, read_federation(federation_path));
  Config config = options.config;
  config.federation = federation.federation;
  SIMPUL_TRY_VOID(parse_config(to_toml(config), "the options given"));
  const Home home(options.home);
  SIMPUL_TRY_VOID(prepare(home, options));
  SIMPUL_TRY(passphrase, new_passphrase(home, options));
  SystemRandom random;
  const Keystore keys = Keystore::generate(config.member.text(), random);
  SIMPUL_TRY_VOID(write_text(home.federation(), to_json_text(federation)));
  SIMPUL_TRY_VOID(write_keystore(home.keystore(), keys, passphrase, options.insecure_fast_keys));
  SIMPUL_TRY_VOID(write_text(home.config(), to_toml(config)));
  return report_of(home, config, keys);
}

Result<InitReport> init_hub(const InitOptions& options) {
  Config config = options.config;
  config.kind = MemberKind::kHub;
  SIMPUL_TRY_VOID(parse_config(to_toml(config), "the options given"));
  if (config.endpoint.empty()) {
    return fail(ErrorCode::kMalformed, "a hub needs an endpoint that members can dial");
  }
  const Home home(options.home);
  SIMPUL_TRY_VOID(prepare(home, options));
  SIMPUL_TRY(passphrase, new_passphrase(home, options));
  SystemRandom random;
  Keystore keys = Keystore::generate(config.member.text(), random);
  const Keystore root = Keystore::generate(config.member.text(), random);
  const FederationFile federation{
      config.federation,
      root.signing.verify_key(),
      {{config.member, config.endpoint, keys.transport.transport_key()}}};
  const bool fast = options.insecure_fast_keys;
  SIMPUL_TRY_VOID(write_text(home.federation(), to_json_text(federation)));
  SIMPUL_TRY_VOID(write_keystore(home.root_keystore(), root, passphrase, fast));
  SIMPUL_TRY_VOID(write_keystore(home.keystore(), keys, passphrase, fast));
  const Identity identity =
      identity_of(config.member, federation, std::move(keys), root.signing.clone());
  SIMPUL_TRY_VOID(store_founding_roster(home, identity, config));
  SIMPUL_TRY_VOID(write_text(home.config(), to_toml(config)));
  return report_of(home, config, identity.keys);
}

Result<Identity> open_identity(const Home& home, const Config& config,
                               const SecretBytes& passphrase) {
  SIMPUL_TRY(federation, read_federation(home.federation()));
  if (federation.federation != config.federation) {
    return fail(ErrorCode::kConflict, home.config() + " names federation " + config.federation +
                                          ", but " + home.federation() + " is of " +
                                          federation.federation);
  }
  SIMPUL_TRY(keys, read_keystore(home.keystore(), passphrase));
  if (keys.member != config.member.text()) {
    return fail(ErrorCode::kConflict, home.keystore() + " holds the keys of " + keys.member +
                                          ", but " + home.config() + " is of " +
                                          config.member.text());
  }
  std::optional<SigningKey> root_key;
  if (file_exists(home.root_keystore())) {
    SIMPUL_TRY(root, read_keystore(home.root_keystore(), passphrase));
    if (root.signing.verify_key() != federation.root) {
      return fail(ErrorCode::kConflict, home.root_keystore() + " is not the root key that " +
                                            home.federation() + " names");
    }
    root_key = std::move(root.signing);
  }
  return identity_of(config.member, federation, std::move(keys), std::move(root_key));
}

}  // namespace simpul
