// Who reads what of a case: for each member what its own node answers to case.show.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "node/demo/demo_federation.h"

namespace simpul {

// The text of that role and author in an answer to case.show, when the node could open it.
std::optional<std::string> open_text(const Json& shown, const std::string& role,
                                     const std::string& author);

class ReadingTable {
 public:
  // Asks each member; `acting`, who must be able to read, until its texts have arrived.
  static Result<ReadingTable> ask(DemoFederation& federation, const std::string& case_id,
                                  const std::vector<std::string>& members,
                                  const std::string& acting);

  bool reads(const std::string& member, const std::string& role) const;
  // Narrative, place, identity or answer. The hub may read why a case was declined.
  bool reads_anything(const std::string& member) const;

  // A line for each member, and what the hub sees of the case.
  std::vector<std::string> lines(const Voice& voice) const;

 private:
  std::string role_of(const std::string& member, const Voice& voice) const;
  std::string cell(const std::string& member, const std::string& role, const Voice& voice) const;

  std::vector<std::string> members_;
  std::map<std::string, Json> shown_;
};

}  // namespace simpul
