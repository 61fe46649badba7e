#include "protocol/personal_numbers.h"

#include <catch2/catch.hpp>

using namespace simpul;

namespace {

std::string found_in(std::string_view text) {
  return describe(personal_numbers(text));
}

}  // namespace

TEST_CASE("numbers that name a person are found, however they are grouped", "[personal]") {
  CHECK(found_in("NIK 5103065508900001 atas nama saya") == "a national id number (NIK)");
  CHECK(found_in("5103 0615 0890 0001") == "a national id number (NIK)");
  CHECK(found_in("hubungi 0812-3456-7890") == "a telephone number");
  CHECK(found_in("+62 812 3456 7890") == "a telephone number");
  CHECK(found_in("WA 6281234567890.") == "a telephone number");
  CHECK(found_in("telp (0361) 224671") == "");  // in two pieces: an office's, as a rule
  CHECK(found_in("surat ke made.pelapor@contoh.co.id ya") == "an e-mail address");
  CHECK(found_in("transfer ke BCA 1234567890") == "a bank account");
  CHECK(found_in("No. Rek: 123-45-67890-1") == "a bank account");
  CHECK(found_in("0812 3456 7890 atau made@contoh.id, lagi 0813 1111 2222") ==
        "a telephone number and an e-mail address");
}

TEST_CASE("other numbers are left alone", "[personal]") {
  for (const char* text :
       {"Jalan Raya Kuta No. 88, 80361", "2026-01-05 14:30", "51.03-7K3Q-9XWD", "Rp 1.500.000.000",
        "9999999999999999", "lubang 120 cm, 3 bulan", "@ 5", "jalan@malam", "subrektorat 12345678",
        "A5103065508900001", "0", "koordinat -8.7184, 115.1686"}) {
    INFO(text);
    CHECK(found_in(text) == "");
  }
}

TEST_CASE("any bytes can be looked through", "[personal]") {
  std::string text;
  for (int i = 0; i < 512; ++i) text += static_cast<char>(i * 37);
  CHECK_NOTHROW(personal_numbers(text));
  CHECK(personal_numbers("").empty());
  CHECK(personal_numbers(std::string(100'000, '7')).empty());
  CHECK(personal_numbers(std::string(10'000, '@')).empty());
}

TEST_CASE("each place is told once, in the order of the text", "[personal]") {
  const auto found = personal_numbers("a@b.id 081234567890");
  REQUIRE(found.size() == 2);
  CHECK(found[0].kind == PersonalNumber::kEmail);
  CHECK(found[0].at == 0);
  CHECK(found[1].at == 7);
}
