#include <algorithm>
#include <array>

#include "node/cli/format.h"

namespace simpul {
namespace {

constexpr std::size_t kFieldWidth = 14;

std::string field(const std::string& name, const std::string& value) {
  if (value.empty()) return "";
  return name + std::string(kFieldWidth - std::min(kFieldWidth - 1, name.size()), ' ') + value +
         "\n";
}

std::string indented(const std::string& text) {
  std::string out = "    ";
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "    ";
  }
  return out + "\n";
}

std::string status_text(const Json& json, const View& view) {
  std::string text = paint(label_at(json, view), Colour::kCyan, view);
  const Json& offer = object_at(json, "offer");
  if (!offer.empty()) {
    text += " -> " + text_at(offer, "to") + ", due " + time_at(offer, "due", view);
  }
  return text;
}

std::string texts_of(const Json& result, const View& view) {
  std::string text;
  for (const Json& item : list_at(result, "texts")) {
    text += "  " + paint(text_at(item, "role"), Colour::kBold, view) + "  " +
            text_at(item, "author") + ", " + time_at(item, "time", view) + "\n";
    const std::string name = text_at(item, "name");
    if (item.contains("text") && item["text"].is_string()) {
      text += indented(printable(item["text"].get<std::string>(), true));
    } else if (text_at(item, "state") == "open") {
      text += indented((name.empty() ? "content" : name) + " (" + text_at(item, "type") + ", " +
                       text_at(item, "size") + " bytes)");
    } else {
      text += indented(paint("[" + text_at(item, "why") + "]", Colour::kYellow, view));
    }
  }
  return text.empty() ? "" : "\nTexts\n" + text;
}

std::string notes_of(const Json& result, const View& view) {
  std::string text;
  for (const Json& note : list_at(result, "notes")) {
    const std::string officer = text_at(note, "officer");
    text += "  " + time_at(note, "time", view) + (officer.empty() ? "" : ", " + officer) + "\n";
    const bool is_open = note.contains("text") && note["text"].is_string();
    text += indented(is_open ? printable(note["text"].get<std::string>(), true)
                             : "[" + text_at(note, "why") + "]");
  }
  return text.empty() ? "" : "\nInternal notes (never leave this node)\n" + text;
}

std::string moves_of(const Json& result) {
  std::string moves;
  for (const Json& kind : list_at(result, "legal_moves")) {
    const std::string verb = kind.is_string() ? verb_of(kind.get<std::string>()) : "";
    if (!verb.empty()) moves += (moves.empty() ? "" : ", ") + verb;
  }
  return moves.empty() ? "nothing now" : moves;
}

std::string audience_of(const Json& result) {
  std::string text;
  for (const Json& member : list_at(result, "audience")) {
    const std::string name = text_at(member, "name");
    text += (text.empty() ? "" : ", ") + text_at(member, "member") +
            (name.empty() ? "" : " (" + name + ")");
  }
  return text;
}

std::string deadlines_of(const Json& result, const View& view) {
  const Json& deadlines = object_at(result, "deadlines");
  std::string text;
  for (const Json& clock : list_at(deadlines, "clocks")) {
    const std::string urgency = text_at(clock, "urgency");
    const bool is_late = urgency == "overdue" || urgency == "missed" || urgency == "at-risk";
    text += "  " + label_at(clock, view) + ": " + text_at(clock, "used") + " of " +
            text_at(clock, "limit") + " working days, to the end of " + text_at(clock, "last_day") +
            " " + text_at(deadlines, "zone") + ", " +
            (is_late ? paint(urgency, Colour::kYellow, view) : urgency) + "\n";
  }
  if (text.empty()) return "";
  for (const Json& said : list_at(deadlines, "escalated")) {
    text += "  " + label_at(said, view) + " ran out at " + text_at(said, "by") + ", told " +
            time_at(said, "at", view) + "\n";
  }
  return "\nDeadlines\n" + text + "  with the custodian for " +
         text_at(deadlines, "custodian_days") + " working days\n";
}

std::string route_of(const Json& result, const View& view) {
  std::string text = "\nRoute\n";
  for (const Json& epoch : list_at(result, "route")) {
    text += "  " + text_at(epoch, "epoch") + ". " + text_at(epoch, "custodian") + " since " +
            time_at(epoch, "since", view) + "\n";
  }
  return text + declines_text(result, view);
}

// "part of 51.03-7K3Q-9XWD, Diproses at 51".
std::string link_text(const Json& link, const View& view) {
  std::string relation = text_at(link, "as");
  std::ranges::replace(relation, '-', ' ');
  std::string text = relation + " " + text_at(link, "other");
  const Json& report = object_at(link, "report");
  const Json& here = object_at(link, "here");
  if (!here.empty()) {
    text += ", " + label_at(here, view) + " at " + text_at(here, "custodian");
  } else if (!report.empty()) {
    const std::string outcome = text_at(report, "outcome");
    text += ", " + text_at(report, "stage") + (outcome.empty() ? "" : " (" + outcome + ")") +
            " at " + text_at(report, "custodian");
  }
  if (text_at(link, "as") != "duplicate-of") return text;
  if (!link.contains("agreed")) return text + ", " + text_at(link, "with") + " has yet to agree";
  return text + (flag_at(link, "agreed") ? ", agreed" : ", not agreed") + " by " +
         text_at(link, "with");
}

std::string links_of(const Json& result, const View& view) {
  std::string text;
  for (const Json& link : list_at(result, "links")) text += "  " + link_text(link, view) + "\n";
  return text.empty() ? "" : "\nLinks\n" + text;
}

std::string appeal_text(const Json& result, const View& view) {
  const Json& appeal = object_at(result, "appeal");
  if (appeal.empty()) return "";
  return "to " + text_at(appeal, "to") + ", " + time_at(appeal, "at", view);
}

// Who has it held, since when.
std::string holds_text(const Json& result, const View& view) {
  std::string text;
  for (const Json& hold : list_at(result, "holds")) {
    text +=
        (text.empty() ? "" : ", ") + text_at(hold, "by") + " since " + time_at(hold, "since", view);
  }
  return text;
}

}  // namespace

