#include "node/import/csv_cases.h"

#include <algorithm>
#include <set>

#include "node/import/csv_time.h"
#include "node/import/import_plan.h"
#include "protocol/enclosure_content.h"
#include "protocol/event.h"
#include "protocol/intake.h"
#include "protocol/personal_numbers.h"
#include "protocol/regions.h"
#include "protocol/utf8.h"

namespace simpul {
namespace {

constexpr std::size_t kShownSizeMax = 60;  // of a cell, in a sentence

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t from = text.find_first_not_of(kBlanks);
  if (from == text.npos) return {};
  return text.substr(from, text.find_last_not_of(kBlanks) - from + 1);
}

// A cell in quotes; one that is long, cut between characters.
std::string in_quotes(std::string_view cell) {
  if (cell.size() <= kShownSizeMax) return "'" + std::string(cell) + "'";
  std::size_t end = kShownSizeMax;
  while (end > 0 && (static_cast<unsigned char>(cell[end]) & 0xC0) == 0x80) --end;
  return "'" + std::string(cell.substr(0, end)) + "...'";
}

// What one field of a row is: the cell, what the mapping makes of it, or its constant.
std::string field_text(const CsvFieldRule& rule, std::string_view cell) {
  const std::string text(trimmed(cell));
  const auto found = rule.values.find(text);
  if (found != rule.values.end()) return found->second;
  return text.empty() ? rule.constant : text;
}

std::unexpected<std::string> wrong(std::string why) {
  return std::unexpected(std::move(why));
}

using Taken = std::expected<void, std::string>;  // or why not

template <typename Find>
Taken take_choice(CsvField field, std::string text, std::string fallback, Find find,
                  const char* choices, std::string& into) {
  if (text.empty()) text = std::move(fallback);
  if (text.empty()) return wrong("it is empty, and the mapping has no constant for it");
  if (!find(text)) {
    return wrong(in_quotes(text) + " is none of " + choices + "; say in [values." + name_of(field) +
                 "] which it is");
  }
  into = std::move(text);
  return {};
}

Taken take_text(std::string text, std::string& into) {
  if (text.size() > kTextSizeMax) return wrong("it is over 64 KiB");
  into = std::move(text);
  return {};
}

Taken take_id(std::string text, std::string& into) {
  if (text.empty()) return wrong("it is empty");
  if (text.size() > kCsvIdSizeMax) return wrong("it is over 128 bytes");
  if (!is_plain_utf8(text)) return wrong("it has characters that do not show");
  into = std::move(text);
  return {};
}

Taken take_opened(const std::string& text, const CsvMapping& mapping, Instant now, Instant& into) {
  const auto time = time_by_format(text, mapping.time_formats, mapping.minutes_east);
  if (!time) return wrong(in_quotes(text) + " is no time as the mapping says under 'time'");
  if (*time > now) return wrong(in_quotes(text) + " is in the future");
  into = *time;
  return {};
}

// A name becomes the code of its letters and digits.
Taken take_category(const std::string& text, std::string& into) {
  into = is_code(text) ? text : slug_of(text);
  if (into.empty()) return wrong(in_quotes(text) + " gives no code of a category");
  return {};
}

// A public text is for everybody to read.
Taken check_public_text(const CsvCase& made, const CsvMapping& mapping) {
  if (mapping.publish_anyway || made.privacy != name_of(Privacy::kPublic)) return {};
  const auto found = personal_numbers(made.text);
  if (found.empty()) return {};
  return wrong("it would be public and holds what looks like " + describe(found) +
               ": make the row anonymous or confidential, or say publish_anyway = true");
}

// Needs the case's time.
Taken take_region(const std::string& text, Instant opened, std::string& into) {
  if (text.empty()) return {};
  const auto checked = check_region(text, day_of(opened, zone_of_region(text)));
  if (!checked) return wrong(checked.error().message);
  into = text;
  return {};
}

Taken take_field(CsvField field, std::string text, const CsvMapping& mapping, Instant now,
                 CsvCase& into) {
  switch (field) {
    case CsvField::kId:
      return take_id(std::move(text), into.id);
    case CsvField::kOpened:
      return take_opened(text, mapping, now, into.opened);
    case CsvField::kText:
      if (text.empty()) return wrong("it is empty");
      return take_text(std::move(text), into.text);
    case CsvField::kCategory:
      return take_category(text, into.category);
    case CsvField::kRegion:
      return take_region(text, into.opened, into.region);
    case CsvField::kClass:
      return take_choice(field, std::move(text), "complaint", case_class_of,
                         "information, complaint, oversight", into.case_class);
    case CsvField::kPrivacy:
      return take_choice(field, std::move(text), "", privacy_of, "public, anonymous, confidential",
                         into.privacy);
    case CsvField::kChannel:
      return take_choice(field, std::move(text), "import", channel_of,
                         "other, web, sms, app, letter, counter, phone, social, import",
                         into.channel);
    case CsvField::kIdentity:
      return take_text(std::move(text), into.identity);
    case CsvField::kPlace:
      return take_text(std::move(text), into.place);
  }
  return {};
}

}  // namespace

