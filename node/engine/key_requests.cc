#include "node/engine/key_requests.h"

namespace simpul {
namespace {

std::string name_for(const MemberId& member) {
  return "key-rotated/" + member.text();
}

std::optional<EventPosition> noted(Tables& tables, const MemberId& member) {
  const auto text = tables.meta.get(name_for(member));
  const auto position =
      text ? EventPosition::parse(std::string(as_text(*text))) : fail(ErrorCode::kNotFound, "");
  return position ? std::optional(*position) : std::nullopt;
}

}  // namespace

void take_key_request(Step& step, const EventPosition& position) {
  const MemberId& member = position.journal.member;
  const auto before = noted(step.tables, member);
  if (before && !(*before < position)) return;
  step.tables.meta.put(name_for(member), as_bytes(position.text()));
  step.log(LogLevel::kInfo, "key-rotated",
           member.text() + " asks in " + position.text() + " to sign with another key.");
}

std::optional<KeyRequest> open_key_request(Tables& tables, const Member& member) {
  const auto position = noted(tables, member.id);
  if (!position) return std::nullopt;
  const auto head = tables.journals.bare_head(position->journal);
  if (head && head->disputed(position->index)) return std::nullopt;
  const auto bytes = tables.journals.event(position->journal, position->index);
  const auto event = bytes ? decode_event(*bytes) : fail(ErrorCode::kNotFound, "");
  const auto* asked = event ? std::get_if<KeyRotated>(&event->body) : nullptr;
  if (!asked || asked->version <= member.signing.back().version) return std::nullopt;
  return KeyRequest{*position, *asked};
}

}  // namespace simpul
