// SPDX-License-Identifier: Apache-2.0
#include "dam/query/cursor.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace cleangate::dam::query {
namespace {

[[noreturn]] void wrong(std::string message) {
  throw_failure(ErrorCode::usage, std::move(message));
}

// FNV-1a of what the cursor belongs to, so that one of another query is told and not obeyed.
std::uint64_t mark_of(const FindRequest& request) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : request.query + '\n' + request.sort)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

std::optional<std::string> from_hex(std::string_view digits) {
  std::string bytes;
  if (digits.size() % 2 != 0) return std::nullopt;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(digits.data() + i, digits.data() + i + 2, value, 16);
    if (error != std::errc() || end != digits.data() + i + 2) return std::nullopt;
    bytes += static_cast<char>(value);
  }
  return bytes;
}

std::optional<Key> key_from(std::string_view text) {
  if (text == "-") return Key{};
  if (text.starts_with('t')) {
    auto bytes = from_hex(text.substr(1));
    return bytes ? std::optional(Key{std::move(*bytes)}) : std::nullopt;
  }
  std::uint64_t bits = 0;
  if (text.size() != 17 || text.front() != 'n') return std::nullopt;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + 17, bits, 16);
  if (error != std::errc() || end != text.data() + 17) return std::nullopt;
  double number = 0;
  std::memcpy(&number, &bits, sizeof number);
  return Key{number};
}

unsigned char folded(char c) {
  return static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

std::weak_ordering compare_text(const std::string& a, const std::string& b, Folding folding) {
  const bool folds = folding == Folding::ascii;
  const std::size_t common = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < common; ++i) {
    const auto left = folds ? folded(a[i]) : static_cast<unsigned char>(a[i]);
    const auto right = folds ? folded(b[i]) : static_cast<unsigned char>(b[i]);
    if (left != right) return left <=> right;
  }
  return a.size() <=> b.size();
}

}  // namespace

std::string to_text(const Cursor& cursor, const FindRequest& request) {
  std::string key = "-";
  if (const auto* number = std::get_if<double>(&cursor.key)) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, number, sizeof bits);
    key = fmt::format("n{:016x}", bits);
  } else if (const auto* text = std::get_if<std::string>(&cursor.key)) {
    key = "t";
    for (const char c : *text) key += fmt::format("{:02x}", static_cast<unsigned char>(c));
  }
  return fmt::format("{:016x}.{}.{}", mark_of(request), cursor.asset, key);
}

Cursor read_cursor(const FindRequest& request) {
  const std::string_view text = request.cursor;
  const std::size_t first = text.find('.');
  const std::size_t second = first == text.npos ? first : text.find('.', first + 1);
  if (second == text.npos) wrong("The cursor is none that `find` gave.");
  Cursor cursor;
  const std::string_view number = text.substr(first + 1, second - first - 1);
  const auto [end, error] =
      std::from_chars(number.data(), number.data() + number.size(), cursor.asset);
  auto key = key_from(text.substr(second + 1));
  if (error != std::errc() || end != number.data() + number.size() || !key)
    wrong("The cursor is none that `find` gave.");
  if (text.substr(0, first) != fmt::format("{:016x}", mark_of(request)))
    wrong("The cursor belongs to another query or sort: give the same ones with it.");
  cursor.key = std::move(*key);
  return cursor;
}

std::weak_ordering compare(const Key& a, const Key& b, Folding folding) {
  if (const auto* left = std::get_if<double>(&a)) {
    const auto* right = std::get_if<double>(&b);
    if (!right) return std::weak_ordering::less;
    return *left < *right   ? std::weak_ordering::less
           : *left > *right ? std::weak_ordering::greater
                            : std::weak_ordering::equivalent;
  }
  const auto* left = std::get_if<std::string>(&a);
  const auto* right = std::get_if<std::string>(&b);
  if (!left || !right) return left ? std::weak_ordering::less : std::weak_ordering::greater;
  return compare_text(*left, *right, folding);
}

}  // namespace cleangate::dam::query
