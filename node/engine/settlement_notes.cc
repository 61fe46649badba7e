#include "node/engine/settlement_notes.h"

#include <tuple>

#include "protocol/ruling_hubs.h"

namespace simpul {
namespace {

constexpr std::string_view kSaid = "settlement/";    // + journal + '@' + position: empty
constexpr std::string_view kSettledBy = "settled/";  // + journal: position

std::string said_of(const JournalId& journal) {
  return std::string(kSaid) + journal.text() + "@";
}

std::string settled_by_name(const JournalId& journal) {
  return std::string(kSettledBy) + journal.text();
}

std::optional<HeadRef> head_said_at(Step& step, const EventPosition& by) {
  const auto bytes = step.tables.journals.event(by.journal, by.index);
  return bytes ? settled_in(*bytes) : std::nullopt;
}

// Later in the order of rulings is greater.
auto order_of(std::size_t rank, const EventPosition& position) {
  return std::tuple(rank, position.journal.generation, position.index);
}

}  // namespace

std::optional<HeadRef> settled_in(BytesView bytes) {
  const auto event = decode_event(bytes);
  const auto* settled = event ? std::get_if<Settled>(&event->body) : nullptr;
  return settled ? std::optional(settled->head) : std::nullopt;
}

void note_said(Step& step, const JournalId& journal, const EventPosition& by) {
  step.tables.meta.put(said_of(journal) + by.text(), {});
}

std::optional<Settlement> last_said(Step& step, const JournalId& journal) {
  std::optional<EventPosition> last;
  std::size_t last_rank = 0;
  const std::string prefix = said_of(journal);
  step.tables.meta.visit(prefix, [&](std::string_view name, BytesView) {
    const auto by = EventPosition::parse(name.substr(prefix.size()));
    const auto rank = by ? ruling_rank(step.roster, *by) : std::nullopt;
    if (rank && (!last || order_of(last_rank, *last) < order_of(*rank, *by))) {
      last = *by;
      last_rank = *rank;
    }
    return true;
  });
  const auto head = last ? head_said_at(step, *last) : std::nullopt;
  return head ? std::optional(Settlement{*last, *head}) : std::nullopt;
}

std::set<JournalId> journals_spoken_of(Step& step) {
  std::set<JournalId> journals;
  step.tables.meta.visit(kSaid, [&](std::string_view name, BytesView) {
    const std::string_view rest = name.substr(kSaid.size());
    if (const auto journal = JournalId::parse(rest.substr(0, rest.find('@')))) {
      journals.insert(*journal);
    }
    return true;
  });
  return journals;
}

std::optional<EventPosition> settled_by(Step& step, const JournalId& journal) {
  const auto text = step.tables.meta.get(settled_by_name(journal));
  const auto by = text ? EventPosition::parse(as_text(*text)) : fail(ErrorCode::kNotFound, "");
  return by ? std::optional(*by) : std::nullopt;
}

void note_settled_by(Step& step, const JournalId& journal, const std::optional<EventPosition>& by) {
  if (by) {
    step.tables.meta.put(settled_by_name(journal), as_bytes(by->text()));
  } else {
    step.tables.meta.erase(settled_by_name(journal));
  }
}

std::optional<HeadRef> settled_head(Step& step, const JournalId& journal) {
  const auto by = settled_by(step, journal);
  return by ? head_said_at(step, *by) : std::nullopt;
}

}  // namespace simpul
