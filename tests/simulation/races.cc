#include "tests/simulation/races.h"

#include <array>

#include "tests/simulation/officers.h"

namespace simpul::sim {
namespace {

constexpr std::size_t kCasesLookedAt = 200;  // the newest at a node
constexpr int kDeclineRounds = 8;

bool is_hub(const MemberNode& node) {
  return node.kind == MemberKind::kHub;
}

bool is_custodian(const MemberNode& node, const CaseRow& row) {
  return row.custodian == node.identity.member;
}

}  // namespace

Races::Races(World& world, std::uint64_t seed, Millis every)
    : world_(world), random_(seed, "races"), every_(every) {
  due_ = world_.now() + random_.about(every_);
}

Millis Races::next() const {
  return later_.empty() ? due_ : std::min(due_, later_.begin()->first);
}

void Races::act() {
  while (!later_.empty() && later_.begin()->first <= world_.now()) {
    later_.extract(later_.begin()).mapped()();
  }
  static constexpr std::array kPlays{&Races::recall_against_accept,
                                     &Races::ruling_against_accept,
                                     &Races::ruling_against_unseen_accept,
                                     &Races::decline_loop,
                                     &Races::second_offer,
                                     &Races::reply_to_closing,
                                     &Races::privacy_after_forwarding,
                                     &Races::privacy_against_forwarding,
                                     &Races::erasure_against_writing,
                                     &Races::offer_unheard,
                                     &Races::split_under_partition};
  while (due_ <= world_.now()) {
    due_ += random_.about(every_);
    (this->*kPlays[random_.under(kPlays.size())])();
  }
}

std::optional<Races::Found> Races::find(const Wanted& wanted) {
  const std::size_t first = random_.under(world_.nodes().size());
  for (std::size_t i = 0; i < world_.nodes().size(); ++i) {
    MemberNode& node = *world_.nodes()[(first + i) % world_.nodes().size()];
    if (!node.running() || is_hub(node)) continue;
    ReadTransaction transaction = node.store->read();
    Tables tables(transaction);
    std::vector<CaseRow> rows = tables.cases.list({}, kCasesLookedAt).rows;
    std::erase_if(rows, [&](const CaseRow& row) { return !wanted(node, row); });
    if (!rows.empty()) return Found{&node, random_.pick(rows)};
  }
  return std::nullopt;
}

std::optional<Races::Found> Races::find_offer() {
  return find([this](const MemberNode& node, const CaseRow& row) {
    if (!row.offer || row.referred || !is_custodian(node, row)) return false;
    MemberNode* offeree = world_.find(row.offer->to);
    if (offeree == nullptr || !offeree->running()) return false;
    const auto there = row_at(*offeree, row.id);
    return there && there->offer && there->offer->to == row.offer->to;
  });
}

std::optional<CaseRow> Races::row_at(MemberNode& node, const CaseId& id) {
  if (!node.running()) return std::nullopt;
  ReadTransaction transaction = node.store->read();
  return Tables(transaction).cases.get(id);
}

MemberNode& Races::someone(const MemberNode& but) {
  for (;;) {
    MemberNode& node = *random_.pick(world_.nodes());
    if (&node != &but && !is_hub(node)) return node;
  }
}

void Races::later(Millis delay, std::function<void()> action) {
  later_.emplace(world_.now() + delay, std::move(action));
}

void Races::order(MemberNode& node, const char* name, const std::string& id, Json arguments) {
  arguments["case"] = id;
  world_.command(node, name, std::move(arguments));
}

void Races::cut_from_first(const MemberNode& node, std::size_t others, bool cut) {
  for (std::size_t other = 0; other < others; ++other) {
    if (other == node.index) continue;
    world_.network().cut(node.index, other, cut);
    world_.network().cut(other, node.index, cut);
  }
}

void Races::cut_from_hubs(const MemberNode& node, bool cut) {
  cut_from_first(node, world_.options().hubs, cut);
}

void Races::cut_off(const MemberNode& node, bool cut) {
  cut_from_first(node, world_.nodes().size(), cut);
}

void Races::recall_against_accept() {
  const auto found = find_offer();
  if (!found) return;
  MemberNode* offeree = world_.find(found->row.offer->to);
  const std::string id = found->row.id.text();
  later(random_.about(kSecond),
        [this, id, node = found->node] { order(*node, "case.recall", id); });
  later(random_.about(kSecond), [this, id, offeree] { order(*offeree, "case.accept", id); });
}

void Races::ruling_against_accept() {
  const auto found = find_offer();
  if (!found) return;
  MemberNode* offeree = world_.find(found->row.offer->to);
  MemberNode& hub = *world_.nodes().front();
  const std::string id = found->row.id.text();
  const std::string to = someone(*offeree).name();
  order(*found->node, "case.refer", id);
  const Millis when = random_.about(2 * kMinute);
  later(when + random_.about(kSecond), [this, id, to, &hub] {
    order(hub, "hub.rule", id, {{"to", to}});
  });
  later(when + random_.about(kSecond), [this, id, offeree] { order(*offeree, "case.accept", id); });
}

// The offeree accepts and works on while no hub hears of it, and the hub rules otherwise.
void Races::ruling_against_unseen_accept() {
  const auto found = find_offer();
  if (!found) return;
  MemberNode* offeree = world_.find(found->row.offer->to);
  MemberNode& hub = *world_.nodes().front();
  const std::string id = found->row.id.text();
  const std::string to = someone(*offeree).name();
  order(*found->node, "case.refer", id);
  const Millis cut = random_.about(2 * kMinute);
  later(cut, [this, offeree, node = found->node] {
    cut_from_hubs(*offeree, true);
    cut_from_hubs(*node, true);
  });
  later(cut + kSecond, [this, id, offeree] { order(*offeree, "case.accept", id); });
  later(cut + kMinute, [this, id, offeree] { order(*offeree, "case.progress", id); });
  later(cut + 2 * kMinute, [this, id, to, &hub] { order(hub, "hub.rule", id, {{"to", to}}); });
  later(cut + random_.about(10 * kMinute), [this, offeree, node = found->node] {
    cut_from_hubs(*offeree, false);
    cut_from_hubs(*node, false);
  });
}

// Nobody wants it, until it is referred by itself.
void Races::decline_loop() {
  const auto found = find([](const MemberNode& node, const CaseRow& row) {
    return is_custodian(node, row) && !row.offer && !row.referred &&
           row.status != CaseStatus::kClosed && row.status != CaseStatus::kPostponed;
  });
  if (found) decline_again(found->row.id.text(), kDeclineRounds);
}

void Races::decline_again(const std::string& text, int rounds) {
  if (rounds == 0) return;
  const CaseId id = *CaseId::parse(text);
  const auto held = find([&](const MemberNode& node, const CaseRow& row) {
    return row.id == id && is_custodian(node, row);
  });
  if (!held || held->row.referred) return;
  if (!held->row.offer) {
    order(*held->node, "case.forward", text, {{"to", someone(*held->node).name()}});
  } else if (MemberNode* offeree = world_.find(held->row.offer->to)) {
    order(*offeree, "case.decline", text, {{"reason", "incomplete"}});
    --rounds;
  }
  later(random_.about(kMinute), [this, text, rounds] { decline_again(text, rounds); });
}

// Its offeree hears neither of it nor that it is asked back.
void Races::offer_unheard() {
  const auto found = find([](const MemberNode& node, const CaseRow& row) {
    return is_custodian(node, row) && !row.offer && !row.referred &&
           row.status != CaseStatus::kClosed && row.status != CaseStatus::kPostponed;
  });
  if (!found) return;
  const MemberNode& offeree = someone(*found->node);
  const Millis due = kEpochMs + world_.now() + random_.about(10 * kMinute);
  cut_off(offeree, true);
  order(*found->node, "case.forward", found->row.id.text(), {{"to", offeree.name()}, {"due", due}});
  later(2 * kHour + random_.about(kHour), [this, &offeree] { cut_off(offeree, false); });
}

std::optional<CaseId> Races::part_offered(MemberNode& node, const MemberId& origin) {
  if (!node.running()) return std::nullopt;
  ReadTransaction transaction = node.store->read();
  CaseFilter filter;
  filter.offeree = node.identity.member;
  for (const CaseRow& row : Tables(transaction).cases.list(filter, kCasesLookedAt).rows) {
    if (row.id.origin() == origin && row.offer) return row.id;
  }
  return std::nullopt;
}

// A case is split; while its lead is cut off the part is dealt with, and the lead, which does not
// hear of that, closes the whole and says why.
void Races::split_under_partition() {
  const auto found = find([](const MemberNode& node, const CaseRow& row) {
    return is_custodian(node, row) && !row.offer && !row.referred &&
           row.status != CaseStatus::kClosed && row.status != CaseStatus::kPostponed;
  });
  if (!found) return;
  MemberNode* lead = found->node;
  MemberNode& agency = someone(*lead);
  const std::string whole = found->row.id.text();
  const Json words{{"text", Officers::kWordsBegin + std::string("a part")}};
  Json part = words;
  part["to"] = agency.name();
  order(*lead, "case.split", whole, std::move(part));
  const Millis cut = kMinute + random_.about(kMinute);
  later(cut, [this, lead] { cut_off(*lead, true); });
  const auto at_agency = [this, lead, &agency](const char* name) {
    if (const auto id = part_offered(agency, lead->identity.member))
      order(agency, name, id->text());
  };
  later(cut + kSecond, [at_agency] { at_agency("case.accept"); });
  later(cut + kSecond, [this, lead, whole] {
    order(*lead, "case.close", whole,
          {{"reason_text", Officers::kWordsBegin + std::string("not to wait for it")}});
  });
  later(cut + kMinute, [this, lead, &agency] {
    const auto taken = find([&](const MemberNode& node, const CaseRow& row) {
      return &node == &agency && is_custodian(node, row) &&
             row.id.origin() == lead->identity.member && row.status != CaseStatus::kClosed;
    });
    if (taken) order(agency, "case.close", taken->row.id.text());
  });
  later(cut + kMinute + random_.about(kHour), [this, lead] { cut_off(*lead, false); });
}

// The second is refused where it is given, or void wherever it gets.
void Races::second_offer() {
  const auto found = find_offer();
  if (!found) return;
  order(*found->node, "case.forward", found->row.id.text(), {{"to", someone(*found->node).name()}});
}

void Races::reply_to_closing() {
  const auto found = find([this](const MemberNode& node, const CaseRow& row) {
    const MemberNode* origin = world_.find(row.id.origin());
    return is_custodian(node, row) && !row.offer && !row.referred && origin && origin->running();
  });
  if (!found) return;
  MemberNode* origin = world_.find(found->row.id.origin());
  const std::string id = found->row.id.text();
  const Json expired{{"outcome", "expired"}};
  order(*found->node, "case.close", id, expired);
  const Millis delay = random_.about(random_.percent(50) ? kSecond : 10 * kMinute);
  later(delay, [this, id, origin] { order(*origin, "case.reply", id); });
}

// The origin, which has it no more, hears of its reporter while the custodian hands it on.
void Races::privacy_against_forwarding() {
  const auto found = find([this](const MemberNode& node, const CaseRow& row) {
    const MemberNode* origin = world_.find(row.id.origin());
    return is_custodian(node, row) && origin && origin != &node && origin->running() &&
           !row.offer && !row.referred && row.status != CaseStatus::kClosed &&
           row.status != CaseStatus::kPostponed;
  });
  if (!found) return;
  const std::string id = found->row.id.text();
  const bool is_stricter = random_.percent(50);
  const auto change = [&](MemberNode& node, bool confidential) {
    order(node, "case.privacy", id, {{"privacy", confidential ? "confidential" : "anonymous"}});
  };
  order(*found->node, "case.forward", id, {{"to", someone(*found->node).name()}});
  change(*world_.find(found->row.id.origin()), is_stricter);
  if (random_.percent(50)) change(*found->node, !is_stricter);
}

// The origin erases a case while its custodian, cut off, writes on it or has it held by law.
void Races::erasure_against_writing() {
  const auto found = find([this](const MemberNode& node, const CaseRow& row) {
    const MemberNode* origin = world_.find(row.id.origin());
    return is_custodian(node, row) && origin && origin != &node && origin->running() &&
           !row.offer && !row.referred && row.status != CaseStatus::kPostponed;
  });
  if (!found) return;
  MemberNode* origin = world_.find(found->row.id.origin());
  const std::string id = found->row.id.text();
  if (found->row.status != CaseStatus::kClosed) order(*found->node, "case.close", id);
  const char* meanwhile = random_.percent(70) ? "case.note" : "case.hold";
  const Millis cut = random_.about(2 * kMinute);
  later(cut, [this, node = found->node] { cut_off(*node, true); });
  later(cut + kSecond, [this, id, origin] {
    order(*origin, "case.erase", id, {{"for_good", true}, {"ground", "request"}});
  });
  later(cut + random_.about(kMinute), [this, id, meanwhile, node = found->node] {
    order(*node, meanwhile, id, {{"text", Officers::kWordsBegin + std::string("meanwhile")}});
  });
  later(cut + kMinute + random_.about(kHour),
        [this, node = found->node] { cut_off(*node, false); });
}

void Races::privacy_after_forwarding() {
  const auto found = find_offer();
  if (!found) return;
  MemberNode* origin = world_.find(found->row.id.origin());
  MemberNode* offeree = world_.find(found->row.offer->to);
  const std::string id = found->row.id.text();
  const char* stricter = random_.percent(50) ? "anonymous" : "confidential";
  order(*origin, "case.privacy", id, {{"privacy", stricter}});
  later(random_.about(kSecond), [this, id, offeree] { order(*offeree, "case.accept", id); });
}

}  // namespace simpul::sim
