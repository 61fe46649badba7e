#include "crypto/secret.h"

#include <catch2/catch.hpp>
#include <type_traits>

using namespace simpul;

static_assert(!std::is_copy_constructible_v<SecretBytes>);
static_assert(!std::is_copy_assignable_v<SecretBytes>);
static_assert(std::is_nothrow_move_constructible_v<SecretBytes>);

TEST_CASE("wipe leaves zeros", "[crypto][secret]") {
  Bytes memory(33, 0x5a);
  wipe(memory);
  CHECK(memory == Bytes(33, 0));
  wipe({});
}

TEST_CASE("a moved-from secret is empty", "[crypto][secret]") {
  SecretBytes from(as_bytes("kunci"));
  SecretBytes to = std::move(from);
  CHECK(from.empty());
  CHECK(as_text(to.view()) == "kunci");
  SecretBytes assigned(as_bytes("lama"));
  assigned = std::move(to);
  CHECK(to.empty());
  CHECK(as_text(assigned.view()) == "kunci");
  SecretBytes& itself = assigned;
  assigned = std::move(itself);
  CHECK(as_text(assigned.view()) == "kunci");
}

TEST_CASE("secrets compare by all their bytes", "[crypto][secret]") {
  const SecretBytes secret(as_bytes("kunci"));
  CHECK(secret == secret.clone());
  CHECK_FALSE(secret == SecretBytes(as_bytes("kunca")));
  CHECK_FALSE(secret == SecretBytes(as_bytes("Kunci")));
  CHECK_FALSE(secret == SecretBytes(as_bytes("kunci2")));
  CHECK_FALSE(secret == SecretBytes());
  CHECK(SecretBytes() == SecretBytes(0));
}
