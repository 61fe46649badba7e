#include <catch2/catch.hpp>

#include "crypto/random.h"
#include "storage/key.h"
#include "storage/store.h"
#include "storage/table.h"
#include "tests/support/temp_store.h"

using namespace simpul;
using namespace simpul::test;

namespace {

struct AccessFixture {
  AccessRecord reading(const char* reader, std::size_t texts) {
    AccessRecord record{.time = Instant{Duration{1'767'225'600'000}},
                        .reader = reader,
                        .by = "case.show",
                        .case_id = id,
                        .enclosures = {},
                        .chain = {}};
    for (std::size_t i = 0; i < texts; ++i) record.enclosures.push_back(sha256(as_bytes("text")));
    return record;
  }

  TempStore temp;
  WriteTransaction transaction{temp.store.environment()};
  Tables tables{transaction};
  SeededRandom random{3};
  CaseId id = CaseId::make(MemberId::parse("51.03").value(), random);
};

}  // namespace

TEST_CASE("readings are numbered and chained, and come back as they were recorded", "[access]") {
  AccessFixture f;
  CHECK(f.tables.access.size() == 0);
  CHECK_FALSE(f.tables.access.first_broken());
  const AccessRecord first = f.tables.access.append(f.reading("budi (1000)", 2));
  const AccessRecord second = f.tables.access.append(f.reading("(1001)", 0));
  CHECK(first.number == 1);
  CHECK(second.number == 2);
  CHECK(first.chain != second.chain);
  CHECK(f.tables.access.size() == 2);
  std::vector<AccessRecord> seen;
  f.tables.access.visit_back(0, [&](const AccessRecord& record) {
    seen.push_back(record);
    return true;
  });
  CHECK(seen == std::vector{second, first});
  seen.clear();
  f.tables.access.visit_back(2, [&](const AccessRecord& record) {
    seen.push_back(record);
    return true;
  });
  CHECK(seen == std::vector{first});
  f.tables.access.visit_back(1, [&](const AccessRecord&) {
    FAIL("there is nothing before the first");
    return true;
  });
  CHECK_FALSE(f.tables.access.first_broken());
}

TEST_CASE("a reading that was changed or taken out shows", "[access]") {
  AccessFixture f;
  for (int i = 0; i < 5; ++i) f.tables.access.append(f.reading("budi (1000)", 1));
  Table table(f.transaction, TableId::kAccess);
  const auto kept = table.get(sequence_key(3));
  REQUIRE(kept);
  const Bytes value = to_bytes(*kept);
  for (std::size_t at = 0; at < value.size(); ++at) {
    Bytes changed = value;
    changed[at] ^= 1;
    table.put(sequence_key(3), changed);
    REQUIRE(f.tables.access.first_broken() == 3u);
  }
  table.erase(sequence_key(3));
  CHECK(f.tables.access.first_broken() == 3u);
  table.put(sequence_key(3), value);
  CHECK_FALSE(f.tables.access.first_broken());
  table.erase(sequence_key(1));
  CHECK(f.tables.access.first_broken() == 1u);
}
