#include "node/csv/csv_reader.h"

#include <catch2/catch.hpp>

#include "node/csv/csv_writer.h"

using namespace simpul;

namespace {

using Cells = std::vector<std::string>;

std::vector<CsvRow> rows_of(std::string_view text, char separator = 0) {
  CsvReader reader(text, separator);
  std::vector<CsvRow> rows;
  while (auto row = reader.next()) rows.push_back(*std::move(row));
  return rows;
}

}  // namespace

TEST_CASE("lines may end in LF, CRLF or CR, and the last one in nothing", "[csv]") {
  for (const char* text : {"a,b\n1,2\n", "a,b\r\n1,2\r\n", "a,b\r1,2\r", "a,b\n1,2"}) {
    const auto rows = rows_of(text);
    REQUIRE(rows.size() == 2);
    CHECK(rows[1].cells == Cells{"1", "2"});
    CHECK(rows[1].line == 2);
  }
}

TEST_CASE("the separator is found in the first line, outside quotes", "[csv]") {
  CHECK(rows_of("a;b;c\n1,5;2;3\n")[1].cells == Cells{"1,5", "2", "3"});
  CHECK(rows_of("a\tb\n1,5\t2\n")[1].cells == Cells{"1,5", "2"});
  CHECK(rows_of("\"a;;;;\",b\n1,2\n")[1].cells == Cells{"1", "2"});
  CHECK(rows_of("a,b;c\n", ';')[0].cells == Cells{"a,b", "c"});
}

TEST_CASE("a byte order mark is no part of the first heading", "[csv]") {
  CHECK(rows_of("\xEF\xBB\xBF"
                "id,b\n")[0]
            .cells == Cells{"id", "b"});
  CHECK(CsvReader("\xEF\xBB\xBF"
                  "id,b\n")
            .check_encoding());
  CHECK(!CsvReader(std::string_view("\xFF\xFEi\0d\0", 6)).check_encoding());
}

TEST_CASE("quoted cells hold separators, quotes and lines", "[csv]") {
  const auto rows = rows_of("\"a,b\",\"say \"\"no\"\"\",\"two\r\nlines\"\nnext,,\n");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].cells == Cells{"a,b", "say \"no\"", "two\r\nlines"});
  CHECK(rows[1].cells == Cells{"next", "", ""});
  CHECK(rows[1].line == 3);
  CHECK(rows_of("Jalan \"besar\" rusak,b\n")[0].cells == Cells{"Jalan \"besar\" rusak", "b"});
}

TEST_CASE("empty lines are passed over and counted", "[csv]") {
  const auto rows = rows_of("\n\na,b\n\r\n1,2\n\n");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].line == 3);
  CHECK(rows[1].line == 5);
}

TEST_CASE("a row that is wrong is told with line and column, and costs no other", "[csv]") {
  const auto rows = rows_of("a,b\n1,\"never closed\n2,good\n3,\"x\"y\n4,\xC3(\n5,good\n");
  REQUIRE(rows.size() == 6);
  CHECK((rows[1].line == 2 && rows[1].column == 2));
  CHECK(rows[1].wrong == "there is text behind the quote that closes it");
  CHECK(rows[2].cells == Cells{"2", "good"});
  CHECK((rows[3].line == 4 && rows[3].column == 2 && !rows[3].wrong.empty()));
  CHECK((rows[4].line == 5 && rows[4].wrong == "it is not in UTF-8"));
  CHECK(rows[5].cells == Cells{"5", "good"});
  CHECK(rows_of("a,b\n1,\"open").back().wrong == "its quote is never closed");
  CHECK(rows_of(std::string_view("a\0b\n", 4))[0].wrong == "it has a zero byte");
}

TEST_CASE("what is too large is told and passed over", "[csv]") {
  const std::string wide(kCsvColumnsMax + 1, ','), long_cell(kCsvRowSizeMax + 1, 'x');
  const auto rows =
      rows_of("a,b\n" + wide + "\n" + long_cell + ",1\n\"" + long_cell + "\",2\n3,4\n");
  REQUIRE(rows.size() == 5);
  CHECK(rows[1].wrong == "the row has over 1000 columns");
  CHECK(rows[2].wrong == "the row is over 256 KiB");
  CHECK(rows[3].wrong == "its quote is not closed within 256 KiB");
  CHECK(rows[4].cells == Cells{"3", "4"});
}

TEST_CASE("what was written is read again", "[csv]") {
  const Cells cells{"a,b", "\"", "two\r\nlines", "", "é;\t"};
  CHECK(rows_of(csv_row(cells), ',').at(0).cells == cells);
}
