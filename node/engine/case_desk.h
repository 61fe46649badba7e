// The desk where people's commands on cases become events: reads the arguments, seals what was
// written, checks the move against the rules and appends. Every refusal says what is legal.
// Stateless; runs inside a step.
#pragma once

#include "node/engine/author.h"
#include "node/engine/case_files.h"
#include "node/engine/reactions.h"
#include "node/engine/step.h"

namespace simpul {

class CaseDesk {
 public:
  CaseDesk(CaseFiles& files, Author& author) : files_(files), author_(author) {}

  // nullopt when `name` is none of its commands ("case.open", "case.forward", "attach", ...).
  std::optional<Result<Json>> run(Step& step, const std::string& name, const Json& arguments);

 private:
  Result<Json> open_case(Step& step, const Json& arguments);
  CaseId unused_id(Step& step);
  Result<Json> internal_note(Step& step, const Json& arguments);
  // Any move on an existing case: `body` from the arguments, texts sealed under `role`.
  Result<Json> move(Step& step, const std::string& name, const Json& arguments);

  CaseFiles& files_;
  Author& author_;
};

}  // namespace simpul
