#include "node/demo/voice.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace simpul {
namespace {

constexpr std::chrono::seconds kStatusLineEvery{10};  // without a terminal

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
}

std::string spaces_to(std::string_view text, std::size_t columns) {
  const std::size_t used = characters_in(text);
  return std::string(used < columns ? columns - used : 0, ' ');
}

}  // namespace

Voice::Voice(bool indonesian, bool quiet)
    : indonesian_(indonesian),
      quiet_(quiet),
      terminal_(::isatty(STDOUT_FILENO) == 1),
      began_(std::chrono::steady_clock::now()) {}

void Voice::heading(const Words& words) {
  line("\n== " + in(words));
}

void Voice::step(const Words& words) {
  char time[32];
  std::snprintf(time, sizeof time, "[%5.1f s] ", seconds());
  line(time + in(words));
}

void Voice::line(const std::string& text) {
  if (!quiet_) print(text);
}

void Voice::result(const std::string& text) {
  print(text);
}

void Voice::complaint(const std::string& text) {
  if (status_shown_) std::fputs("\n", stdout);
  status_shown_ = false;
  std::fflush(stdout);
  std::fprintf(stderr, "simpul demo: %s\n", text.c_str());
}

void Voice::status(const std::string& text) {
  const auto now = std::chrono::steady_clock::now();
  if (terminal_) {
    std::printf("\r%s\x1b[K", text.c_str());
    status_shown_ = true;
  } else if (!quiet_ && now - last_status_ >= kStatusLineEvery) {
    std::printf("%s\n", text.c_str());
    last_status_ = now;
  }
  std::fflush(stdout);
}

void Voice::print(const std::string& text) {
  if (status_shown_) std::fputs("\r\x1b[K", stdout);
  status_shown_ = false;
  std::printf("%s\n", text.c_str());
  std::fflush(stdout);
}

double Voice::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
}

std::string padded(std::string_view text, std::size_t columns) {
  return std::string(text) + spaces_to(text, columns);
}

std::string padded_left(std::string_view text, std::size_t columns) {
  return spaces_to(text, columns) + std::string(text);
}

std::string shortened(std::string_view text, std::size_t characters) {
  if (characters_in(text) <= characters) return std::string(text);
  std::size_t end = 0;
  for (std::size_t seen = 0; end < text.size(); ++end) {
    if (begins_character(text[end]) && ++seen + 3 > characters) break;
  }
  return std::string(text.substr(0, end)) + "...";
}

}  // namespace simpul
