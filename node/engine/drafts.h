// What a command's arguments say, sealed and ready for an event to commit to.
#pragma once

#include <string>
#include <vector>

#include "node/engine/arguments.h"
#include "node/engine/substance.h"

namespace simpul {

// Adds `text`, unless it is empty. Error::kTooLarge past 64 KiB.
Result<void> draft_text(std::vector<Draft>& drafts, EnclosureRole role, const std::string& text,
                        Random& random);

// A public case's narrative and answers are for everybody to read. Error::kNotAllowed where the
// argument "text" would become one and looks as if it named a person.
Result<void> check_publishable(EnclosureRole role, Privacy privacy, const Arguments& arguments);

// Adds the argument "attachments": each {name, type, data (base64)}.
Result<void> draft_files(std::vector<Draft>& drafts, const Json& arguments, Random& random);

std::vector<EnclosureRef> refs_of(const std::vector<Draft>& drafts);

}  // namespace simpul
