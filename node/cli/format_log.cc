#include "node/cli/format.h"

namespace simpul {
namespace {

std::string verdict_text(bool verified, const View& view) {
  return verified ? paint("verified", Colour::kGreen, view) : paint("DAMAGED", Colour::kRed, view);
}

std::string cosigners(const Json& journal) {
  std::string text;
  for (const Json& witness : list_at(journal, "cosigned_by")) {
    const std::string size = text_at(witness, "size");
    text +=
        (text.empty() ? "" : ", ") + text_at(witness, "by") + (size.empty() ? "" : " at " + size);
  }
  return text;
}

std::string raw_text(const Json& json, const char* name) {
  const bool is_text = json.is_object() && json.contains(name) && json[name].is_string();
  return is_text ? printable(json[name].get<std::string>(), true) : "";
}

}  // namespace

std::string format_log(const Json& result, const View& view) {
  TextTable table({"EVENT", "LOGGED", "WHAT", "CASE", "DETAILS", "LEAF"}, view);
  for (const Json& event : list_at(result, "events")) {
    const std::string label = label_at(event, view);
    table.row({text_at(event, "event"), time_at(event, "logged", view),
               label.empty() ? text_at(event, "kind") : label, text_at(event, "case"),
               details_text(event, view), text_at(event, "leaf").substr(0, 12)});
  }
  const std::string head =
      "Journal " + text_at(result, "journal") + ", " + text_at(result, "size") + " events\n";
  return head + (table.empty() ? "No events there.\n" : table.str());
}

std::string format_checkpoint(const Json& result, const View&) {
  return raw_text(result, "checkpoint");
}

std::string format_proof(const Json& result, const View&) {
  std::string text;
  for (const char* name :
       {"journal", "event", "leaf", "index", "from", "from_root", "size", "root"}) {
    const std::string value = text_at(result, name);
    if (!value.empty()) text += std::string(name) + " " + value + "\n";
  }
  for (const Json& hash : list_at(result, "proof")) {
    if (hash.is_string()) text += "proof " + printable(hash.get<std::string>()) + "\n";
  }
  return text + "\n" + raw_text(result, "checkpoint");
}

std::string format_log_report(const Json& result, const View& view) {
  TextTable table({"JOURNAL", "EVENTS", "SIGNED", "RESULT", "SIGNATURE", "COSIGNED BY", "ROOT"},
                  view);
  table.right(1).right(2);
  std::string damage;
  for (const Json& journal : list_at(result, "journals")) {
    const std::string name = text_at(journal, "journal");
    table.row({name, text_at(journal, "events"), text_at(journal, "signed_size"),
               verdict_text(flag_at(journal, "verified"), view), text_at(journal, "signature"),
               cosigners(journal), text_at(journal, "root")});
    for (const Json& item : list_at(journal, "damage")) {
      const std::string index = text_at(item, "index");
      damage += paint(name + (index.empty() ? "" : "#" + index) + ": " + text_at(item, "why"),
                      Colour::kRed, view) +
                "\n";
    }
  }
  return (table.empty() ? "No journals are held.\n" : table.str()) + damage;
}

std::string format_evidence_report(const Json& result, const View& view) {
  const Json& made = object_at(result, "made");
  std::string text = "Evidence of case " + text_at(result, "case") + ", made by " +
                     text_at(made, "by") + " at " + time_at(made, "at", view) + "\n";
  text += "Federation " + text_at(result, "federation") + ", roster version " +
          text_at(object_at(result, "roster"), "version") + ", root key " +
          text_at(result, "root_key") + "\n";
  if (!flag_at(result, "root_key_given")) {
    text += paint(
                "NOTE: the root key was taken from the file itself. This proves nothing until you\n"
                "compare it with the federation's published root key (or pass --root-key HEX).",
                Colour::kYellow, view) +
            "\n";
  }
  for (const Json& journal : list_at(result, "journals")) {
    const std::string by = cosigners(journal);
    text += "Journal " + text_at(journal, "journal") + ": " + text_at(journal, "events") +
            " events proved against the head at " + text_at(journal, "size") +
            (by.empty() ? ", not witnessed" : ", witnessed by " + by) + "\n";
  }
  text += "\nCustody\n";
  for (const Json& epoch : list_at(result, "route")) {
    text += "  " + text_at(epoch, "epoch") + ". " + text_at(epoch, "custodian") + " (" +
            text_at(epoch, "name") + ") since " + time_at(epoch, "since", view) + "\n";
  }
  text += "\n" + format_timeline(result, view) + "\n";
  for (const Json& sentence : list_at(result, "damage")) {
    text += paint("DAMAGE: " + (sentence.is_string() ? printable(sentence.get<std::string>())
                                                     : sentence.dump()),
                  Colour::kRed, view) +
            "\n";
  }
  const bool verified = flag_at(result, "verified");
  return text +
         (verified ? paint("Everything in the file verifies.", Colour::kGreen, view)
                   : paint("The file does NOT verify.", Colour::kRed, view)) +
         "\n";
}

}  // namespace simpul
