// What other threads want from the transport's thread: commands in order, and a descriptor
// that is readable while there is something to do. Any thread pushes and wakes; one takes.
// Unbounded by itself: the ledger bounds the bytes of frames, callers the rest.
#pragma once

#include <mutex>
#include <string>
#include <variant>
#include <vector>

#include "node/transport.h"

namespace simpul {

struct DialCommand {
  LinkId link = 0;
  std::string endpoint;
};
struct SendCommand {
  LinkId link = 0;
  Bytes frame;
};
struct CloseCommand {
  LinkId link = 0;
  std::uint32_t flush_ms = 0;
};
struct StalledCommand {  // the queue of this link passed its limit
  LinkId link = 0;
};
struct ResumeCommand {};
struct StopCommand {
  std::uint32_t flush_ms = 0;
};
using Command = std::variant<DialCommand, SendCommand, CloseCommand, StalledCommand, ResumeCommand,
                             StopCommand>;

class CommandQueue {
 public:
  CommandQueue();
  ~CommandQueue();
  CommandQueue(const CommandQueue&) = delete;
  CommandQueue& operator=(const CommandQueue&) = delete;

  void push(Command command);
  void wake();                  // makes the descriptor readable without a command
  std::vector<Command> take();  // everything so far; the descriptor falls silent
  int descriptor() const { return event_; }

 private:
  const int event_;
  std::mutex mutex_;
  std::vector<Command> commands_;  // guarded by mutex_
};

}  // namespace simpul
