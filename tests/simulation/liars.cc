#include "tests/simulation/liars.h"

#include <algorithm>
#include <iterator>

#include "protocol/checkpoint.h"

namespace simpul::sim {
namespace {

constexpr std::size_t kOverheardMax = 48;
constexpr std::size_t kOverheardSizeMax = 64 << 10;
constexpr std::size_t kHonestForEach = 6;  // of so many members one may lie

const std::vector<Lie>& table() {
  static const std::vector<Lie> all = [] {
    std::vector<Lie> list;
    for (auto part : {record_lies(), case_lies(), link_lies(), hub_lies(), fork_lies()}) {
      std::ranges::move(part, std::back_inserter(list));
    }
    return list;
  }();
  return all;
}

}  // namespace

MemberNode* LieStage::draw_peer(Liar& liar) const {
  std::vector<MemberNode*> linked;
  for (auto& node : world.nodes()) {
    if (node.get() == &liar.node || liars.contains(node->identity.member)) continue;
    if (world.network().link_between(liar.node.index, node->index)) linked.push_back(node.get());
  }
  return linked.empty() ? nullptr : liar.random.pick(linked);
}

bool LieStage::send_bytes(Liar& liar, MemberNode& to, Bytes frame) const {
  const auto link = world.network().link_between(liar.node.index, to.index);
  if (link) world.network().send(liar.node.index, *link, std::move(frame));
  return link.has_value();
}

bool LieStage::send(Liar& liar, MemberNode& to, const Frame& frame) const {
  auto bytes = encode_frame(frame);
  return bytes && send_bytes(liar, to, *std::move(bytes));
}

Liars::Liars(World& world, Witness& witness, Observer& observer, LiarOptions options)
    : world_(world),
      options_(std::move(options)),
      random_(options_.seed, "liars"),
      stage_{world, witness, observer, counts_, {}} {
  const auto is_off = [&](const Lie& lie) { return options_.off.contains(lie.name); };
  if (std::ranges::all_of(table(), is_off)) return;
  for (const Lie& lie : table()) counts_[lie.name] = 0;
  choose();
  if (liars_.empty()) return;
  world_.twins.send = [this](MemberNode& from, MemberNode& to, LinkId link, Bytes& frame) {
    return on_send(from, to, link, frame);
  };
  resume();
}

std::vector<std::string> Liars::kinds() {
  std::vector<std::string> names;
  for (const Lie& lie : table()) names.emplace_back(lie.name);
  return names;
}

void Liars::choose() {
  const std::size_t hubs = world_.options().hubs, all = world_.nodes().size();
  const bool honest_run = random_.percent(25) && !options_.shows_all_kinds;
  const std::size_t members = std::min(random_.under(all / kHonestForEach + 1), all - hubs);
  const bool hub_lies = hubs > 1 && (random_.percent(40) || options_.shows_all_kinds);
  std::set<std::size_t> chosen;
  if (hub_lies) chosen.insert(random_.under(hubs));
  while (chosen.size() < members + (hub_lies ? 1 : 0)) {
    chosen.insert(hubs + random_.under(all - hubs));
  }
  if (honest_run) return;
  for (const std::size_t index : chosen) {
    MemberNode& node = *world_.nodes()[index];
    liars_.push_back(std::make_unique<Liar>(node, options_.seed));
    stage_.liars.insert(node.identity.member);
    world_.say(node, "fault", "is a liar");
  }
}

void Liars::resume() {
  due_.clear();
  for (std::size_t i = 0; i < liars_.size(); ++i) {
    for (std::size_t kind = 0; kind < table().size(); ++kind) {
      const Lie& lie = table()[kind];
      if (lie.by_hub != liars_[i]->is_hub()) continue;
      due_[{i, kind}] = next_telling(*liars_[i], lie);
    }
  }
}

Millis Liars::next_telling(Liar& liar, const Lie& lie) const {
  return world_.now() + liar.random.about(lie.every * options_.times_as_seldom);
}

Millis Liars::next() const {
  Millis next = world_.now() + 24 * 3'600'000;
  for (const auto& [what, due] : due_) next = std::min(next, due);
  for (const auto& liar : liars_) {
    if (!liar->later.empty()) next = std::min(next, liar->later.begin()->first);
  }
  return next;
}

void Liars::act() {
  for (const auto& liar : liars_) {
    while (!liar->later.empty() && liar->later.begin()->first <= world_.now()) {
      liar->later.extract(liar->later.begin()).mapped()();
    }
  }
  for (auto& [what, due] : due_) {
    if (due > world_.now()) continue;
    Liar& liar = *liars_[what.first];
    const Lie& lie = table()[what.second];
    due = next_telling(liar, lie);
    if (options_.off.contains(lie.name) || !liar.node.running()) continue;
    if (lie.lasts > 0) liar.telling[lie.name] = world_.now() + liar.random.about(lie.lasts);
    if (lie.tell) lie.tell(stage_, liar);
  }
}

void Liars::repent() {
  for (const auto& liar : liars_) {
    liar->telling.clear();
    liar->later.clear();
    liar->kept_from.clear();
    world_.network().reset_links(liar->node.index);
  }
}

void Liars::rule() {
  MemberNode& hub = *world_.nodes().front();
  if (!hub.running()) return;
  for (const auto& [journal, from] : stage_.observer.truth().forks()) {
    std::optional<std::uint64_t> size;
    {
      ReadTransaction transaction = hub.store->read();
      Tables tables(transaction);
      const auto head = tables.journals.bare_head(journal);
      const std::uint64_t held = head ? std::min(head->held, from) : 0;
      const auto note = tables.journals.last_checkpoint_at_or_before(journal, held);
      const auto below = note ? parse_checkpoint(*note) : fail(ErrorCode::kNotFound, "");
      const bool is_known = head && head->disputed_from;
      if (is_known) size = below ? below->size : 0;
    }
    if (!size || !settled_.insert(journal).second) continue;
    world_.command(hub, "hub.settle", {{"journal", journal.text()}, {"size", *size}});
    stage_.observer.journal_settled(journal, *size);
    replace_custodian(journal.member);
  }
}

void Liars::replace_custodian(const MemberId& convicted) {
  MemberNode& hub = *world_.nodes().front();
  std::vector<std::string> cases;
  {
    ReadTransaction transaction = hub.store->read();
    Tables tables(transaction);
    for (const CaseRow& row : tables.cases.list({.custodian = convicted}, 100).rows) {
      if (row.status != CaseStatus::kClosed) cases.push_back(row.id.text());
    }
  }
  for (const std::string& id : cases) {
    const MemberNode& to = *random_.pick(world_.nodes());
    const bool fit = to.kind != MemberKind::kHub && !members().contains(to.identity.member);
    if (fit) {
      world_.command(hub, "hub.rule", {{"case", id}, {"to", to.name()}, {"ground", "quarantined"}});
    }
  }
}

Liar* Liars::find(const MemberNode& node) {
  for (const auto& liar : liars_) {
    if (&liar->node == &node) return liar.get();
  }
  return nullptr;
}

void Liars::overhear(Liar& liar, const Bytes& frame, std::size_t peer, bool sent) {
  if (frame.size() > kOverheardSizeMax) return;
  if (liar.overheard.size() < kOverheardMax) {
    liar.overheard.push_back({frame, peer, sent});
  } else if (liar.random.one_in(8)) {
    liar.overheard[liar.random.under(kOverheardMax)] = {frame, peer, sent};
  }
}

bool Liars::on_send(MemberNode& from, MemberNode& to, LinkId link, Bytes& frame) {
  if (Liar* hearer = find(to)) {
    overhear(*hearer, frame, from.index, false);
    if (!hears(*hearer, from, frame)) return false;
  }
  Liar* liar = find(from);
  if (liar == nullptr) return true;
  overhear(*liar, frame, to.index, true);
  if (stage_.liars.contains(to.identity.member)) return true;
  for (const Lie& lie : table()) {
    if (lie.each_frame == nullptr) continue;
    const auto told = liar->telling.find(lie.name);
    if (told == liar->telling.end() || told->second < world_.now()) continue;
    if (!lie.each_frame(stage_, *liar, to, link, frame)) return false;
  }
  return true;
}

}  // namespace simpul::sim
