#include "node/engine/case_replies.h"

#include <algorithm>

namespace simpul {
namespace {

// However large its events and their proofs, a frame of so many is legal: an event has 4 KiB, its
// group's note 8 KiB, and what proves it alone less than 200 nodes. Most stay below 512 KiB, for a
// line that takes longer than that over one frame would pass for dead.
constexpr std::size_t kEventsPerFrame = 128;
constexpr std::size_t kAnswersDueMax = 1'000;  // of a link

}  // namespace

void CaseReplies::request(LinkId link, const CaseId& id) {
  std::deque<CaseId>& due = lines_[link].due;
  if (due.size() >= kAnswersDueMax || std::ranges::find(due, id) != due.end()) return;
  due.push_back(id);
}

void CaseReplies::release(Pump& pump, Peers& peers) {
  for (auto& [link, line] : lines_) {
    Peer* peer = peers.open(link);
    if (!peer) continue;
    if (peer->session.frames_taken() >= line.frames_before) line.bytes_under_way = 0;
    while (!line.due.empty() && line.bytes_under_way < options_.window_bytes &&
           send_some(pump, *peer, line)) {
    }
    if (!line.due.empty()) peer->session.probe(line.frames_before, pump.now);
  }
}

CaseReplies::Answer CaseReplies::begin(Pump& pump, Line& line) {
  Answer answer{.positions = pump.tables.cases.positions_of(line.due.front())};
  const auto cut = line.cut.extract(line.due.front());
  if (cut.empty()) return answer;
  const auto last = std::ranges::find(answer.positions, cut.mapped());
  if (last != answer.positions.end()) {
    answer.next = static_cast<std::size_t>(last - answer.positions.begin()) + 1;
  }
  return answer;
}

// The next frame of the answer, or its end. False when the session takes no more for now.
bool CaseReplies::send_some(Pump& pump, Peer& peer, Line& line) {
  if (!line.answer) line.answer = begin(pump, line);
  Answer& answer = *line.answer;
  const auto from = answer.positions.begin() + static_cast<std::ptrdiff_t>(answer.next);
  const auto left = static_cast<std::size_t>(answer.positions.end() - from);
  const auto count = std::min(left, kEventsPerFrame);
  MailboxRecords reply{.is_reply = true};
  reply.groups = proved_case(pump, peer, {from, from + static_cast<std::ptrdiff_t>(count)});
  const bool too_long = answer.bytes + encoded_size_max(reply) > options_.answer_bytes_max;
  if (too_long && answer.next > 0) line.cut[line.due.front()] = answer.positions[answer.next - 1];
  if (count == 0 || too_long) {
    line.answer.reset();
    line.due.pop_front();
    return true;
  }
  if (!reply.groups.empty()) {
    const std::uint64_t bytes_before = peer.session.counters().bytes_out;
    if (!peer.session.send(reply, pump.now)) return false;
    const std::uint64_t bytes = peer.session.counters().bytes_out - bytes_before;
    answer.bytes += bytes;
    line.bytes_under_way += bytes;
    line.frames_before = peer.session.counters().frames_out;
  }
  answer.next += count;
  return true;
}

}  // namespace simpul
