// The answers to case requests: all events of a case that can be proved here, in as many frames as
// it takes. Replies use no credit, so what of them is under way on a link is bounded here: past a
// window the peer must have answered a ping before more goes out. In memory only: what the end of
// a link cuts off is asked for again. Not thread-safe; owned by Links.
#pragma once

#include <deque>
#include <map>
#include <vector>

#include "node/engine/peers.h"
#include "node/engine/pump.h"

namespace simpul {

class CaseReplies {
 public:
  struct Options {
    std::uint64_t answer_bytes_max = 16u << 20;  // what the asker takes for one request
    std::uint64_t window_bytes = 4u << 20;       // under way on a link, to within one frame
  };
  CaseReplies() : CaseReplies(Options{}) {}
  explicit CaseReplies(Options options) : options_(options) {}

  // The peer asked, and may have the case. Not asked twice: what is being answered, and what is
  // more than a session lets through at once.
  void request(LinkId link, const CaseId& id);

  // After the commit: queues on the sessions what they take now. Goes on at the next step.
  void release(Pump& pump, Peers& peers);

  void forget(LinkId link) { lines_.erase(link); }
  void forget_all() { lines_.clear(); }

 private:
  // The answer under way on a link.
  struct Answer {
    std::vector<EventPosition> positions;
    std::size_t next = 0;     // of them
    std::uint64_t bytes = 0;  // sent
  };
  struct Line {
    std::deque<CaseId> due;  // the first is being answered
    std::optional<Answer> answer;
    // Where an answer ended that was as long as one may be: the next goes on there.
    std::map<CaseId, EventPosition> cut;
    std::uint64_t bytes_under_way = 0;
    std::uint64_t frames_before = 0;  // sent on the link when the last of them was
  };
  Answer begin(Pump& pump, Line& line);
  bool send_some(Pump& pump, Peer& peer, Line& line);

  Options options_;
  std::map<LinkId, Line> lines_;
};

}  // namespace simpul
