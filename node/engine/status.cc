#include "node/engine/status.h"

#include <set>

#include "node/engine/arguments.h"
#include "node/engine/key_rotation.h"
#include "protocol/checkpoint.h"

namespace simpul {
namespace {

// When the oldest item that `member` has not acknowledged was authored.
Json oldest_waiting(Step& step, const MemberId& member) {
  const auto items = step.tables.mailboxes.read(member, step.tables.mailboxes.acked(member), 16);
  for (const MailboxItem& item : items) {
    const auto* position = std::get_if<EventPosition>(&item);
    const auto bytes =
        position ? step.tables.journals.event(position->journal, position->index) : std::nullopt;
    const auto envelope = bytes ? decode_envelope(*bytes) : fail(ErrorCode::kNotFound, "");
    if (envelope) return to_text(envelope->time);
  }
  return nullptr;
}

const char* health_name(RosterHealth health) {
  switch (health) {
    case RosterHealth::kValid:
      return "valid";
    case RosterHealth::kGrace:
      return "grace";
    case RosterHealth::kExpired:
      return "expired";
  }
  return "unknown";
}

Json journal_json(Step& step, const JournalHead& head) {
  Json json{{"journal", head.id.text()},
            {"size", head.held},
            {"complete", head.complete},
            {"acknowledged", step.tables.receipts.acknowledged_size(head.id)}};
  if (!head.complete) json["head"] = head.size;
  if (head.disputed_from) json["disputed_from"] = *head.disputed_from;
  return json;
}

std::string stream_name(const StreamId& stream) {
  return stream.is_mailbox ? "mailbox" : stream.journal.text();
}

// How far every stream over an open link has got, both ways. Credit and waiting in bytes.
Json streams_json(const LinkSession& session) {
  Json streams = Json::array();
  for (const auto& [id, out] : session.out_streams()) {
    streams.push_back({{"direction", "out"},
                       {"stream", stream_name(id)},
                       {"sent", out.sent()},
                       {"acknowledged", out.acked()},
                       {"credit", out.credit()}});
  }
  for (const auto& [id, in] : session.in_streams()) {
    streams.push_back({{"direction", "in"},
                       {"stream", stream_name(id)},
                       {"acknowledged", in.durable()},
                       {"waiting", in.waiting()},
                       {"credit", in.granted()}});
  }
  return streams;
}

Json peer_json(Step& step, const StatusSources& sources, const MemberId& member) {
  Json json{{"member", member.text()}, {"link", "down"}};
  const auto dial = sources.dials.find(member);
  if (Peer* peer = sources.peers.open_to(member)) {
    json["link"] = "open";
    json["since"] = to_text(peer->up_since);
    json["dialled"] = peer->dialled;
    json["roster"] = peer->session.peer_hello()->roster_version;
    json["last_heard"] = to_text(peer->session.last_heard());
    if (const auto trip = peer->session.round_trip()) json["round_trip_ms"] = trip->count();
    json["streams"] = streams_json(peer->session);
  } else if (dial != sources.dials.end()) {
    json["reason"] = dial->second.last_reason;
    if (dial->second.last_open) json["last_heard"] = to_text(*dial->second.last_open);
  }
  const std::uint64_t size = step.tables.mailboxes.size(member);
  const std::uint64_t acked = step.tables.mailboxes.acked(member);
  json["mailbox_backlog"] = size - std::min(acked, size);
  if (acked < size) json["oldest_unsent"] = oldest_waiting(step, member);
  if (step.roster.is_hub(member) && member != step.self.member) {
    const JournalId own = Author::own_journal(step);
    const auto head = step.tables.journals.head(own);
    const auto receipt = step.tables.receipts.received(own, member);
    const std::uint64_t held = head ? head->held : 0;
    json["journal_backlog"] = held - std::min(held, receipt ? receipt->size : 0);
    if (receipt) json["confirmed_through"] = receipt->size;
  }
  return json;
}

}  // namespace

Json status_json(Step& step, const StatusSources& sources) {
  const Roster& roster = sources.membership.roster();
  Json json{
      {"member", step.self.member.text()},
      {"federation", step.self.federation},
      {"time", to_text(step.now)},
      {"admitted", sources.membership.admitted(step.self.member)},
      {"hub", step.is_hub()},
      {"may_author", sources.author.gate().open},
      {"recovering", sources.recovering},
      {"roster", {{"version", sources.membership.version()}, {"members", roster.members.size()}}},
      {"unindexed", sources.files.lag()}};
  if (!sources.author.gate().open) json["why_not"] = sources.author.gate().why;
  if (auto coming = coming_key_json(step.self)) json["new_key"] = *std::move(coming);
  if (sources.membership.version() > 0) {
    json["roster"]["expires"] = to_text(roster.expires);
    json["roster"]["health"] = health_name(roster_health(roster, step.now));
  }
  json["journals"] = Json::array();
  for (const JournalHead& head : step.tables.journals.heads()) {
    json["journals"].push_back(journal_json(step, head));
  }
  std::set<MemberId> members;
  for (const auto& [member, dial] : sources.dials) members.insert(member);
  for (const auto& [link, peer] : sources.peers.all()) {
    if (!peer->member.empty()) members.insert(peer->member);
  }
  for (const MemberId& member : step.tables.mailboxes.members()) members.insert(member);
  json["peers"] = Json::array();
  for (const MemberId& member : members) {
    if (member != step.self.member) json["peers"].push_back(peer_json(step, sources, member));
  }
  json["alerts"] = Json::array();
  for (const Alert& alert : step.tables.local.alerts(20)) {
    json["alerts"].push_back({{"number", alert.number},
                              {"time", to_text(alert.time)},
                              {"code", alert.code},
                              {"text", alert.text}});
  }
  return json;
}

}  // namespace simpul
