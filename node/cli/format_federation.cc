#include <array>

#include "node/cli/format.h"

namespace simpul {
namespace {

struct StatusColumn {
  const char* status;
  const char* indonesian;
  const char* english;
};
constexpr auto kStatusColumns = std::to_array<StatusColumn>({
    {"received", "Diterima", "Received"},
    {"verified", "Terverifikasi", "Verified"},
    {"in-progress", "Diproses", "In progress"},
    {"postponed", "Ditunda", "Postponed"},
    {"forwarded", "Diteruskan", "Forwarded"},
    {"referred", "Dirujuk", "Referred"},
    {"answered", "Ditanggapi", "Answered"},
    {"closed", "Selesai", "Closed"},
});

std::string zero_as_dash(const std::string& number) {
  return number.empty() || number == "0" ? "-" : number;
}

std::vector<std::string> national_row(const std::string& member, const std::string& name,
                                      const Json& statuses, const std::string& total,
                                      const std::string& overdue) {
  std::vector<std::string> cells{member, name};
  for (const StatusColumn& column : kStatusColumns) {
    cells.push_back(zero_as_dash(text_at(statuses, column.status)));
  }
  cells.push_back(total);
  cells.push_back(zero_as_dash(overdue));
  return cells;
}

std::string yes_no(bool value) {
  return value ? "yes" : "no";
}

std::string peers_text(const Json& result, const View& view) {
  TextTable table({"PEER", "LINK", "SINCE / LAST HEARD", "WAITING", "OLDEST", "CONFIRMED", "WHY"},
                  view);
  table.right(3).right(5);
  for (const Json& peer : list_at(result, "peers")) {
    const bool is_open = text_at(peer, "link") == "open";
    const std::string since = time_at(peer, is_open ? "since" : "last_heard", view);
    table.row({text_at(peer, "member"),
               paint(text_at(peer, "link"), is_open ? Colour::kGreen : Colour::kRed, view),
               since.empty() ? "never" : since, text_at(peer, "mailbox_backlog"),
               time_at(peer, "oldest_unsent", view), text_at(peer, "confirmed_through"),
               text_at(peer, "reason")});
  }
  return table.empty() ? "No peers yet.\n" : table.str();
}

std::string owners_text(const Json& result, const View& view) {
  TextTable table({"CATEGORY", "REGION", "WHOSE BUSINESS"}, view);
  for (const Json& owner : list_at(result, "owners")) {
    const std::string region = text_at(owner, "region");
    table.row({text_at(owner, "category"), region.empty() ? "everywhere" : region,
               text_at(owner, "member")});
  }
  return table.empty() ? "" : table.str();
}

}  // namespace

std::string format_json(const Json& result, const View&) {
  return result.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string format_status(const Json& result, const View& view) {
  const Json& roster = object_at(result, "roster");
  std::string text = text_at(result, "member") + " in " + text_at(result, "federation") +
                     (flag_at(result, "hub") ? " (hub)" : "") + "\n";
  text += "Admitted " + yes_no(flag_at(result, "admitted")) + ", roster version " +
          text_at(roster, "version") + " with " + text_at(roster, "members") + " members";
  const std::string expires = time_at(roster, "expires", view);
  text += (expires.empty() ? "" : ", expires " + expires) + "\n";
  if (!flag_at(result, "may_author")) {
    text += paint("Not writing: " + text_at(result, "why_not"), Colour::kYellow, view) + "\n";
  }
  if (const Json& key = object_at(result, "new_key"); !key.empty()) {
    text += paint("A new signing key waits to be confirmed at the ruling hub: fingerprint " +
                      text_at(key, "fingerprint"),
                  Colour::kYellow, view) +
            "\n";
  }
  if (const std::string lag = text_at(result, "unindexed"); !lag.empty() && lag != "0") {
    text += lag + " events are recorded but not yet in the case index\n";
  }
  text += "\n" + format_journals(result, view) + "\n" + peers_text(result, view);
  if (!list_at(result, "alerts").empty()) text += "\n" + format_alerts(result, view);
  return text;
}

std::string format_journals(const Json& result, const View& view) {
  TextTable table({"JOURNAL", "EVENTS", "HELD", "ACKNOWLEDGED", "NOTE"}, view);
  table.right(1).right(2).right(3);
  for (const Json& journal : list_at(result, "journals")) {
    const std::string disputed = text_at(journal, "disputed_from");
    table.row({text_at(journal, "journal"), text_at(journal, "size"), text_at(journal, "held"),
               text_at(journal, "acknowledged"),
               !disputed.empty()              ? "disputed from " + disputed
               : flag_at(journal, "complete") ? ""
                                              : "some events only"});
  }
  return table.empty() ? "No journals are held.\n" : table.str();
}

std::string format_members(const Json& result, const View& view) {
  TextTable table({"MEMBER", "KIND", "NAME", "STATE", "ENDPOINT", "FINGERPRINT", "WHY"}, view);
  const auto add = [&](const Json& member) {
    const std::string state = text_at(member, "state");
    table.row({text_at(member, "member"), text_at(member, "kind"), text_at(member, "name"),
               state == "admitted" ? state : paint(state, Colour::kYellow, view),
               text_at(member, "endpoint"), text_at(member, "fingerprint"),
               text_at(member, "reason")});
    const Json& key = object_at(member, "new_key");
    if (key.empty()) return;
    table.row({text_at(member, "member"), "", "",
               paint("asks for a new key", Colour::kYellow, view), "", text_at(key, "fingerprint"),
               text_at(key, "event")});
  };
  for (const Json& request : list_at(result, "requests")) add(request);
  for (const Json& member : list_at(result, "members")) add(member);
  return table.empty() ? "No members and no requests.\n" : table.str();
}

std::string format_roster(const Json& result, const View& view) {
  return "Federation " + text_at(result, "federation") + ", roster version " +
         text_at(result, "version") + " (" + text_at(result, "health") + "), issued " +
         time_at(result, "issued", view) + ", expires " + time_at(result, "expires", view) +
         ", ruling hub " + text_at(result, "ruling_hub") + "\n" + format_members(result, view);
}

std::string format_admission(const Json& result, const View&) {
  const Json& member = object_at(result, "member");
  std::string text;
  if (!member.empty()) {
    text += text_at(member, "member") + " (" + text_at(member, "name") + ") is admitted\n";
  }
  if (result.contains("rejected")) {
    text += text_at(result, "rejected") + " is rejected: " + text_at(result, "reason") + "\n";
  }
  if (result.contains("roster")) {
    text += "Roster version " + text_at(result, "roster") + " is in force with " +
            text_at(result, "members") + " members\n";
  }
  return text.empty() ? "Done\n" : text;
}

std::string format_home(const Json& result, const View&) {
  const std::string home = text_at(result, "home"), file = text_at(result, "federation_file");
  const std::string next = flag_at(result, "is_hub")
                               ? "\nThen members make their homes with: simpul init --from " + file
                               : "\nThen ask to be admitted: simpul --home " + home + " enrol";
  return text_at(result, "member") + " is at home in " + home + "\nFingerprint " +
         text_at(result, "fingerprint") + "\nStart the node: simpul --home " + home + " run" +
         next + "\n";
}

std::string retention_text(const Json& result) {
  std::string kept;
  for (const auto& period : object_at(result, "retention").items()) {
    if (period.value() == 0) continue;
    kept += (kept.empty() ? "" : ", ") + period.key() + " " + period.value().dump();
  }
  return kept.empty() ? "Closed cases are kept for good.\n"
                      : "Closed cases are erased after days, by class: " + kept + "\n";
}

std::string format_policy(const Json& result, const View& view) {
  std::string text;
  if (result.contains("roster")) {
    text += flag_at(result, "changed")
                ? "In force with roster version " + text_at(result, "roster") + "\n"
                : "This policy was in force already\n";
  }
  TextTable table({"LIMIT", "WORKING DAYS"}, view);
  table.right(1);
  for (const auto& clock : object_at(result, "clocks").items()) {
    table.row({clock.key(), clock.value().dump()});
  }
  text +=
      table.str() + "Declines before a case is referred: " + text_at(result, "max_declines") + "\n";
  text += retention_text(result);
  if (const auto days = text_at(result, "reopen_within"); !days.empty() && days != "0") {
    text += "Closed cases are reopened within " + days + " days.\n";
  }
  text += owners_text(result, view);
  const Json& days = list_at(result, "days_off");
  text += days.empty() ? "No days off but Saturdays and Sundays.\n"
                       : "Days off besides Saturdays and Sundays: " + std::to_string(days.size());
  std::string year;
  for (const Json& day : days) {
    const std::string date = day.is_string() ? day.get<std::string>() : "";
    if (date.size() != 10) continue;
    text += date.substr(0, 4) == year ? " " : "\n  " + date.substr(0, 4) + ": ";
    year = date.substr(0, 4);
    text += date.substr(5);
  }
  return days.empty() ? text : text + "\n";
}

std::string format_enrolment(const Json& result, const View&) {
  return text_at(result, "member") + " asks to be admitted as " + text_at(result, "kind") +
         "\nFingerprint " + text_at(result, "fingerprint") +
         "\nRead it to the hub's administrator over the telephone.\n";
}

std::string format_new_key(const Json& result, const View&) {
  return "Signing key " + text_at(result, "version") + " waits to be confirmed at the ruling hub" +
         "\nFingerprint " + text_at(result, "fingerprint") +
         "\nRead it to the hub's administrator over the telephone, and back up the keystore.\n";
}

std::string format_national(const Json& result, const View& view) {
  std::vector<std::string> headings{"MEMBER", "NAME"};
  for (const StatusColumn& column : kStatusColumns) {
    headings.emplace_back(view.language == Language::kIndonesian ? column.indonesian
                                                                 : column.english);
  }
  headings.emplace_back("TOTAL");
  headings.emplace_back("OVERDUE OFFERS");
  TextTable table(headings, view);
  for (std::size_t column = 2; column < headings.size(); ++column) table.right(column);
  for (const Json& row : list_at(result, "members")) {
    table.row(national_row(text_at(row, "member"), text_at(row, "name"), object_at(row, "statuses"),
                           text_at(row, "total"), text_at(row, "overdue_offers")));
  }
  if (table.empty()) return "No cases are known here.\n";
  table.row(national_row("TOTAL", "", object_at(result, "totals"), text_at(result, "cases"),
                         text_at(result, "overdue_offers")));
  std::string text = table.str();
  if (text_at(result, "indexed_through") != text_at(result, "arrivals")) {
    text += "Not all that arrived is counted yet: indexed through " +
            text_at(result, "indexed_through") + " of " + text_at(result, "arrivals") + ".\n";
  }
  return text;
}

std::string format_alerts(const Json& result, const View& view) {
  TextTable table({"NUMBER", "TIME", "ALERT", "WHAT HAPPENED"}, view);
  for (const Json& alert : list_at(result, "alerts")) {
    table.row({text_at(alert, "number"), time_at(alert, "time", view),
               paint(text_at(alert, "code"), Colour::kYellow, view), text_at(alert, "text")});
  }
  return table.empty() ? "No alerts.\n" : table.str();
}

}  // namespace simpul
