// Which links there are to be: whom to dial when, and which of two to one member stays.
#include "node/engine/links.h"
#include "node/engine/patience.h"

namespace simpul {
namespace {

constexpr Duration kKeepLinkFor = std::chrono::hours{24};

}  // namespace

void Links::dialled(const MemberId& member, LinkId link) {
  dials_[member].link = link;
  dialling_[link] = member;
}

void Links::ended(Step& step, LinkId link, const std::string& reason) {
  Peer* peer = peers_.by_link(link);
  MemberId member = peer ? peer->member : MemberId{};
  if (const auto dialled = dialling_.find(link); dialled != dialling_.end()) {
    member = dialled->second;
    dialling_.erase(dialled);
    DialState& dial = dials_[member];
    dial.link.reset();
    const auto opened = opened_.find(link);
    if (opened != opened_.end() && opened->second + patience::kSteadyAfter <= step.now)
      dial.backoff.reset();
    dial.next = step.now + dial.backoff.next(step.random);
    dial.last_reason = reason;
  }
  if (peer && peer->open()) dials_[member].last_open = step.now;
  if (peer) {
    step.log(LogLevel::kInfo, "link-down",
             "Link with " + (member.empty() ? std::string("a stranger") : member.text()) +
                 " ended: " + reason);
  }
  peers_.remove(link);
  replies_.forget(link);
  opened_.erase(link);
}

// Two links to one member serve no one: the one dialled by the member with the lower id stays,
// of two dialled by the same side the newer.
void Links::keep_one_link(Step& step, Peer& peer) {
  for (auto& [link, other] : peers_.all()) {
    if (other.get() == &peer || other->member != peer.member || !other->open()) continue;
    const auto dialler = [&](const Peer& one) {
      return one.dialled ? step.self.member : one.member;
    };
    const bool newer_stays = other->dialled == peer.dialled || dialler(peer) < dialler(*other);
    Peer& goes = newer_stays ? *other : peer;
    goes.session.close(ByeCode::kReplaced, "another link between the two nodes took over",
                       step.now);
  }
}

// A member behind NAT can only answer over the link that we keep to it.
bool Links::linked_lately(const MemberId& member, Instant now) const {
  const auto dial = dials_.find(member);
  return dial != dials_.end() && dial->second.last_open &&
         *dial->second.last_open + kKeepLinkFor > now;
}

std::map<MemberId, std::pair<std::string, TransportKey>> Links::wanted_links(Step& step) {
  std::map<MemberId, std::pair<std::string, TransportKey>> wanted;
  for (const HubAddress& hub : step.self.hubs) wanted[hub.member] = {hub.endpoint, hub.transport};
  if (!membership_.admitted(step.self.member)) {
    wanted.erase(step.self.member);
    return wanted;
  }
  for (const Member& member : membership_.roster().members) {
    if (member.suspended) {
      wanted.erase(member.id);
    } else if (member.kind == MemberKind::kHub && !member.endpoint.empty()) {
      wanted[member.id] = {member.endpoint, member.transport};
    }
  }
  if (options_.direct_links) {
    for (const MemberId& id : step.tables.mailboxes.members()) {
      const Member* member = membership_.roster().find(id);
      if (!member || member->endpoint.empty() || member->suspended) continue;
      const bool waiting = step.tables.mailboxes.acked(id) < step.tables.mailboxes.size(id);
      if ((waiting || linked_lately(id, step.now)) && member->kind != MemberKind::kHub) {
        wanted[id] = {member->endpoint, member->transport};
      }
    }
  }
  // Of two hubs the one with the lower id dials.
  if (step.is_hub()) {
    std::erase_if(wanted, [&](const auto& entry) {
      return step.roster.is_hub(entry.first) && entry.first < step.self.member;
    });
  }
  wanted.erase(step.self.member);
  return wanted;
}

void Links::dial_who_is_due(Step& step) {
  if (step.now >= dialled_at_ && step.now < dialled_at_ + patience::kDialInterval) return;
  dialled_at_ = step.now;
  for (const auto& [member, address] : wanted_links(step)) {
    DialState& dial = dials_[member];
    if (dial.link || dial.next > step.now || peers_.open_to(member)) continue;
    dial.next = step.now + patience::kDialUnanswered;  // until the link is up or down
    step.outputs.push_back(DialOut{member, address.first, address.second});
  }
}

}  // namespace simpul