std::string declines_text(const Json& result, const View& view) {
  std::string text;
  for (const Json& decline : list_at(result, "declined")) {
    const std::string suggested = text_at(decline, "suggested");
    text += "  declined by " + text_at(decline, "by") + ": " + label_at(decline, view) +
            (suggested.empty() ? "" : "; suggests " + suggested) + "\n";
  }
  return text;
}

std::string verb_of(const std::string& kind) {
  static constexpr auto kVerbs = std::to_array<std::pair<std::string_view, const char*>>({
      {"verified", "verify"},
      {"assigned", "assign"},
      {"postponed", "postpone"},
      {"resumed", "resume"},
      {"forwarded", "forward"},
      {"recalled", "recall"},
      {"referred", "refer"},
      {"progress", "progress"},
      {"answered", "answer"},
      {"closed", "close"},
      {"reopened", "reopen"},
      {"corrected", "correct"},
      {"accepted", "accept"},
      {"declined", "decline"},
      {"reporter-replied", "reply"},
      {"privacy-changed", "privacy"},
      {"noted", "note"},
      {"rated", "rate"},
      {"erased", "erase"},
      {"legal-hold", "hold"},
      {"linked", "link"},
      {"link-answered", "agree"},
      {"withdrawn", "withdraw"},
      {"appealed", "appeal"},
      {"ruled", "rule"},
  });
  for (const auto& [name, verb] : kVerbs) {
    if (name == kind) return verb;
  }
  return "";
}

