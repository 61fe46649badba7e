// The desk for what concerns two cases at once: splitting one into parts, linking one to another,
// agreeing that one is a duplicate. Everything is checked before anything is written, so both cases
// are linked or neither. Stateless; runs inside a step. SPEC section "Links".
#pragma once

#include "node/engine/author.h"
#include "node/engine/case_desk.h"
#include "node/engine/case_files.h"
#include "node/engine/step.h"

namespace simpul {

class RelationDesk {
 public:
  RelationDesk(CaseFiles& files, Author& author, CaseDesk& desk)
      : files_(files), author_(author), desk_(desk) {}

  // nullopt when `name` is none of its commands ("case.link", "case.split", ...).
  std::optional<Result<Json>> run(Step& step, const std::string& name, const Json& arguments);

 private:
  Result<Json> link(Step& step, const Json& arguments, bool undone);
  Result<Json> split(Step& step, const Json& arguments);
  Result<Json> answer(Step& step, const Json& arguments, bool agrees);

  Result<CaseFile> open(Step& step, const CaseId& id);
  // Error::kNotAllowed: why the event would not count.
  static Result<void> check(Step& step, const CaseFile& file, const EventBody& body);
  // The event's hash. The text is its reason.
  Result<EventHash> write(Step& step, const CaseFile& file, EventBody body,
                          const std::string& text);

  CaseFiles& files_;
  Author& author_;
  CaseDesk& desk_;
};

}  // namespace simpul
