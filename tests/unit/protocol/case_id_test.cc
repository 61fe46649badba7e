#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <cctype>
#include <set>

#include "protocol/ids.h"

using namespace simpul;

namespace {

constexpr std::string_view kRandomAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::string_view kPrefixAlphabet = "0123456789abcdefghijklmnopqrstuvwxyz.-";
constexpr std::size_t kTail = 10;

// Every prefix form: two digits, dotted, slugs with hyphens and digits, the longest slug.
const char* const kPrefixes[] = {
    "51",         "34",  "51.03",     "36.03", "hub",
    "kemenpanrb", "a-b", "bpjs-tk-2", "k2",    "z123-5678-0123-5678-0123-56789x"};

MemberId member_named(const char* text) {
  return MemberId::parse(text).value();
}

// Checks with CHECK would be far too slow for the exhaustive loops.
void require_refused(const std::string& text) {
  if (!CaseId::parse(text)) return;
  FAIL("accepted " << text);
}

void check_substitutions(const std::string& text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool in_tail = at >= text.size() - kTail;
    const bool separator = at == text.size() - kTail || at == text.size() - kTail / 2;
    const auto alphabet = in_tail && !separator ? kRandomAlphabet : kPrefixAlphabet;
    for (const char c : alphabet) {
      if (c == text[at]) continue;
      std::string changed = text;
      changed[at] = c;
      require_refused(changed);
    }
  }
}

void check_transpositions(const std::string& text) {
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    if (text[at] == text[at + 1]) continue;
    std::string changed = text;
    std::swap(changed[at], changed[at + 1]);
    require_refused(changed);
  }
}

}  // namespace

TEST_CASE("a new case id reads back and names its origin", "[ids]") {
  SeededRandom random(1);
  for (const char* prefix : kPrefixes) {
    for (int i = 0; i < 200; ++i) {
      const CaseId id = CaseId::make(member_named(prefix), random);
      REQUIRE(id.text().size() == std::string_view(prefix).size() + kTail);
      REQUIRE(CaseId::parse(id.text()) == id);
      REQUIRE(id.origin() == member_named(prefix));
      for (const char c : id.text().substr(id.text().size() - kTail)) {
        REQUIRE((c == '-' || kRandomAlphabet.find(c) != std::string_view::npos));
      }
    }
  }
  CHECK(CaseId().empty());
  CHECK(CaseId().origin().empty());
}

TEST_CASE("a digest gives every node the same case id", "[ids]") {
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    const Digest digest = sha256(as_bytes(std::to_string(i)));
    const CaseId id = CaseId::derive(member_named("public-way"), digest);
    REQUIRE(CaseId::parse(id.text()) == id);
    REQUIRE(id == CaseId::derive(member_named("public-way"), digest));
    REQUIRE(id.origin() == member_named("public-way"));
    seen.insert(id.text());
  }
  CHECK(seen.size() == 200);
}

TEST_CASE("a digest's draws are taken in the order that the specification gives", "[ids]") {
  CHECK(CaseId::derive(member_named("51"), Digest{}).text() == "51-0000-000Y");
  // For this origin seven zeros have no check character: the second number counts.
  Digest digest{};
  digest.bytes[15] = 1;
  CHECK(CaseId::derive(member_named("a2"), digest).text() == "a2-1000-000D");
  // Nor do any of these four: the first of the digest's own hash counts.
  CHECK(CaseId::derive(member_named("a2"), Digest{}).text() == "a2-QBF5-6WQK");
}

TEST_CASE("an imported request has the id of the specification's example", "[ids]") {
  using namespace std::string_view_literals;
  // Computed once by another program, from protocol/SPEC.md alone.
  const Digest digest =
      sha256(as_bytes("simpul/open311/v1\0"
                      "51.03\0"
                      "city.example\0"
                      "1234"sv));
  CHECK(CaseId::derive(member_named("51.03"), digest).text() == "51.03-05TN-EAM4");
}

TEST_CASE("every single substitution and adjacent transposition in a case id is refused", "[ids]") {
  SeededRandom random(2);
  for (const char* prefix : kPrefixes) {
    for (int i = 0; i < 100; ++i) {
      const std::string text = CaseId::make(member_named(prefix), random).text();
      check_substitutions(text);
      check_transpositions(text);
    }
  }
}

TEST_CASE("every pair of neighbours in the random part is protected", "[ids]") {
  // For each pair of characters and each place, some id has that pair there.
  SeededRandom random(3);
  std::set<std::pair<std::size_t, std::pair<char, char>>> seen;
  for (int i = 0; i < 60000; ++i) {
    const std::string text = CaseId::make(member_named("51.03"), random).text();
    bool fresh = false;
    for (std::size_t at = text.size() - kTail; at + 1 < text.size(); ++at) {
      fresh |= seen.insert({at, {text[at], text[at + 1]}}).second;
    }
    if (fresh) check_transpositions(text);
  }
  CHECK(seen.size() == 6 * 32 * 32 + 3 * 32);
}

TEST_CASE("case ids are read in lower case and with look-alikes", "[ids]") {
  SeededRandom random(4);
  std::size_t with_look_alike = 0;
  for (int i = 0; i < 500; ++i) {
    const CaseId id = CaseId::make(member_named("kemen-2"), random);
    std::string typed = id.text();
    for (std::size_t at = typed.size() - kTail; at < typed.size(); ++at) {
      with_look_alike += typed[at] == '0' || typed[at] == '1';
      if (typed[at] == '0') typed[at] = i % 2 ? 'o' : 'O';
      if (typed[at] == '1') typed[at] = i % 3 ? 'l' : 'I';
      if (i % 5) typed[at] = static_cast<char>(std::tolower(typed[at]));
    }
    REQUIRE(CaseId::parse(typed) == id);
  }
  CHECK(with_look_alike > 0);
}

TEST_CASE("a case id of another form is refused with the reason", "[ids]") {
  SeededRandom random(5);
  const std::string good = CaseId::make(member_named("51.03"), random).text();
  for (const std::string& text :
       {std::string(), std::string("51.03"), good.substr(1), good.substr(0, good.size() - 1),
        good + "0", " " + good, good + "\n", good.substr(5), "HUB" + good.substr(5),
        good.substr(0, good.size() - 1) + "U", std::string(4096, 'a')}) {
    INFO(text);
    const auto id = CaseId::parse(text);
    REQUIRE_FALSE(id);
    CHECK(id.error().code == ErrorCode::kMalformed);
  }
  std::string mistyped = good;
  mistyped.back() = mistyped.back() == 'Z' ? 'Y' : 'Z';
  CHECK(CaseId::parse(mistyped).error().message.find("check character") != std::string::npos);
}

TEST_CASE("case ids draw their whole random part", "[ids]") {
  SeededRandom random(6);
  std::set<std::string> ids;
  for (int i = 0; i < 20000; ++i) ids.insert(CaseId::make(member_named("51"), random).text());
  CHECK(ids.size() == 20000);
}

TEST_CASE("no text makes the parser of ids do anything but answer", "[ids]") {
  rc::check("arbitrary text", [](const std::string& text) {
    const auto id = CaseId::parse(text);
    if (id) RC_ASSERT(*CaseId::parse(id->text()) == *id);
    (void)MemberId::parse(text);
    (void)EventPosition::parse(text);
  });
}