Result<CsvCases> CsvCases::open(std::string_view text, const CsvMapping& mapping, Instant now) {
  CsvReader reader(text, mapping.separator);
  SIMPUL_TRY_VOID(reader.check_encoding());
  CsvCases cases(reader, mapping, now);
  SIMPUL_TRY_VOID(cases.read_headings());
  return cases;
}

Result<void> CsvCases::read_headings() {
  const auto row = reader_.next();
  if (!row) return fail(ErrorCode::kMalformed, "the file is empty");
  if (!row->wrong.empty()) {
    return fail(ErrorCode::kMalformed, "the line of headings cannot be read: " + row->wrong);
  }
  for (const std::string& cell : row->cells) headings_.emplace_back(trimmed(cell));
  for (std::size_t i = 0; i < kCsvFieldCount; ++i) {
    const std::string& name = mapping_->rules[i].column;
    if (name.empty()) continue;
    const auto found = std::ranges::find(headings_, name);
    const char* field = name_of(static_cast<CsvField>(i));
    if (found == headings_.end()) {
      return fail(ErrorCode::kMalformed, "there is no column " + in_quotes(name) + ", which is " +
                                             field + " by the mapping; line " +
                                             std::to_string(row->line) + " has " +
                                             std::to_string(headings_.size()) + " headings");
    }
    if (std::ranges::count(headings_, name) > 1) {
      return fail(ErrorCode::kMalformed, "there are two columns " + in_quotes(name) +
                                             ", which is " + field + " by the mapping");
    }
    columns_[i] = static_cast<std::size_t>(found - headings_.begin());
  }
  return {};
}

bool CsvCases::has_right_width(const CsvRow& row) const {
  if (row.cells.size() < headings_.size()) return false;
  return std::all_of(row.cells.begin() + static_cast<std::ptrdiff_t>(headings_.size()),
                     row.cells.end(), [](const std::string& cell) { return cell.empty(); });
}

std::size_t CsvCases::column_of(CsvField field) const {
  const auto& column = columns_[static_cast<std::size_t>(field)];
  return column ? *column + 1 : 0;
}

std::expected<CsvCase, CsvProblem> CsvCases::case_from(const CsvRow& row) {
  CsvCase made{.line = row.line};
  const auto problem = [&](std::size_t column, std::string why) {
    const bool is_named = column > 0 && column <= headings_.size();
    return std::unexpected(CsvProblem{row.line, column, is_named ? headings_[column - 1] : "",
                                      made.id, std::move(why)});
  };
  if (!row.wrong.empty()) return problem(row.column, row.wrong);
  if (!has_right_width(row)) {
    return problem(0, "the row has " + std::to_string(row.cells.size()) + " columns, not " +
                          std::to_string(headings_.size()) + " as the headings");
  }
  for (std::size_t i = 0; i < kCsvFieldCount; ++i) {
    const CsvField field = static_cast<CsvField>(i);
    const std::string cell = columns_[i] ? row.cells[*columns_[i]] : "";
    const auto taken =
        take_field(field, field_text(mapping_->rule(field), cell), *mapping_, now_, made);
    if (taken) continue;
    const std::size_t column = column_of(field);
    return problem(column, (column > 0 ? "" : std::string(name_of(field)) + ": ") + taken.error());
  }
  if (const auto checked = check_public_text(made, *mapping_); !checked) {
    return problem(column_of(CsvField::kText), checked.error());
  }
  const auto [before, is_new] = lines_by_id_.emplace(made.id, row.line);
  if (is_new) return made;
  return problem(column_of(CsvField::kId),
                 "line " + std::to_string(before->second) + " has the same id");
}

std::optional<std::expected<CsvCase, CsvProblem>> CsvCases::next() {
  const auto row = rows_ <= kCsvRowsMax ? reader_.next() : std::nullopt;
  if (!row) return std::nullopt;
  if (++rows_ <= kCsvRowsMax) return case_from(*row);
  return std::unexpected(
      CsvProblem{.line = row->line,
                 .why = "this and all that follows is left out: a file may have " +
                        std::to_string(kCsvRowsMax) + " rows; split it"});
}

}  // namespace simpul
