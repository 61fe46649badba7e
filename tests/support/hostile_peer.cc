#include "tests/support/hostile_peer.h"

#include "crypto/encoding.h"

namespace simpul::test {
namespace {

constexpr std::uint64_t kMailboxGeneration = 0x0b5c;
constexpr Duration kPatienceWithNode = std::chrono::minutes{2};

}  // namespace

HostilePeer::HostilePeer(Federation& federation, const std::string& member)
    : federation_(federation), identity_(federation.node(member).identity()) {
  federation.kill(member);
  attach(member, federation.roster().find(identity_.member)->endpoint);
}

HostilePeer::HostilePeer(Federation& federation, std::unique_ptr<Identity> own)
    : federation_(federation), own_(std::move(own)), identity_(*own_) {
  attach("stranger", "");
}

std::unique_ptr<HostilePeer> HostilePeer::stranger(Federation& federation,
                                                   const std::string& member) {
  SeededRandom random(4242);
  auto own = std::make_unique<Identity>(Identity{.member = *MemberId::parse(member),
                                                 .federation = federation.roster().federation,
                                                 .keys = Keystore::generate(member, random)});
  return std::unique_ptr<HostilePeer>(new HostilePeer(federation, std::move(own)));
}

void HostilePeer::attach(const std::string& name, const std::string& endpoint) {
  transport_ = federation_.network().attach(
      name, endpoint, identity_.keys.transport.transport_key(), [this](TransportEvent&& event) {
        take(std::move(event));
        return reads_;
      });
  auto everyone = std::make_shared<AdmissionTable>();
  everyone->enrolment_open = true;
  for (const Member& one : federation_.roster().members) everyone->members.insert(one.transport);
  transport_->set_admission(everyone);
}

void HostilePeer::take(TransportEvent&& event) {
  if (const auto* up = std::get_if<LinkUp>(&event)) {
    link_ = up->link;
    dialled_ = up->dialled;
    mailbox_sequence_ = 0;
  } else if (const auto* down = std::get_if<LinkDown>(&event)) {
    if (down->link == link_) link_ = 0;
  } else if (auto* in = std::get_if<FrameIn>(&event)) {
    raw_.push_back(in->bytes);
    auto frame = decode_frame(in->bytes);
    SIMPUL_CHECK(frame.has_value());
    if (const auto* ping = std::get_if<Ping>(&*frame); ping && !ping->is_pong && answers_pings_) {
      send(Ping{ping->nonce, true});
    }
    if (std::holds_alternative<Hello>(*frame) && !dialled_) {
      Hello welcome = hello();
      welcome.is_welcome = true;
      send(welcome);
    }
    frames_.push_back(*std::move(frame));
  }
}

void HostilePeer::dial(const std::string& victim) {
  const Member* member = federation_.roster().find(federation_.node(victim).id());
  forget();
  transport_->dial(member->endpoint, member->transport);
  federation_.run_for(std::chrono::milliseconds{20});
}

bool HostilePeer::open(const std::string& victim) {
  dial(victim);
  if (!up()) return false;
  send(hello());
  federation_.run_until([&] { return !received<Subscribe>().empty() || !up(); }, kPatienceWithNode);
  return up() && !received<Hello>().empty();
}

bool HostilePeer::wait_for_dialler() {
  return federation_.run_until([&] { return up() && !received<Subscribe>().empty(); },
                               std::chrono::minutes{10});
}

Hello HostilePeer::hello() const {
  return {.federation = identity_.federation,
          .member = identity_.member,
          .roster_version = federation_.roster().version,
          .software = "hostile"};
}

void HostilePeer::send_raw(Bytes bytes) {
  transport_->send(link_, std::move(bytes));
}

void HostilePeer::send(const Frame& frame) {
  auto bytes = encode_frame(frame);
  if (!bytes) std::fprintf(stderr, "%s\n", bytes.error().message.c_str());
  SIMPUL_CHECK(bytes.has_value());
  send_raw(*std::move(bytes));
}

void HostilePeer::subscribe(const StreamId& stream, std::uint64_t from,
                            std::uint64_t credit_bytes) {
  send(Subscribe{stream, from, credit_bytes});
}

void HostilePeer::send_mailbox(std::vector<ProvedGroup> groups, std::vector<KeyPacket> packets) {
  MailboxRecords records{.generation = kMailboxGeneration, .first = mailbox_sequence_};
  for (const ProvedGroup& group : groups) mailbox_sequence_ += group.events.size();
  mailbox_sequence_ += packets.size();
  records.last = mailbox_sequence_;
  records.groups = std::move(groups);
  records.packets = std::move(packets);
  send(records);
}

void HostilePeer::set_reading(bool reads) {
  reads_ = reads;
  if (reads) transport_->resume();
}

std::string HostilePeer::bye() const {
  const auto byes = received<Bye>();
  return byes.empty() ? "" : byes.back().reason;
}

void HostilePeer::forget() {
  frames_.clear();
  raw_.clear();
}

bool HostilePeer::run_until_down() {
  return federation_.run_until([&] { return !up(); }, kPatienceWithNode);
}

bool HostilePeer::run_until_acked(std::uint64_t cursor) {
  return federation_.run_until(
      [&] {
        for (const Ack& ack : received<Ack>()) {
          if (!ack.stream.is_mailbox && ack.cursor >= cursor) return true;
        }
        return !up();
      },
      kPatienceWithNode);
}

std::string holdings(Federation& federation, const std::string& id) {
  ReadTransaction transaction(federation.node(id).store().environment());
  Tables tables(transaction);
  std::string text;
  for (const JournalHead& head : tables.journals.heads()) {
    text += head.id.text() + " size " + std::to_string(head.size) + " held " +
            std::to_string(head.held) + " root " + to_hex(head.frontier.root().view()) +
            (head.disputed_from ? " disputed " + std::to_string(*head.disputed_from) : "") + "\n";
  }
  tables.cases.visit_ids([&](const CaseId& each) {
    text += each.text();
    for (const EventPosition& position : tables.cases.positions_of(each)) {
      text += " " + position.text();
    }
    text += "\n";
    return true;
  });
  for (const MemberId& member : tables.mailboxes.members()) {
    text += member.text() + " has " + std::to_string(tables.mailboxes.size(member)) + " items\n";
  }
  return text;
}

bool logged(Federation& federation, const std::string& id, const std::string& event,
            const std::string& part) {
  for (const LogOut& log : federation.node(id).logs()) {
    if (log.event == event && log.text.find(part) != std::string::npos) return true;
  }
  return false;
}

std::size_t alerts(Federation& federation, const std::string& id, const std::string& code) {
  ReadTransaction transaction(federation.node(id).store().environment());
  Tables tables(transaction);
  std::size_t count = 0;
  for (const Alert& alert : tables.local.alerts(10'000)) count += alert.code == code ? 1 : 0;
  return count;
}

bool work_goes_on(Federation& federation, const std::string& from, const std::string& to) {
  const auto ready = [&] { return (*federation.call(from, "status", {}))["may_author"] == true; };
  if (!federation.run_until(ready)) return false;
  const auto opened =
      federation.call(from, "case.open", {{"category", "roads.potholes"}, {"text", "Berlubang"}});
  if (!opened) std::fprintf(stderr, "%s\n", opened.error().message.c_str());
  return opened &&
         federation.run_until([&] { return federation.state(to, (*opened)["case"]).has_opened(); });
}

}  // namespace simpul::test
