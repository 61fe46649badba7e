// `case export`: every case that a node holds, as a table for other programs. Public fields only:
// no text of anybody's is in it. Reads page by page, so that memory stays bounded; a case that
// changes meanwhile is written as it was when its page was read. Not for the engine's thread.
#pragma once

#include <cstdio>
#include <functional>
#include <string>

#include "node/engine.h"

namespace simpul {

enum class ExportFormat { kCsv, kJson };  // kJson: an array of objects

struct ExportOptions {
  ExportFormat format = ExportFormat::kCsv;
  std::size_t page_size = 1'000;                    // cases a query
  std::function<void(std::size_t cases)> progress;  // after each page
};

// A query of the node.
using ExportQuery = std::function<Result<Json>(const std::string& name, const Json& arguments)>;
// Takes the next piece of the table. Its error ends the export.
using ExportSink = std::function<Result<void>(std::string_view piece)>;

// How many cases were written. `filters` are arguments of case.list: "status", "custodian", ...;
// with a "limit", so many at most. Columns: id, status, custodian, offeree, region, category,
// class, privacy, channel, opened, changed, due, declines, reopened; times as in RFC 3339, in UTC.
Result<std::size_t> export_cases(const Json& filters, const ExportQuery& query,
                                 const ExportSink& sink, const ExportOptions& options);

// A sink for a file: what is written is beside `path` until finish(), and takes its place then.
// "-": standard output.
class ExportFile {
 public:
  static Result<ExportFile> open(const std::string& path);
  ExportFile(ExportFile&& other) noexcept;
  ExportFile& operator=(ExportFile&&) = delete;
  ~ExportFile();  // unfinished: nothing is left of it

  Result<void> write(std::string_view piece);
  Result<void> finish();

 private:
  ExportFile(std::string path, std::FILE* file) : path_(std::move(path)), file_(file) {}
  std::string partial() const { return path_ + ".part"; }
  bool is_stdout() const { return path_ == "-"; }

  std::string path_;
  std::FILE* file_;
};

}  // namespace simpul
