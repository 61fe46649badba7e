#include "node/export_cases.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "node/csv/csv_writer.h"
#include "node/files.h"

namespace simpul {
namespace {

struct ExportColumn {
  const char* name;
  const char* member;  // of a case.list row; "offer" is the offer's receiver
};

constexpr auto kExportColumns = std::to_array<ExportColumn>({{"id", "case"},
                                                             {"status", "status"},
                                                             {"custodian", "custodian"},
                                                             {"offeree", "offer"},
                                                             {"region", "region"},
                                                             {"category", "category"},
                                                             {"class", "class"},
                                                             {"privacy", "privacy"},
                                                             {"channel", "channel"},
                                                             {"opened", "opened"},
                                                             {"changed", "updated"},
                                                             {"due", "due"},
                                                             {"declines", "declines"},
                                                             {"reopened", "reopened"}});

// Null where the case has none.
Json exported_value(const Json& row, const ExportColumn& column) {
  if (!row.is_object() || !row.contains(column.member)) return nullptr;
  const Json& value = row[column.member];
  return value.is_object() ? value.value("to", Json()) : value;
}

std::string csv_text(const Json& value) {
  if (value.is_null()) return "";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string csv_heading() {
  std::vector<std::string> names;
  for (const ExportColumn& column : kExportColumns) names.emplace_back(column.name);
  return csv_row(names);
}

std::string exported_csv(const Json& row) {
  std::vector<std::string> cells;
  for (const ExportColumn& column : kExportColumns) {
    cells.push_back(csv_text(exported_value(row, column)));
  }
  return csv_row(cells);
}

// What cases have not is left out.
std::string exported_json(const Json& row, bool is_first) {
  Json object = Json::object();
  for (const ExportColumn& column : kExportColumns) {
    Json value = exported_value(row, column);
    if (!value.is_null()) object[column.name] = std::move(value);
  }
  return (is_first ? "\n" : ",\n") + object.dump();
}

}  // namespace

Result<std::size_t> export_cases(const Json& filters, const ExportQuery& query,
                                 const ExportSink& sink, const ExportOptions& options) {
  const bool is_csv = options.format == ExportFormat::kCsv;
  Json arguments = filters;
  const bool is_limited = filters.contains("limit");
  const std::int64_t limit = filters.value("limit", std::int64_t{0});
  if (is_limited && limit < 1) return fail(ErrorCode::kMalformed, "limit is 1 or more");
  std::size_t left = static_cast<std::size_t>(limit);
  std::string piece = is_csv ? csv_heading() : "[";
  std::size_t count = 0;
  do {
    arguments["limit"] = is_limited ? std::min(left, options.page_size) : options.page_size;
    SIMPUL_TRY(page, query("case.list", arguments));
    for (const Json& row : page["cases"]) {
      piece += is_csv ? exported_csv(row) : exported_json(row, count == 0);
      ++count;
    }
    left -= std::min(left, page["cases"].size());
    SIMPUL_TRY_VOID(sink(piece));
    piece.clear();
    if (options.progress) options.progress(count);
    arguments["from"] = page.value("next", "");
  } while (arguments["from"] != "" && (!is_limited || left > 0));
  if (!is_csv) SIMPUL_TRY_VOID(sink(count == 0 ? "]\n" : "\n]\n"));
  return count;
}

Result<ExportFile> ExportFile::open(const std::string& path) {
  if (path == "-") return ExportFile(path, stdout);
  std::FILE* file = std::fopen((path + ".part").c_str(), "wbe");
  if (!file) return std::unexpected(file_error("write", path + ".part"));
  return ExportFile(path, file);
}

ExportFile::ExportFile(ExportFile&& other) noexcept
    : path_(std::move(other.path_)), file_(std::exchange(other.file_, nullptr)) {}

ExportFile::~ExportFile() {
  if (!file_ || is_stdout()) return;
  std::fclose(file_);
  std::remove(partial().c_str());
}

Result<void> ExportFile::write(std::string_view piece) {
  if (std::fwrite(piece.data(), 1, piece.size(), file_) == piece.size()) return {};
  return std::unexpected(file_error("write", path_));
}

Result<void> ExportFile::finish() {
  if (std::fflush(file_) != 0) return std::unexpected(file_error("write", path_));
  if (is_stdout()) return {};
  if (::fsync(::fileno(file_)) != 0) return std::unexpected(file_error("write", path_));
  std::fclose(std::exchange(file_, nullptr));
  if (std::rename(partial().c_str(), path_.c_str()) == 0) return {};
  const Error error = file_error("rename", partial());
  std::remove(partial().c_str());
  return std::unexpected(error);
}

}  // namespace simpul
