#include "protocol/endpoint.h"

#include <algorithm>
#include <cstdint>

#include "protocol/roster.h"

namespace simpul {
namespace {

bool is_decimal(char c) {
  return c >= '0' && c <= '9';
}

bool is_hex_digit(char c) {
  return is_decimal(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Decimal without leading zeros, at most `max`.
bool is_number(std::string_view text, unsigned max) {
  if (text.empty() || text.size() > 5 || (text.size() > 1 && text[0] == '0')) return false;
  unsigned value = 0;
  for (const char c : text) {
    if (!is_decimal(c)) return false;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value <= max;
}

// Takes what comes before the first `separator` (or all) off `rest`.
std::string_view take_until(std::string_view& rest, char separator) {
  const std::size_t at = rest.find(separator);
  const std::string_view part = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
  return part;
}

bool is_ipv4(std::string_view host) {
  if (std::ranges::count(host, '.') != 3) return false;
  for (int i = 0; i < 4; ++i) {
    if (!is_number(take_until(host, '.'), 255)) return false;
  }
  return true;
}

// The number of 16-bit groups in `text`, or 9 if it is no list of such groups.
int count_groups(std::string_view text) {
  constexpr int kNone = 9;
  if (text.empty()) return 0;
  if (text.back() == ':') return kNone;
  int count = 0;
  while (!text.empty() && count < kNone) {
    const std::string_view group = take_until(text, ':');
    if (group.empty() || group.size() > 4 || !std::ranges::all_of(group, is_hex_digit))
      return kNone;
    ++count;
  }
  return count;
}

bool is_ipv6(std::string_view host) {
  const std::size_t gap = host.find("::");
  if (gap == std::string_view::npos) return count_groups(host) == 8;
  return count_groups(host.substr(0, gap)) + count_groups(host.substr(gap + 2)) < 8;
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label,
                             [](char c) { return is_letter(c) || is_decimal(c) || c == '-'; });
}

bool is_dns_name(std::string_view host) {
  if (host.empty() || host.back() == '.') return false;
  std::string_view label;
  while (!host.empty()) {
    label = take_until(host, '.');
    if (!is_label(label)) return false;
  }
  // A name that ends in a number would be taken for an address.
  return !std::ranges::all_of(label, is_decimal);
}

}  // namespace

bool is_endpoint(std::string_view text) {
  constexpr std::string_view kScheme = "tcp://";
  if (text.size() > kEndpointSizeMax || !text.starts_with(kScheme)) return false;
  text.remove_prefix(kScheme.size());
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view port = text.substr(colon + 1);
  if (!is_number(port, 65535) || port == "0") return false;
  const std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) return is_ipv6(host.substr(1, host.size() - 2));
  return is_ipv4(host) || is_dns_name(host);
}

}  // namespace simpul
