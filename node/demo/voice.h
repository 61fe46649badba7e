// What the demo says, in one of two languages. Lines carry the seconds since it began. Never
// moves a cursor unless standard output is a terminal. Not thread-safe.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace simpul {

// The same in both languages.
struct Words {
  std::string id, en;
};

class Voice {
 public:
  Voice(bool indonesian, bool quiet);

  bool indonesian() const { return indonesian_; }
  const std::string& in(const Words& words) const { return indonesian_ ? words.id : words.en; }

  void heading(const Words& words);         // a chapter; not when quiet
  void step(const Words& words);            // with the time; not when quiet
  void line(const std::string& text);       // not when quiet
  void result(const std::string& text);     // always
  void complaint(const std::string& text);  // on standard error, always

  // What changes all the time: rewritten in place on a terminal, else a line now and then.
  void status(const std::string& text);

 private:
  void print(const std::string& text);
  double seconds() const;

  bool indonesian_, quiet_, terminal_;
  bool status_shown_ = false;
  std::chrono::steady_clock::time_point began_, last_status_{};
};

// As many columns wide as asked, by filling with spaces; UTF-8 counts by character.
std::string padded(std::string_view text, std::size_t columns);
std::string padded_left(std::string_view text, std::size_t columns);
// At most that many characters, "..." for what is cut off.
std::string shortened(std::string_view text, std::size_t characters);

}  // namespace simpul