std::string erasures_text(const Json& result, const View& view) {
  std::string text;
  for (const Json& erasure : list_at(result, "erasures")) {
    text += (text.empty() ? "" : "; ") + time_at(erasure, "at", view) + " by " +
            text_at(erasure, "by") + ", " + text_at(erasure, "ground");
    std::string outstanding;
    for (const Json& member : list_at(erasure, "outstanding")) {
      outstanding += (outstanding.empty() ? "" : ", ") + text_at(member, "member");
    }
    text += outstanding.empty()
                ? ", confirmed by all"
                : paint(", not yet confirmed by " + outstanding, Colour::kYellow, view);
  }
  return text;
}

std::string format_move(const Json& result, const View&) {
  const std::string id = text_at(result, "case");
  if (flag_at(result, "already")) return id + ": done already, nothing changed\n";
  if (flag_at(result, "internal")) return id + ": noted on this node only\n";
  if (flag_at(result, "dry_run")) return id + ": it would be done; nothing was\n";
  const std::string grade = text_at(result, "grade");
  const std::string event = text_at(result, "event");
  return id + ": " + (grade.empty() ? "done" : grade) + (event.empty() ? "" : " as " + event) +
         "\n";
}

std::string format_bulk(const Json& result, const View& view) {
  std::string text;
  for (const Json& refused : list_at(result, "refused")) {
    text += text_at(refused, "case") + ": " +
            paint(printable(text_at(refused, "why")), Colour::kYellow, view) + "\n";
  }
  const bool dry = flag_at(result, "dry_run");
  if (dry) {
    for (const Json& id : list_at(result, "done")) {
      if (id.is_string()) text += id.get<std::string>() + ": it would be done\n";
    }
  }
  const std::string stopped = text_at(result, "stopped");
  if (!stopped.empty()) text += "Stopped: " + stopped + "\n";
  return text + std::to_string(list_at(result, "done").size()) + " of " +
         text_at(result, "chosen") + " cases " + (dry ? "would be " : "") + "done, " +
         std::to_string(list_at(result, "refused").size()) + " refused" +
         (dry ? "; nothing was changed" : "") + ".\n";
}

std::string format_case_list(const Json& result, const View& view) {
  TextTable table(
      {"CASE", "STATUS", "CUSTODIAN", "OFFERED TO", "CATEGORY", "REGION", "DUE", "UPDATED"}, view);
  for (const Json& row : list_at(result, "cases")) {
    table.row({text_at(row, "case"), paint(label_at(row, view), Colour::kCyan, view),
               text_at(row, "custodian"), text_at(object_at(row, "offer"), "to"),
               text_at(row, "category"), text_at(row, "region"), time_at(row, "due", view),
               time_at(row, "updated", view)});
  }
  const std::string next = text_at(result, "next");
  const std::string more = next.empty() ? "" : "More: --from " + next + "\n";
  return (table.empty() ? "No cases match.\n" : table.str()) + more;
}

std::string format_similar(const Json& result, const View& view) {
  TextTable table({"CASE", "ALIKE", "STATUS", "CUSTODIAN", "CATEGORY", "OPENED", "WORDS IN COMMON"},
                  view);
  for (const Json& row : list_at(result, "cases")) {
    const double score =
        row.contains("score") && row["score"].is_number() ? row["score"].get<double>() : 0;
    std::string words;
    for (const Json& word : list_at(row, "words")) {
      if (word.is_string()) words += (words.empty() ? "" : " ") + word.get<std::string>();
    }
    table.row({text_at(row, "case"), std::to_string(static_cast<int>(score * 100)) + " %",
               paint(label_at(row, view), Colour::kCyan, view), text_at(row, "custodian"),
               text_at(row, "category"), time_at(row, "opened", view), words});
  }
  if (table.empty()) return "No case held here looks like the same.\n";
  return table.str() + "\nLink with: simpul case link CASE OTHER --as duplicate-of\n";
}

std::string format_links(const Json& result, const View& view) {
  std::string text;
  for (const Json& link : list_at(result, "cases")) {
    text += paint(text_at(link, "case"), Colour::kBold, view) + "  " + link_text(link, view) +
            "; asked by " + text_at(link, "by") + ", " + time_at(link, "since", view) + "\n";
  }
  if (text.empty()) return "No case waits for this node's agreement.\n";
  return text + "\nAnswer with: simpul case agree CASE, or simpul case disagree CASE\n";
}

