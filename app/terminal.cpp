// SPDX-License-Identifier: Apache-2.0
#include "app/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace cleangate::app {
namespace {

int width_of(int descriptor) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  if (const char* columns = std::getenv("COLUMNS"))
    if (const int value = std::atoi(columns); value > 0) return value;
  return 100;
}

// One code point from the front of valid UTF-8.
char32_t take(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = std::min<std::size_t>(text.size(), lead < 0x80   ? 1
                                                                : lead < 0xE0 ? 2
                                                                : lead < 0xF0 ? 3
                                                                              : 4);
  char32_t point = length == 1 ? lead : lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i)
    point = (point << 6) | (static_cast<unsigned char>(text[i]) & 0x3F);
  text.remove_prefix(length);
  return point;
}

int columns_of(char32_t point) {
  const auto within = [&](char32_t first, char32_t last) {
    return point >= first && point <= last;
  };
  if (within(0x0300, 0x036F) || within(0x200B, 0x200F) || within(0xFE00, 0xFE0F)) return 0;
  if (within(0x1100, 0x115F) || within(0x2E80, 0xA4CF) || within(0xAC00, 0xD7A3) ||
      within(0xF900, 0xFAFF) || within(0xFE30, 0xFE6F) || within(0xFF00, 0xFF60) ||
      within(0xFFE0, 0xFFE6) || within(0x1F300, 0x1FAFF) || within(0x20000, 0x3FFFD))
    return 2;
  return 1;
}

}  // namespace

Layout layout_of(int descriptor) {
  Layout layout;
  layout.width = std::max(60, width_of(descriptor));
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  layout.color = isatty(descriptor) != 0 && !(no_color && *no_color) &&
                 !(term && std::string_view(term) == "dumb");
  return layout;
}

std::string ink(const Layout& layout, Ink color, std::string_view text) {
  if (!layout.color || color == Ink::plain) return std::string(text);
  const char* code = "";
  switch (color) {
    case Ink::plain:
      break;
    case Ink::bold:
      code = "1";
      break;
    case Ink::dim:
      code = "2";
      break;
    case Ink::good:
      code = "1;32";
      break;
    case Ink::bad:
      code = "1;31";
      break;
    case Ink::doubt:
      code = "1;35";
      break;
    case Ink::warning:
      code = "1;33";
      break;
  }
  return std::string("\x1b[") + code + "m" + std::string(text) + "\x1b[0m";
}

int columns(std::string_view text) {
  int total = 0;
  while (!text.empty()) total += columns_of(take(text));
  return total;
}

std::string wrapped(const Layout& layout, int indent, std::string_view text) {
  std::string out;
  int at = indent;
  bool first_word = true;
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    const std::string_view word = text.substr(0, space);
    const int width = columns(word);
    if (!first_word && at + 1 + width > layout.width) {
      out += '\n';
      out.append(static_cast<std::size_t>(indent), ' ');
      at = indent;
    } else if (!first_word) {
      out += ' ';
      ++at;
    }
    out += word;
    at += width;
    first_word = false;
    if (space == std::string_view::npos) break;
    text.remove_prefix(space + 1);
  }
  out += '\n';
  return out;
}

std::string shortened(const std::string& text, int width) {
  if (columns(text) <= width) return text;
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    if (columns(out + text.substr(i, end - i)) > width - 1) break;
    out += text.substr(i, end - i);
    i = end;
  }
  return out + "…";
}

}  // namespace cleangate::app
