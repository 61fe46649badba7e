// `import csv`: the rows of another system's export become cases of this node, opened when they
// were reported there. Run again, with the same file or a newer one, it opens what is not here yet
// and changes nothing else: a row is known by the source's id. See node/import/CSV.md. Reads
// files and waits; not for the engine's thread.
#pragma once

#include <functional>
#include <string>

#include "node/import/csv_cases.h"
#include "node/import/import_run.h"

namespace simpul {

struct CsvImportOptions {
  bool dry_run = false;  // read and judge every row, and do nothing
  Instant now{};         // what happened later is refused
  // After each row: rows so far, and of a hundred parts of the file those read.
  std::function<void(std::size_t rows, int percent)> progress;
};

// {"rows", "opened", "already", "bad": cannot be read, "refused": by the node, "dry_run",
//  "problems": [{"line", "column", "heading", "id", "why"}], "stopped": why it ended before the
//  end, "member"}; a dry run has "good" for "opened", "already" and "refused", and no "member".
// Errors: the file or the mapping cannot be read as a whole, or the node does not answer at all.
Result<Json> run_csv_import(const std::string& file, const std::string& mapping,
                            const ImportCall& call, const CsvImportOptions& options);

// What gives a row's case its id, the same in every run: SHA-256 of "simpul/csv/v1", the member,
// the source's name and the row's id, each after a zero byte; from the second attempt on, where
// another case has that id, of the attempt's number too.
Digest csv_case_digest(const MemberId& self, const std::string& source, const std::string& id,
                       int attempt);

}  // namespace simpul
