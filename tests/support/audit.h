// What must hold after any accident, judged on the data folders of stopped nodes: nothing that was
// recorded is missing, nothing is there twice, every journal is whole and everybody who is
// entitled to a case sees the same state of it.
#pragma once

#include <string>
#include <vector>

#include "tests/support/federation_fixture.h"
#include "tests/support/traffic.h"

namespace simpul {

struct AuditReport {
  std::vector<std::string> violations;  // sentences
  std::size_t events = 0;               // in the members' journals, as the hub holds them
  std::size_t cases = 0;
  std::size_t closed = 0, forwarded = 0;  // cases, so that a test can show that things happened

  std::string text() const;  // the first violations, a line each
};

// Lets everything arrive: every journal is whole at the hub, every mailbox is empty, nothing waits
// to be indexed. REQUIRES all nodes to run and no traffic. False if that does not come about.
bool settle(FederationFixture& federation, const std::vector<std::string>& members);

// REQUIRES all nodes to be stopped.
AuditReport audit(FederationFixture& federation, const std::vector<std::string>& members,
                  const std::vector<Traffic::Recorded>& recorded);

// Runs log.verify and reads the alerts on running nodes. `expected`: alert codes that are no
// violation.
std::vector<std::string> check_running(FederationFixture& federation,
                                       const std::vector<std::string>& members,
                                       const std::vector<std::string>& expected = {});

}  // namespace simpul
