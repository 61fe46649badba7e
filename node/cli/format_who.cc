#include "node/cli/format.h"

namespace simpul {
namespace {

std::string spans_text(const Json& reader, const View& view) {
  std::string text;
  for (const Json& span : list_at(reader, "spans")) {
    text += (text.empty() ? "" : "; ") + text_at(span, "ground") + " from " +
            time_at(span, "since", view);
    if (span.contains("until")) text += " to " + time_at(span, "until", view);
  }
  return text;
}

std::string fate_text(const Json& reader, const View& view) {
  const std::string fate = text_at(reader, "fate");
  if (fate == "in-force") return "may read it";
  if (fate == "destroyed") return "key destroyed";
  return paint("may still hold the key", Colour::kYellow, view);
}

}  // namespace

std::string format_who(const Json& result, const View& view) {
  TextTable table({"TEXT", "OF", "MEMBER", "GROUND", "NOW"}, view);
  for (const Json& text : list_at(result, "texts")) {
    std::string role = text_at(text, "role");
    std::string event = text_at(text, "event");
    for (const Json& reader : list_at(text, "readers")) {
      const std::string name = text_at(reader, "name");
      table.row({paint(role, Colour::kBold, view), event,
                 text_at(reader, "member") + (name.empty() ? "" : " (" + name + ")"),
                 spans_text(reader, view), fate_text(reader, view)});
      role.clear();  // said once
      event.clear();
    }
  }
  std::string text = text_at(result, "case") + "  " + text_at(result, "privacy") + "\n";
  text += table.empty() ? "No texts.\n" : table.str();
  if (const std::string erasures = erasures_text(result, view); !erasures.empty()) {
    text += "Erased: " + erasures + "\n";
  }
  const std::string missing = text_at(result, "missing");
  if (missing.empty() || missing == "0") return text;
  return text + "Incomplete: " + missing + " cited events are not here yet\n";
}

std::string format_access(const Json& result, const View& view) {
  TextTable table({"NUMBER", "TIME", "WHO", "CASE", "TEXTS", "BY"}, view);
  for (const Json& record : list_at(result, "records")) {
    table.row({text_at(record, "number"), time_at(record, "time", view), text_at(record, "reader"),
               text_at(record, "case"), std::to_string(list_at(record, "digests").size()),
               text_at(record, "by")});
  }
  const std::string next = text_at(result, "next");
  return (table.empty() ? "Nobody has read anything here.\n" : table.str()) +
         (next.empty() ? "" : "More: --from " + next + "\n");
}

std::string format_access_verdict(const Json& result, const View& view) {
  if (flag_at(result, "verified")) {
    const std::string count = text_at(result, "records");
    const std::string head = text_at(result, "head");
    return count + (count == "1" ? " reading" : " readings") + ", each as it was recorded" +
           (head.empty() ? "" : "; the newest is " + head) + "\n";
  }
  return paint("Not whole from number " + text_at(result, "broken") + " on", Colour::kYellow,
               view) +
         ": a record was changed or taken out.\n";
}

}  // namespace simpul
