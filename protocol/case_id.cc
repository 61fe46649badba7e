// The form and the check character of case ids (SPEC section "Names").
#include <array>

#include "protocol/ids.h"

namespace simpul {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";  // Crockford base32
constexpr std::size_t kGroup = 4;
constexpr std::size_t kTail = 2 * (kGroup + 1);  // "-XXXX-XXXX"
constexpr int kModulus = 37;
constexpr int kBadValue = -1;

// The value of a character in the check sum: one for each character of an id, whatever its place.
constexpr std::array<std::int8_t, 256> make_values() {
  std::array<std::int8_t, 256> values{};
  values.fill(kBadValue);
  for (std::size_t c = 0; c < 10; ++c) values['0' + c] = static_cast<std::int8_t>(c);
  for (std::size_t c = 0; c < 26; ++c) {
    values['a' + c] = values['A' + c] = static_cast<std::int8_t>(10 + c);
  }
  values['.'] = values['-'] = 36;
  return values;
}
constexpr std::array<std::int8_t, 256> kValues = make_values();

int value_of(char c) {
  return kValues[static_cast<unsigned char>(c)];
}

// The canonical form of a character of the random part; 0 if it is none.
constexpr std::array<char, 256> make_canonical() {
  std::array<char, 256> canonical{};
  for (const char c : kAlphabet) {
    canonical[static_cast<unsigned char>(c)] = c;
    if (c >= 'A') canonical[static_cast<unsigned char>(c - 'A' + 'a')] = c;
  }
  canonical['o'] = canonical['O'] = '0';
  canonical['i'] = canonical['I'] = canonical['l'] = canonical['L'] = '1';
  return canonical;
}
constexpr std::array<char, 256> kCanonical = make_canonical();

// ISO 7064's sum for modulus 37, radix 2, taken from the left: doubling once per character
// gives the last one weight 1, the one before it 2, and so on.
int add_to_sum(int sum, char c) {
  return (sum * 2 + value_of(c)) % kModulus;
}

int sum_of(std::string_view text) {
  int sum = 0;
  for (const char c : text) sum = add_to_sum(sum, c);
  return sum;
}

// The character that makes the whole sum 1; 0 where no character of the alphabet does.
char check_character(int sum) {
  const int value = ((1 - 2 * sum) % kModulus + kModulus) % kModulus;
  for (const char c : kAlphabet) {
    if (value_of(c) == value) return c;
  }
  return 0;
}

Result<CaseId> bad_form() {
  return std::unexpected(
      Error{ErrorCode::kMalformed, "a case id is ORIGIN-XXXX-XXXX, such as 51.03-7K3Q-9XWD"});
}

}  // namespace

CaseId CaseId::from_draw(const MemberId& origin, std::uint64_t bits) {
  std::array<char, 2 * kGroup> tail{};
  int sum = sum_of(origin.text());
  for (std::size_t i = 0; i + 1 < tail.size(); ++i, bits >>= 5) {
    tail[i] = kAlphabet[bits & 31];
    sum = add_to_sum(sum, tail[i]);
  }
  tail.back() = check_character(sum);
  CaseId id;
  if (tail.back() == 0) return id;
  id.text_.reserve(origin.text().size() + kTail);
  id.text_.append(origin.text()).append(1, '-').append(tail.data(), kGroup);
  id.text_.append(1, '-').append(tail.data() + kGroup, kGroup);
  return id;
}

CaseId CaseId::make(const MemberId& origin, Random& random) {
  SIMPUL_CHECK(!origin.empty());
  for (;;) {
    CaseId id = from_draw(origin, random.next_u64());
    if (!id.empty()) return id;
  }
}

CaseId CaseId::derive(const MemberId& origin, const Digest& digest) {
  SIMPUL_CHECK(!origin.empty());
  for (Digest block = digest;; block = sha256(block.view())) {
    for (std::size_t at = 0; at < Digest::kSize; at += 8) {
      std::uint64_t bits = 0;
      for (std::size_t i = 0; i < 8; ++i) bits = bits << 8 | block.bytes[at + i];
      CaseId id = from_draw(origin, bits);
      if (!id.empty()) return id;
    }
  }
}

Result<CaseId> CaseId::parse(std::string_view text) {
  if (text.size() <= kTail || text.size() > kSizeMax) return bad_form();
  const std::size_t tail = text.size() - kTail;
  if (!MemberId::parse(text.substr(0, tail))) return bad_form();
  CaseId id;
  id.text_ = text;
  int sum = sum_of(text.substr(0, tail));
  for (std::size_t i = 0; i < kTail; ++i) {
    char& c = id.text_[tail + i];
    if (i % (kGroup + 1) == 0) {
      if (c != '-') return bad_form();
      continue;
    }
    c = kCanonical[static_cast<unsigned char>(c)];
    if (c == 0) return bad_form();
    sum = add_to_sum(sum, c);
  }
  if (sum != 1) {
    return fail(ErrorCode::kMalformed,
                "the check character of this case id does not fit: a character is mistyped");
  }
  return id;
}

MemberId CaseId::origin() const {
  if (empty()) return {};
  auto origin = MemberId::parse(std::string_view(text_).substr(0, text_.size() - kTail));
  SIMPUL_CHECK(origin.has_value());
  return *std::move(origin);
}

}  // namespace simpul
