#include "node/demo/reading_table.h"

#include <algorithm>
#include <array>

#include "node/demo/seats.h"

namespace simpul {
namespace {

struct Column {
  const char* role;
  Words title;
};

const std::array<Column, 4>& columns() {
  static const std::array<Column, 4> all = {{{"narrative", {"isi laporan", "narrative"}},
                                             {"place", {"lokasi", "place"}},
                                             {"identity", {"nama pelapor", "reporter"}},
                                             {"answer", {"tanggapan", "answer"}}}};
  return all;
}

constexpr std::size_t kNameWidth = 34;
constexpr std::size_t kRoleWidth = 23;
constexpr std::size_t kCellWidth = 15;

}  // namespace

std::optional<std::string> open_text(const Json& shown, const std::string& role,
                                     const std::string& author) {
  for (const Json& text : shown["texts"]) {
    const bool is_it = text["role"] == role && (author.empty() || text["author"] == author);
    if (is_it && text["state"] == "open") return text["text"].get<std::string>();
  }
  return std::nullopt;
}

Result<ReadingTable> ReadingTable::ask(DemoFederation& federation, const std::string& case_id,
                                       const std::vector<std::string>& members,
                                       const std::string& acting) {
  ReadingTable table;
  table.members_ = members;
  const Json which = {{"case", case_id}};
  for (const std::string& member : members) {
    SIMPUL_TRY(shown, federation.ask_until(member, "case.show", which, "the texts of " + case_id,
                                           [&](const Json& answer) {
                                             return member != acting ||
                                                    open_text(answer, "narrative", "");
                                           }));
    table.shown_[member] = shown;
  }
  return table;
}

bool ReadingTable::reads(const std::string& member, const std::string& role) const {
  const auto found = shown_.find(member);
  return found != shown_.end() && open_text(found->second, role, "").has_value();
}

bool ReadingTable::reads_anything(const std::string& member) const {
  return std::ranges::any_of(columns(),
                             [&](const Column& column) { return reads(member, column.role); });
}

std::vector<std::string> ReadingTable::lines(const Voice& voice) const {
  std::string head = "      " + padded("", kNameWidth + kRoleWidth);
  for (const Column& column : columns()) head += padded(voice.in(column.title), kCellWidth);
  std::vector<std::string> all = {head};
  for (const std::string& member : members_) {
    std::string line =
        "      " + padded(called(member), kNameWidth) + padded(role_of(member, voice), kRoleWidth);
    for (const Column& column : columns()) {
      line += padded(cell(member, column.role, voice), kCellWidth);
    }
    all.push_back(line);
  }
  const auto hub = shown_.find(kHubSeat);
  if (hub == shown_.end()) return all;
  const Json& row = hub->second;
  const std::string label = row["label"][voice.indonesian() ? "id" : "en"];
  all.push_back("      " + voice.in({"Yang dilihat hub: wilayah ", "What the hub sees: region "}) +
                row["region"].get<std::string>() + voice.in({", kategori ", ", category "}) +
                row["category"].get<std::string>() + ", status " + label +
                voice.in({", pemegang ", ", custodian "}) + called(row["custodian"]));
  return all;
}

std::string ReadingTable::role_of(const std::string& member, const Voice& voice) const {
  const Json& row = shown_.at(member);
  if (member == kHubSeat) return "hub";
  if (row["custodian"] == member) return voice.in({"pemegang", "custodian"});
  if (row.contains("offer") && row["offer"]["to"] == member) {
    return voice.in({"sedang ditawari", "has the offer"});
  }
  for (const Json& epoch : row["route"]) {
    if (epoch["custodian"] != member) continue;
    return row["origin"] == member ? voice.in({"asal", "origin"})
                                   : voice.in({"pemegang sebelumnya", "earlier custodian"});
  }
  return voice.in({"sudah menolak", "has declined"});
}

std::string ReadingTable::cell(const std::string& member, const std::string& role,
                               const Voice& voice) const {
  std::string state;
  for (const Json& text : shown_.at(member)["texts"]) {
    if (text["role"] != role) continue;
    state = text["state"];
    if (state == "open") return voice.in({"terbaca", "reads"});
  }
  if (state.empty()) return "-";
  return state == "kept" ? voice.in({"tertutup", "sealed"}) : state;
}

}  // namespace simpul
