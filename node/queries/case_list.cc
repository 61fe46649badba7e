// case.list {status, custodian, offeree, audience, region, category, due_before, limit, from}
//   -> {"cases": [row...], "next": token to hand in as "from"; absent: that was all}
#include <algorithm>

#include "crypto/encoding.h"
#include "node/queries/query.h"

namespace simpul {
namespace {

constexpr std::int64_t kLimitDefault = 50;
constexpr std::int64_t kLimitMax = 10'000;

// By its name ("in-progress") or either label ("Diproses").
Result<CaseStatus> status_argument(const std::string& text) {
  std::string known;
  for (auto number = static_cast<std::uint8_t>(CaseStatus::kReceived);
       number <= static_cast<std::uint8_t>(CaseStatus::kClosed); ++number) {
    const auto status = static_cast<CaseStatus>(number);
    if (text == name_of(status) || text == label_of(status, true) ||
        text == label_of(status, false)) {
      return status;
    }
    known += (known.empty() ? "" : ", ") + std::string(name_of(status));
  }
  return fail(ErrorCode::kMalformed, "'" + text + "' is no status; there are " + known);
}

// Empty where it is absent. What no case can have is refused: it would not fit an index either.
Result<std::string> code_argument(const Arguments& arguments, const char* name) {
  std::string code = arguments.text_or(name, "");
  if (code.size() > kCodeSizeMax || code.find('\0') != std::string::npos) {
    return fail(ErrorCode::kMalformed, std::string(name) + " is a code of at most " +
                                           std::to_string(kCodeSizeMax) + " bytes");
  }
  return code;
}

Result<CaseFilter> filter_from(const Arguments& arguments) {
  CaseFilter filter;
  if (arguments.has("status")) {
    SIMPUL_TRY(text, arguments.text("status"));
    SIMPUL_TRY(status, status_argument(text));
    filter.status = status;
  }
  const auto take_member = [&](const char* name, MemberId& into) -> Result<void> {
    if (!arguments.has(name)) return {};
    SIMPUL_TRY(id, arguments.member(name));
    into = id;
    return {};
  };
  SIMPUL_TRY_VOID(take_member("custodian", filter.custodian));
  SIMPUL_TRY_VOID(take_member("offeree", filter.offeree));
  SIMPUL_TRY_VOID(take_member("audience", filter.audience));
  SIMPUL_TRY(region, code_argument(arguments, "region"));
  SIMPUL_TRY(category, code_argument(arguments, "category"));
  filter.region = region;
  filter.category = category;
  SIMPUL_TRY(due, arguments.instant("due_before"));
  filter.due_before = due;
  return filter;
}

}  // namespace

Result<Json> list_cases(const QueryContext& context, const Arguments& arguments) {
  SIMPUL_TRY(filter, filter_from(arguments));
  SIMPUL_TRY(from, from_hex(arguments.text_or("from", "")));
  const std::int64_t limit = arguments.number("limit").value_or(kLimitDefault);
  if (limit < 1 || limit > kLimitMax) {
    return fail(ErrorCode::kMalformed, "limit is from 1 to " + std::to_string(kLimitMax));
  }
  const CasePage page = context.tables.cases.list(filter, static_cast<std::size_t>(limit), from);
  Json json{{"cases", Json::array()}};
  for (const CaseRow& row : page.rows) json["cases"].push_back(row_json(row));
  if (!page.next.empty()) json["next"] = to_hex(page.next);
  return json;
}

}  // namespace simpul
