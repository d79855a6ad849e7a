// SPDX-License-Identifier: Apache-2.0
#include "specs/reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/text.h"

namespace cleangate::specs {

std::string child_path(const std::string& path, std::string_view key) {
  return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const auto near = nearest(word, candidates);
  return near ? fmt::format("; did you mean '{}'?", *near) : "";
}

void Reader::problem(const YamlNode& at, std::string key, std::string message) {
  problems_.push_back({at.file, at.line, std::move(key), std::move(message)});
}

bool Reader::keys(const YamlNode& node, const std::string& path,
                  std::initializer_list<std::string_view> allowed) {
  if (!node.is_mapping()) {
    problem(node, path,
            fmt::format("is not a mapping; its keys are: {}", fmt::join(allowed, ", ")));
    return false;
  }
  const std::vector<std::string> names(allowed.begin(), allowed.end());
  for (const auto& [key, value] : node.members)
    if (std::find(names.begin(), names.end(), key) == names.end())
      problem(value, child_path(path, readable(key)),
              fmt::format("unknown key{}; allowed: {}", did_you_mean(key, names),
                          fmt::join(names, ", ")));
  return true;
}

std::optional<std::string> Reader::text(const YamlNode& parent, const std::string& path,
                                        std::string_view key, Need need) {
  const YamlNode* node = parent.find(key);
  if (!node) {
    if (need == Need::required) problem(parent, child_path(path, key), "is missing");
    return std::nullopt;
  }
  if (!node->is_scalar()) {
    problem(*node, child_path(path, key), "is not a text");
    return std::nullopt;
  }
  if (node->text.empty()) {
    problem(*node, child_path(path, key), "is empty");
    return std::nullopt;
  }
  return node->text;
}

std::optional<bool> Reader::flag(const YamlNode& parent, const std::string& path,
                                 std::string_view key) {
  const auto found = word(parent, path, key, {"true", "false"}, Need::optional);
  if (!found) return std::nullopt;
  return *found == 0;
}

std::optional<std::int64_t> Reader::natural(const YamlNode& node, const std::string& path) {
  const auto value = node.is_scalar() && node.text.size() < 10
                         ? Rational::parse(node.text)
                         : fail(ErrorCode::invalid_profile, "");
  if (!value || !value->is_integer() || *value < Rational(0)) {
    problem(node, path,
            fmt::format("'{}' is not a whole number from 0 to 999999999", readable(node.text)));
    return std::nullopt;
  }
  return value->num();
}

std::optional<std::size_t> Reader::word(const YamlNode& parent, const std::string& path,
                                        std::string_view key,
                                        const std::vector<std::string_view>& allowed, Need need) {
  const auto found = text(parent, path, key, need);
  if (!found) return std::nullopt;
  const auto at = std::find(allowed.begin(), allowed.end(), *found);
  if (at != allowed.end()) return static_cast<std::size_t>(at - allowed.begin());
  problem(*parent.find(key), child_path(path, key),
          fmt::format("'{}' is unknown{}; allowed: {}", readable(*found),
                      did_you_mean(*found, {allowed.begin(), allowed.end()}),
                      fmt::join(allowed, ", ")));
  return std::nullopt;
}

std::optional<Limit> Reader::limit(const YamlNode& node, const std::string& path,
                                   const LimitType& type) {
  if (!node.is_scalar()) {
    problem(node, path, "is not a single value");
    return std::nullopt;
  }
  Limit limit{node.text, std::nullopt};
  if (has_order_data(node.text)) {
    if (const auto used = order_keys(node.text); !used) {
      problem(node, path, used.error().message);
      return std::nullopt;
    } else if (!used->empty()) {
      return limit;
    }
    std::vector<std::string> none;
    limit.written = substitute(node.text, {}, Substitution::plain, none);
  }
  auto value = parse_value(limit.written, type);
  if (!value) {
    problem(node, path, value.error().message);
    return std::nullopt;
  }
  limit.value = std::move(*value);
  return limit;
}

bool Reader::id(const YamlNode& at, const std::string& path, const std::string& text) {
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  if (!text.empty() && text.size() <= 64 && text.front() != '-' &&
      std::all_of(text.begin(), text.end(), good))
    return true;
  problem(
      at, path,
      fmt::format("'{}' is not an id; allowed: a-z, 0-9 and -, at most 64, not beginning with -",
                  readable(text)));
  return false;
}

}  // namespace cleangate::specs
