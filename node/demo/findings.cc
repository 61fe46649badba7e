#include "node/demo/findings.h"

#include "node/demo/agreement.h"
#include "node/demo/seats.h"
#include "protocol/case_state.h"

namespace simpul {
namespace {

constexpr std::size_t kMemberWidth = 34;

std::string number_of(const Json& object, const char* name) {
  return object.contains(name) ? std::to_string(object[name].get<std::uint64_t>()) : "0";
}

std::vector<CaseStatus> statuses() {
  std::vector<CaseStatus> all;
  for (auto number = static_cast<std::uint8_t>(CaseStatus::kReceived);
       number <= static_cast<std::uint8_t>(CaseStatus::kClosed); ++number) {
    all.push_back(static_cast<CaseStatus>(number));
  }
  return all;
}

std::string table_row(const Voice& voice, const std::string& name, const Json& counts,
                      std::uint64_t total, std::uint64_t overdue) {
  std::string line = "   " + padded(name, kMemberWidth);
  for (const CaseStatus status : statuses()) {
    const std::string label = label_of(status, voice.indonesian());
    line += padded_left(number_of(counts, name_of(status)), label.size() + 2);
  }
  return line + padded_left(std::to_string(total), 8) + padded_left(std::to_string(overdue), 12);
}

Result<void> show_national_table(DemoFederation& federation, Voice& voice) {
  SIMPUL_TRY(table, federation.ask(kHubSeat, "national"));
  voice.result("\n== " + voice.in({"Tabel nasional, dari hub, menurut pemegang",
                                   "National table, from the hub, by custodian"}));
  std::string head = "   " + padded(voice.in({"Pemegang", "Custodian"}), kMemberWidth);
  for (const CaseStatus status : statuses()) {
    head += std::string("  ") + label_of(status, voice.indonesian());
  }
  head += padded_left(voice.in({"Jumlah", "Total"}), 8);
  head += padded_left(voice.in({"Terlambat", "Overdue"}), 12);
  voice.result(head);
  for (const Json& row : table["members"]) {
    voice.result(table_row(voice, called(row["member"]), row["statuses"], row["total"],
                           row["overdue_offers"]));
  }
  voice.result(table_row(voice, voice.in({"Seluruhnya", "All"}), table["totals"], table["cases"],
                         table["overdue_offers"]));
  return {};
}

Result<void> verify_journals(DemoFederation& federation, Voice& voice) {
  voice.result("\n== " +
               voice.in({"Setiap jurnal di setiap simpul diperiksa: pohon Merkle dihitung ulang, "
                         "tanda tangan dan kosignatur diuji",
                         "Every journal at every node verified: Merkle trees computed again, "
                         "signatures and cosignatures checked"}));
  std::string damaged;
  for (const Seat& seat : seats()) {
    SIMPUL_TRY(report, federation.ask(seat.id, "log.verify"));
    std::uint64_t events = 0;
    for (const Json& journal : report["journals"]) {
      events += journal.value("events", std::uint64_t{0});
      if (journal["verified"] != true) damaged += "\n  " + called(seat.id) + ": " + journal.dump();
    }
    const std::string verdict =
        report["verified"] == true ? voice.in({"sah", "verified"}) : voice.in({"RUSAK", "DAMAGED"});
    voice.result("   " + padded(called(seat.id), kMemberWidth) +
                 padded_left(std::to_string(report["journals"].size()), 3) +
                 voice.in({" jurnal, ", " journals, "}) + padded_left(std::to_string(events), 6) +
                 voice.in({" peristiwa: ", " events: "}) + verdict);
    if (report["verified"] != true && damaged.empty()) damaged = "\n  " + called(seat.id);
  }
  if (!damaged.empty()) return fail(ErrorCode::kConflict, "journals do not verify:" + damaged);
  return {};
}

}  // namespace

Result<void> show_findings(DemoFederation& federation, Voice& voice, std::size_t opened) {
  SIMPUL_TRY(agreement, reach_agreement(federation));
  SIMPUL_TRY_VOID(show_national_table(federation, voice));
  SIMPUL_TRY_VOID(verify_journals(federation, voice));
  if (agreement.cases != opened) {
    return fail(ErrorCode::kConflict, "the hub has " + std::to_string(agreement.cases) + " of " +
                                          std::to_string(opened) + " cases that were opened");
  }
  const std::string cases = std::to_string(agreement.cases);
  const std::string compared = std::to_string(agreement.compared);
  voice.result("\n== " + voice.in({"Hub dan anggota sependapat tentang semua " + cases +
                                       " kasus (" + compared + " keadaan dibandingkan)",
                                   "The hub and the members agree about all " + cases + " cases (" +
                                       compared + " states compared)"}));
  return {};
}

Result<std::string> state_line(DemoFederation& federation, const Voice& voice) {
  std::uint64_t events = 0, links = 0, backlog = 0;
  for (const Seat& seat : seats()) {
    SIMPUL_TRY(status, federation.ask(seat.id, "status"));
    const bool hub = seat.kind == MemberKind::kHub;
    for (const Json& journal : status["journals"]) {
      if (hub) events += journal["size"].get<std::uint64_t>();
    }
    for (const Json& peer : status["peers"]) {
      if (hub && peer["link"] == "open") ++links;
      backlog += hub ? peer["mailbox_backlog"].get<std::uint64_t>()
                     : peer.value("journal_backlog", std::uint64_t{0});
    }
  }
  SIMPUL_TRY(table, federation.ask(kHubSeat, "national"));
  const auto part = [&](const Words& words, std::uint64_t number) {
    return voice.in(words) + " " + std::to_string(number);
  };
  return part({"peristiwa", "events"}, events) + " | " +
         part({"kasus", "cases"}, table["cases"].get<std::uint64_t>()) + " | " +
         part({"sambungan ke hub", "links to the hub"}, links) + " | " +
         part({"tunggakan", "backlog"}, backlog) + " | Ctrl-C " + voice.in({"mengakhiri", "ends"});
}

}  // namespace simpul
