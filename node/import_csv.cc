#include "node/import_csv.h"

#include "crypto/encoding.h"
#include "node/engine/arguments.h"
#include "node/files.h"

namespace simpul {
namespace {

constexpr std::size_t kCsvMappingFileMax = 1 << 20;
constexpr int kAttemptsMax = 4;  // at case ids; two are the same once in 2^35

Json case_arguments(const CsvCase& from, const CsvMapping& mapping) {
  Json arguments{{"key", "csv:" + mapping.source + ":" + from.id},
                 {"happened", to_text(from.opened)},
                 {"text", from.text},
                 {"category", from.category},
                 {"class", from.case_class},
                 {"privacy", from.privacy},
                 {"channel", from.channel}};
  const auto put = [&](const char* name, const std::string& text) {
    if (!text.empty()) arguments[name] = text;
  };
  put("region", from.region);
  put("identity", from.identity);
  put("place", from.place);
  if (mapping.publish_anyway) arguments["publish_anyway"] = true;
  return arguments;
}

// Whether the node said no to this case, and may well say yes to the next.
bool is_refusal(const Error& error) {
  return error.code == ErrorCode::kMalformed || error.code == ErrorCode::kTooLarge ||
         error.code == ErrorCode::kNotAllowed || error.code == ErrorCode::kConflict;
}

class CsvImport {
 public:
  CsvImport(const CsvMapping& mapping, const ImportCall& call, const CsvImportOptions& options)
      : mapping_(mapping), call_(call), options_(options) {}

  Result<Json> run(CsvCases& cases, std::size_t size) {
    if (!options_.dry_run) {
      SIMPUL_TRY(status, call_("status", Json::object()));
      SIMPUL_TRY(self, Arguments(status).member("member"));
      self_ = self;
    }
    while (stopped_.empty()) {
      const auto next = cases.next();
      if (!next) break;
      *next ? take(**next) : report(next->error(), bad_);
      if (options_.progress) {
        const std::size_t percent = cases.position() * 100 / std::max<std::size_t>(size, 1);
        options_.progress(cases.rows(), static_cast<int>(percent));
      }
    }
    return result(cases.rows());
  }

 private:
  void report(const CsvProblem& problem, std::size_t& counter) {
    ++counter;
    Json json{{"line", problem.line}, {"why", problem.why}};
    if (problem.column > 0) json["column"] = problem.column;
    if (!problem.heading.empty()) json["heading"] = problem.heading;
    if (!problem.id.empty()) json["id"] = problem.id;
    problems_.push_back(std::move(json));
  }

  void take(const CsvCase& from) {
    if (options_.dry_run) {
      ++good_;
      return;
    }
    const auto answer = open_case(from);
    if (answer) {
      ++(answer->value("already", false) ? already_ : opened_);
    } else if (is_refusal(answer.error())) {
      report({.line = from.line, .id = from.id, .why = answer.error().message}, refused_);
    } else {
      stopped_ = "line " + std::to_string(from.line) + ": " + answer.error().message;
    }
  }

  Result<Json> open_case(const CsvCase& from) {
    Json arguments = case_arguments(from, mapping_);
    for (int attempt = 1;; ++attempt) {
      const Digest digest = csv_case_digest(self_, mapping_.source, from.id, attempt);
      arguments["derived_from"] = to_hex(digest.view());
      auto answer = call_("case.open", arguments);
      const bool is_taken = !answer && answer.error().code == ErrorCode::kConflict;
      if (!is_taken || attempt == kAttemptsMax) return answer;
    }
  }

  Json result(std::size_t rows) {
    Json json{{"rows", rows},
              {"bad", bad_},
              {"dry_run", options_.dry_run},
              {"problems", std::move(problems_)}};
    if (options_.dry_run) {
      json["good"] = good_;
      return json;
    }
    json.update({{"member", self_.text()},
                 {"opened", opened_},
                 {"already", already_},
                 {"refused", refused_}});
    if (!stopped_.empty()) json["stopped"] = stopped_;
    return json;
  }

  const CsvMapping& mapping_;
  const ImportCall& call_;
  const CsvImportOptions& options_;
  MemberId self_;
  std::size_t good_ = 0, opened_ = 0, already_ = 0, refused_ = 0, bad_ = 0;
  Json problems_ = Json::array();
  std::string stopped_;
};

Error about_file(const std::string& path, const Error& error) {
  return {error.code, path + ": " + error.message};
}

}  // namespace

Digest csv_case_digest(const MemberId& self, const std::string& source, const std::string& id,
                       int attempt) {
  std::string named = "simpul/csv/v1";
  for (const std::string& part : {self.text(), source, id}) {
    named += '\0';
    named += part;
  }
  if (attempt > 1) {
    named += '\0';
    named += std::to_string(attempt);
  }
  return sha256(as_bytes(named));
}

Result<Json> run_csv_import(const std::string& file, const std::string& mapping,
                            const ImportCall& call, const CsvImportOptions& options) {
  SIMPUL_TRY(map_bytes, read_file(mapping, kCsvMappingFileMax));
  const auto map = read_csv_mapping(as_text(map_bytes));
  if (!map) return std::unexpected(about_file(mapping, map.error()));
  SIMPUL_TRY(bytes, read_file(file, kCsvFileSizeMax));
  auto cases = CsvCases::open(as_text(bytes), *map, options.now);
  if (!cases) return std::unexpected(about_file(file, cases.error()));
  return CsvImport(*map, call, options).run(*cases, bytes.size());
}

}  // namespace simpul