std::string format_case(const Json& result, const View& view) {
  std::string text = paint(text_at(result, "case"), Colour::kBold, view) + "\n";
  text += field("Status", status_text(result, view));
  text += field("Custodian", text_at(result, "custodian"));
  text += field("By policy", text_at(result, "owner"));
  text += field("Unit", text_at(result, "unit"));
  text += field("Origin", text_at(result, "origin"));
  text += field("Category", text_at(result, "category"));
  text += field("Region", region_text(text_at(result, "region")));
  text += field("Class", text_at(result, "class"));
  text += field("Channel", text_at(result, "channel"));
  text += field("Privacy", text_at(result, "privacy"));
  text += field("Opened", time_at(result, "opened", view));
  text += field("Updated", time_at(result, "updated", view));
  text += field("Postponed to", time_at(result, "postponed_until", view));
  text += field("Due", time_at(result, "due", view));
  text += field("Closed", time_at(result, "closed", view));
  text += field("Outcome", text_at(result, "outcome"));
  if (const std::string stars = text_at(result, "stars"); !stars.empty()) {
    text += field("Rated", stars + " of 5");
  }
  text +=
      field("Withdrawn", flag_at(result, "withdrawn") ? "by the reporter; it is to be closed" : "");
  text += field("Appealed", appeal_text(result, view));
  text += field("Held by", holds_text(result, view));
  text += field("Erased", erasures_text(result, view));
  text += field("Audience", audience_of(result));
  text += field("You may", moves_of(result));
  if (const std::string missing = text_at(result, "missing"); !missing.empty() && missing != "0") {
    text += field("Incomplete", missing + " cited events are not here yet");
  }
  return text + links_of(result, view) + deadlines_of(result, view) + route_of(result, view) +
         texts_of(result, view) + notes_of(result, view);
}

std::string details_text(const Json& event, const View& view) {
  std::string text;
  const auto add = [&](const std::string& part) {
    if (!part.empty()) text += (text.empty() ? "" : ", ") + part;
  };
  for (const auto& [name, value] : object_at(event, "details").items()) {
    if (value.is_object()) continue;
    const std::string shown = text_at(event["details"], name.c_str());
    const bool is_time = name == "due" || name == "until";
    add(name + " " + (is_time ? short_time(shown, view) : shown));
  }
  std::string roles;
  for (const Json& enclosure : list_at(event, "enclosures")) {
    roles += (roles.empty() ? "" : ", ") + text_at(enclosure, "role");
  }
  if (!roles.empty()) add("[" + roles + "]");
  for (const char* fate : {"delivered", "accepted", "declined"}) {
    if (event.contains(fate)) add(std::string(fate) + " " + time_at(event, fate, view, true));
  }
  return text;
}

std::string format_timeline(const Json& result, const View& view) {
  TextTable table({"HAPPENED", "WHAT", "BY", "EVENT", "LOGGED", "RECEIVED", "GRADE", "DETAILS"},
                  view);
  for (const Json& event : list_at(result, "timeline")) {
    const std::string verdict = text_at(event, "verdict");
    std::string what = label_at(event, view);
    std::string details = details_text(event, view);
    if (verdict != "effective" && !verdict.empty()) {
      what = paint(what + " (" + verdict + ")", Colour::kYellow, view);
      details += (details.empty() ? "" : "; ") + text_at(event, "why");
    }
    const std::string happened = time_at(event, "happened", view, true);
    const std::string logged = time_at(event, "logged", view, true);
    table.row({happened, what, text_at(event, "author"), text_at(event, "event"),
               logged == happened ? "" : logged, time_at(event, "received", view, true),
               text_at(event, "grade"), details});
  }
  return text_at(result, "case") + "  " + status_text(result, view) + "  custodian " +
         text_at(result, "custodian") + "\n" + table.str();
}

}  // namespace simpul
