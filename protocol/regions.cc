#include "protocol/regions.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "protocol/regions_table.h"

namespace simpul {
namespace {

constexpr std::size_t kLikeSizeMax = 64;  // longer texts are no name; bounds the work
constexpr std::size_t kSuggestionsMax = 3;
constexpr int kSlip = 4;  // from here on: not as it is written
constexpr int kUnlike = 100;

constexpr auto kKinds = std::to_array<std::string_view>(
    {"kabupaten ", "kab ", "kota ", "provinsi ", "prov ", "administrasi "});

std::optional<LocalDay> day_from(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t size) {
    int value = 0;
    const std::string_view part = text.substr(at, size);
    const auto read = std::from_chars(part.data(), part.data() + part.size(), value);
    SIMPUL_CHECK(read.ec == std::errc{} && read.ptr == part.data() + part.size());
    return value;
  };
  SIMPUL_CHECK(text.size() == 10);
  const std::chrono::year_month_day day{std::chrono::year{number(0, 4)},
                                        std::chrono::month{static_cast<unsigned>(number(5, 2))},
                                        std::chrono::day{static_cast<unsigned>(number(8, 2))}};
  SIMPUL_CHECK(day.ok());
  return LocalDay{day};
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::vector<Region> read_table() {
  std::vector<Region> table;
  for (const RegionRow& row : kRegionRows) {
    table.push_back({row.code, row.name, day_from(row.valid_from), day_from(row.valid_to),
                     words_of(row.successors)});
  }
  SIMPUL_CHECK(std::ranges::is_sorted(table, {}, &Region::code));
  return table;
}

// Small letters and digits; all else is one space.
std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') {
      plain += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      plain += c;
    } else if (!plain.empty() && plain.back() != ' ') {
      plain += ' ';
    }
  }
  if (!plain.empty() && plain.back() == ' ') plain.pop_back();
  return plain;
}

std::string_view without_kind(std::string_view plain) {
  for (const std::string_view kind : kKinds) {
    if (plain.starts_with(kind)) plain.remove_prefix(kind.size());
  }
  return plain;
}

// Letters to put in, take out or change to get from one to the other.
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t kept = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({kept, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

// 0: surely meant; kUnlike: not.
int unlikeness(std::string_view text, std::string_view name) {
  if (text == name) return 0;
  const std::string_view bare = without_kind(text), bare_name = without_kind(name);
  if (bare.empty()) return kUnlike;
  if (bare == bare_name) return 1;
  if (bare_name.starts_with(bare)) return 2;
  if (bare_name.find(bare) != bare_name.npos) return 3;
  const std::size_t edits = edits_between(bare, bare_name);
  if (edits > (bare.size() < 8 ? 1 : 2)) return kUnlike;
  return kSlip + static_cast<int>(edits);
}

// "5103", "51 3", "51 03 06" -> 51.03; of an unknown one its province.
const Region* by_digits(std::string_view plain) {
  std::string digits;
  for (const std::string_view word : words_of(plain)) {
    if (word.find_first_not_of("0123456789") != word.npos) return nullptr;
    if (word.size() == 1) digits += '0';
    digits += word;
  }
  if (digits.size() >= 4) {
    const Region* found = find_region(digits.substr(0, 2) + "." + digits.substr(2, 2));
    if (found) return found;
  }
  return find_region(digits.substr(0, 2));
}

std::string listed(const std::vector<const Region*>& all) {
  std::string text;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i > 0) text += i + 1 == all.size() ? " or " : ", ";
    text += std::string(all[i]->code) + " (" + std::string(all[i]->name) + ")";
  }
  return text;
}

std::vector<const Region*> successors_of(const Region& region) {
  std::vector<const Region*> successors;
  for (const std::string_view code : region.successors) successors.push_back(find_region(code));
  return successors;
}

}  // namespace

std::span<const Region> regions() {
  static const std::vector<Region> kTable = read_table();
  return kTable;
}

const Region* find_region(std::string_view code) {
  const auto all = regions();
  const auto found = std::ranges::lower_bound(all, code, {}, &Region::code);
  return found != all.end() && found->code == code ? &*found : nullptr;
}

const Region* find_region(std::string_view code, LocalDay day) {
  const Region* region = find_region(code);
  return region && region->is_valid_on(day) ? region : nullptr;
}

std::vector<const Region*> predecessors_of(std::string_view code) {
  std::vector<const Region*> predecessors;
  for (const Region& region : regions()) {
    const auto& successors = region.successors;
    if (std::ranges::find(successors, code) != successors.end()) predecessors.push_back(&region);
  }
  return predecessors;
}

std::vector<const Region*> regions_like(std::string_view text, std::size_t count) {
  const std::string plain = plain_name(text.substr(0, kLikeSizeMax));
  if (plain.empty()) return {};
  if (const Region* region = by_digits(plain)) return {region};
  std::vector<std::pair<int, const Region*>> ranked;
  bool is_as_written = false;
  for (const Region& region : regions()) {
    const int rank = unlikeness(plain, plain_name(region.name));
    if (rank < kUnlike) ranked.emplace_back(rank + (region.until ? kUnlike : 0), &region);
    is_as_written |= rank < kSlip;
  }
  // A slip is looked for only where nothing is called that.
  if (is_as_written) {
    std::erase_if(ranked, [](const auto& each) { return each.first % kUnlike >= kSlip; });
  }
  std::ranges::stable_sort(ranked, {}, &std::pair<int, const Region*>::first);
  std::vector<const Region*> alike;
  for (const auto& [rank, region] : ranked) {
    if (alike.size() < count) alike.push_back(region);
  }
  return alike;
}

Result<void> check_region(std::string_view code, LocalDay day) {
  const Region* region = find_region(code);
  if (!region) {
    const auto alike = regions_like(code, kSuggestionsMax);
    const std::string given =
        code.size() > kLikeSizeMax ? "what was given" : "'" + std::string(code) + "'";
    return fail(ErrorCode::kMalformed,
                given + " is no region's code" +
                    (alike.empty() ? "; " : ": is it " + listed(alike) + "? ") +
                    "'simpul region list' has all");
  }
  if (!region->has_ended(day)) return {};
  return fail(ErrorCode::kNotAllowed, std::string(code) + " (" + std::string(region->name) +
                                          ") ended on " + to_text(*region->until) + "; now it is " +
                                          listed(successors_of(*region)));
}

std::string to_text(LocalDay day) {
  const std::chrono::year_month_day date{day};
  const auto padded = [](unsigned number) {
    return (number < 10 ? "-0" : "-") + std::to_string(number);
  };
  return std::to_string(static_cast<int>(date.year())) +
         padded(static_cast<unsigned>(date.month())) + padded(static_cast<unsigned>(date.day()));
}

}  // namespace simpul
