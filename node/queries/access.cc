// access.list {case, limit, from} -> {"records": [{number, time, reader, by, case, texts: [digest],
// chain}], "next": number to hand in as "from"; absent: that was all}, the newest first.
// access.verify {} -> {"verified", "records": how many, "head": chain hash of the newest, "broken":
// number of the first that does not fit}.

#include "crypto/encoding.h"
#include "node/queries/query.h"

namespace simpul {
namespace {

constexpr std::int64_t kRecordsDefault = 50;
constexpr std::int64_t kRecordsMax = 10'000;

Json record_json(const AccessRecord& record) {
  Json texts = Json::array();
  for (const Digest& digest : record.enclosures) texts.push_back(to_hex(digest.view()));
  return {{"number", record.number},
          {"time", to_text(record.time)},
          {"reader", record.reader},
          {"by", record.by},
          {"case", record.case_id.text()},
          {"digests", std::move(texts)},
          {"chain", to_hex(record.chain.view())}};
}

}  // namespace

Result<Json> list_access(const QueryContext& context, const Arguments& arguments) {
  const std::int64_t limit = arguments.number("limit").value_or(kRecordsDefault);
  if (limit < 1 || limit > kRecordsMax) {
    return fail(ErrorCode::kMalformed, "limit is from 1 to " + std::to_string(kRecordsMax));
  }
  const std::int64_t from = arguments.number("from").value_or(0);
  if (from < 0) return fail(ErrorCode::kMalformed, "from is a number of a record");
  CaseId of;
  if (arguments.has("case")) {
    SIMPUL_TRY(id, arguments.case_id());
    of = id;
  }
  Json json{{"records", Json::array()}};
  const std::uint64_t before = from == 0 ? 0 : static_cast<std::uint64_t>(from) + 1;
  context.tables.access.visit_back(before, [&](const AccessRecord& record) {
    if (!of.empty() && record.case_id != of) return true;
    if (json["records"].size() == static_cast<std::size_t>(limit)) {
      json["next"] = record.number;
      return false;
    }
    json["records"].push_back(record_json(record));
    return true;
  });
  return json;
}

Result<Json> verify_access(const QueryContext& context, const Arguments&) {
  const auto broken = context.tables.access.first_broken();
  Json json{{"verified", !broken.has_value()}, {"records", context.tables.access.size()}};
  if (broken) json["broken"] = *broken;
  context.tables.access.visit_back(0, [&](const AccessRecord& newest) {
    json["head"] = to_hex(newest.chain.view());
    return false;
  });
  return json;
}

}  // namespace simpul
