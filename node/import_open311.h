// `import open311`: replays this node's own part of what a foreign city did with its service
// requests. Run on every node with the same file and mapping; see node/import/README.md. Reads
// files and waits; not for the engine's thread.
#pragma once

#include <functional>
#include <string>

#include "node/import/import_run.h"

namespace simpul {

struct ImportOptions {
  bool dry_run = false;                            // say what every member would do, and do nothing
  Duration patience = std::chrono::seconds{30};    // give up when nothing moved for so long
  Duration poll = std::chrono::milliseconds{200};  // between rounds; grows eightfold when idle
  std::function<void(const ImportRun::Counts&)> progress;  // after each round that did something
  std::function<void(Duration)> sleep;                     // empty: the thread sleeps
};

// {"member", "records", "cases", "own_steps", "done", "already", "waiting", "failed", "skipped",
//  "problems": [{"record", "what", "why", "skipped"}], "planned": [{"record", "case", "custodian",
//  "closed", "steps": [...] of a dry run only}]}.
// Errors: the file or the mapping cannot be read as a whole, or the node does not answer. What
// is wrong with single records is among the problems. Steps that wait are no error: run it again.
Result<Json> run_import(const std::string& file, const std::string& mapping, const ImportCall& call,
                        const ImportOptions& options);

}  // namespace simpul
