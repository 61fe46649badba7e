#include "node/cli/format.h"

namespace simpul {
namespace {

std::string route_text(const Json& waiting) {
  std::string text;
  for (const Json& epoch : list_at(waiting, "route")) {
    text += (text.empty() ? "" : " > ") + text_at(epoch, "custodian");
  }
  return text;
}

std::string reasons_text(const Json& waiting, const View& view) {
  std::string text;
  for (const Json& reason : list_at(waiting, "reasons")) {
    const std::string words = text_at(reason, "text");
    text += "  " + text_at(reason, "author") + ", " + time_at(reason, "time", view) + ": " +
            (words.empty() ? "[" + text_at(reason, "why") + "]" : words) + "\n";
  }
  return text;
}

}  // namespace

std::string format_queue(const Json& result, const View& view) {
  std::string text;
  for (const Json& waiting : list_at(result, "cases")) {
    const Json& offer = object_at(waiting, "offer");
    const std::string owner = text_at(waiting, "owner");
    text += (text.empty() ? "" : "\n") + paint(text_at(waiting, "case"), Colour::kBold, view) +
            "  " + paint(label_at(waiting, view), Colour::kYellow, view) + " since " +
            time_at(waiting, "since", view) + "\n  " + text_at(waiting, "category") + " in " +
            text_at(waiting, "region") + ", with " + route_text(waiting) + "\n";
    if (!offer.empty()) {
      text +=
          "  offered to " + text_at(offer, "to") + ", due " + time_at(offer, "due", view) + "\n";
    }
    if (const std::string to = text_at(waiting, "appealed_to"); !to.empty()) {
      text += "  the reporter appeals to " + to + "\n";
    }
    text += declines_text(waiting, view) + reasons_text(waiting, view);
    if (!owner.empty()) text += "  by the policy the business of " + owner + "\n";
  }
  if (text.empty()) return "Nothing waits for a ruling.\n";
  text += flag_at(result, "more") ? "\nThere are more: --limit N shows them.\n" : "";
  return text + "\nRule with: simpul hub rule CASE --to MEMBER\n";
}

}  // namespace simpul
