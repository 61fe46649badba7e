#include "protocol/case_causality.h"

#include <algorithm>
#include <tuple>

namespace simpul {
namespace {

constexpr const char* kMissing = "it cites an event that is not held yet";
constexpr const char* kWaitsToo = "it cites an event that is itself waiting for another";
constexpr const char* kOverLimit = "the case has more events than are folded";

bool in_author_order(const CaseEvent* left, const CaseEvent* right) {
  const auto by_position = left->event.position <=> right->event.position;
  if (by_position != 0) return by_position < 0;
  // One event twice, once of them disputed: the dispute stays.
  return std::tie(left->hash, right->disputed) < std::tie(right->hash, left->disputed);
}

// Those that cite `cited`, of citations in order.
auto citing(const auto& citations, Ordinal cited) {
  return std::ranges::equal_range(citations, cited, {},
                                  [](const auto& each) { return each.cited; });
}

}  // namespace

CaseGraph::CaseGraph(const CaseId& id, std::span<const CaseEvent* const> events) {
  order(events);
  link();
  close();
  for (const Ordinal ordinal : causal_order_) judge_form(id, ordinal);
}

OrdinalRange CaseGraph::by(const MemberId& author) const {
  const auto member = [](const CaseEvent* event) -> const MemberId& {
    return event->event.position.journal.member;
  };
  const auto range = std::ranges::equal_range(events_, author, {}, member);
  return {static_cast<Ordinal>(range.begin() - events_.begin()),
          static_cast<Ordinal>(range.end() - events_.begin())};
}

Ordinal CaseGraph::find(const EventHash& hash) const {
  const auto hash_of = [this](Ordinal ordinal) -> const EventHash& { return this->hash(ordinal); };
  const auto found = std::ranges::lower_bound(by_hash_, hash, {}, hash_of);
  return found != by_hash_.end() && hash_of(*found) == hash ? *found : kNoOrdinal;
}

void CaseGraph::order(std::span<const CaseEvent* const> events) {
  events_.assign(events.begin(), events.end());
  std::ranges::sort(events_, in_author_order);
  const auto repeated = std::ranges::unique(events_, {}, &CaseEvent::hash);
  events_.erase(repeated.begin(), repeated.end());

  nodes_.resize(events_.size());
  by_hash_.resize(events_.size());
  for (Ordinal ordinal = 0; ordinal < size(); ++ordinal) by_hash_[ordinal] = ordinal;
  std::ranges::sort(by_hash_, {}, [this](Ordinal o) -> const EventHash& { return hash(o); });
  if (size() > kCaseEventsMax) cut_to_limit();
}

// Marks what is past the limit. Which events those are depends on the set alone.
void CaseGraph::cut_to_limit() {
  std::vector<std::pair<Ordinal, Ordinal>> turns(size());  // (place in its author's order, ordinal)
  for (Ordinal ordinal = 0; ordinal < size(); ++ordinal) {
    const bool same_author = ordinal > 0 && author(ordinal) == author(ordinal - 1);
    turns[ordinal] = {same_author ? turns[ordinal - 1].first + 1 : 0, ordinal};
  }
  std::ranges::sort(turns);
  for (std::size_t i = kCaseEventsMax; i < turns.size(); ++i) {
    nodes_[turns[i].second].why = kOverLimit;
  }
}

void CaseGraph::link() {
  for (Ordinal ordinal = 0; ordinal < size(); ++ordinal) {
    nodes_[ordinal].cited_first = static_cast<Ordinal>(cited_.size());
    const Event& citing = event(ordinal);
    cite(ordinal, citing.case_prev);
    cite(ordinal, citing.epoch);
    for (const EventHash& hash : citing.after) cite(ordinal, hash);
    nodes_[ordinal].cited_last = static_cast<Ordinal>(cited_.size());
  }
  std::ranges::sort(missing_);
  const auto repeated = std::ranges::unique(missing_);
  missing_.erase(repeated.begin(), repeated.end());
}

void CaseGraph::cite(Ordinal ordinal, const EventHash& hash) {
  if (hash.is_zero()) return;
  const Ordinal found = find(hash);
  if (found != kNoOrdinal) {
    cited_.push_back(found);
    return;
  }
  missing_.push_back(hash);
  nodes_[ordinal].why = kMissing;
}

// Reaches every event all of whose ancestors are held, ancestors first. What is on a cycle or
// past a missing event is never reached.
void CaseGraph::close() {
  std::vector<Ordinal> waits_for(size());
  std::vector<Citation> citations;
  citations.reserve(cited_.size());
  for (Ordinal ordinal = 0; ordinal < size(); ++ordinal) {
    const Node& node = nodes_[ordinal];
    waits_for[ordinal] = node.cited_last - node.cited_first;
    for (Ordinal i = node.cited_first; i < node.cited_last; ++i) {
      citations.push_back({cited_[i], ordinal});
    }
  }
  std::ranges::sort(citations);

  causal_order_.reserve(size());
  for (Ordinal ordinal = 0; ordinal < size(); ++ordinal) {
    if (waits_for[ordinal] == 0) reach(ordinal);
  }
  for (std::size_t done = 0; done < causal_order_.size(); ++done) {
    for (const Citation& citation : citing(citations, causal_order_[done])) {
      if (--waits_for[citation.citing] == 0) reach(citation.citing);
    }
  }
  if (causal_order_.size() < size()) {
    spread_pending(citations);
    judge_cycles();
  }
  gather_pasts();
}

void CaseGraph::reach(Ordinal ordinal) {
  Node& node = nodes_[ordinal];
  if (*node.why != '\0') return;  // itself pending
  node.place = static_cast<Ordinal>(causal_order_.size());
  node.standing = events_[ordinal]->disputed ? Standing::kDisputed : Standing::kSound;
  causal_order_.push_back(ordinal);
}

void CaseGraph::spread_pending(std::span<const Citation> citations) {
  std::vector<Ordinal> pending;
  for (Ordinal ordinal = 0; ordinal < size(); ++ordinal) {
    if (*nodes_[ordinal].why != '\0') pending.push_back(ordinal);
  }
  for (std::size_t done = 0; done < pending.size(); ++done) {
    for (const Citation& citation : citing(citations, pending[done])) {
      Node& node = nodes_[citation.citing];
      if (*node.why != '\0') continue;
      node.why = kWaitsToo;
      pending.push_back(citation.citing);
    }
  }
}

// Hashes make a cycle impossible; input that claims one must still end.
void CaseGraph::judge_cycles() {
  for (Node& node : nodes_) {
    if (node.standing != Standing::kPending || *node.why != '\0') continue;
    node.standing = Standing::kUnsound;
    node.why = "it cites itself, directly or not";
  }
}

void CaseGraph::gather_pasts() {
  words_ = (causal_order_.size() + 63) / 64;
  pasts_.resize(causal_order_.size() * words_);
  for (std::size_t place = 0; place < causal_order_.size(); ++place) {
    std::uint64_t* const row = pasts_.data() + place * words_;
    const Node& node = nodes_[causal_order_[place]];
    for (Ordinal i = node.cited_first; i < node.cited_last; ++i) {
      const Ordinal cited = nodes_[cited_[i]].place;
      for (std::size_t word = 0; word < words_; ++word) row[word] |= pasts_[cited * words_ + word];
      row[cited / 64] |= std::uint64_t{1} << (cited % 64);
    }
  }
}

void CaseGraph::judge_form(const CaseId& id, Ordinal ordinal) {
  Node& node = nodes_[ordinal];
  if (node.standing != Standing::kSound) return;
  const Event& judged = event(ordinal);
  if (judged.case_id != id) {
    node.why = "it is of another case";
  } else if (!judged.case_prev.is_zero()) {
    const Ordinal previous = find(judged.case_prev);
    if (author(previous) != author(ordinal)) {
      node.why = "the previous event it names is not of its author";
    } else if (event(previous).position >= judged.position) {
      node.why = "the previous event it names comes after it";
    }
  }
  if (*node.why != '\0') node.standing = Standing::kUnsound;
}

}  // namespace simpul
