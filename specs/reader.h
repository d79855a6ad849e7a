// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "specs/limit.h"
#include "specs/requirement.h"
#include "specs/yaml_tree.h"

// From the tree of a profile to its requirements. Every mistake is told, not only the first.
namespace cleangate::specs {

class Reader {
 public:
  explicit Reader(std::vector<ProfileProblem>& problems) : problems_(problems) {}

  void problem(const YamlNode& at, std::string key, std::string message);
  // A mapping with no key but these; false (and told) when it is no mapping.
  bool keys(const YamlNode& node, const std::string& path,
            std::initializer_list<std::string_view> allowed);
  // A scalar member; empty and told when it is missing though required, or no scalar, or "".
  enum class Need { required, optional };
  std::optional<std::string> text(const YamlNode& parent, const std::string& path,
                                  std::string_view key, Need need);
  std::optional<bool> flag(const YamlNode& parent, const std::string& path, std::string_view key);
  std::optional<std::int64_t> natural(const YamlNode& node, const std::string& path);
  // One of a closed list of words: its index.
  std::optional<std::size_t> word(const YamlNode& parent, const std::string& path,
                                  std::string_view key,
                                  const std::vector<std::string_view>& allowed, Need need);
  // A scalar as a limit of this type; order data are allowed in it.
  std::optional<Limit> limit(const YamlNode& node, const std::string& path, const LimitType& type);
  bool id(const YamlNode& at, const std::string& path, const std::string& text);

 private:
  std::vector<ProfileProblem>& problems_;
};

[[nodiscard]] std::string child_path(const std::string& path, std::string_view key);
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       const std::vector<std::string>& candidates);

// specs/read_condition.cpp
enum class OrderConditions : std::uint8_t { allowed, refused };
[[nodiscard]] Condition read_condition(Reader& reader, const YamlNode& node,
                                       const std::string& path, OrderConditions order);
[[nodiscard]] Selector read_selector(Reader& reader, const YamlNode& node, const std::string& path,
                                     const QuantityInfo* quantity);
[[nodiscard]] bool is_operator_key(std::string_view key);
[[nodiscard]] bool is_operator_companion(std::string_view key);  // tolerance, longer_than …

// specs/read_selector.cpp
[[nodiscard]] Bounds read_bounds(Reader& reader, const YamlNode& node, const std::string& path);
// The values of a sequence, which holds at least `least` and at most `most`; otherwise told.
void read_list(Reader& reader, const YamlNode& list, const std::string& path, const LimitType& type,
               std::size_t least, std::size_t most, std::vector<Limit>& into);

// specs/read_requirement.cpp
using Sources = std::map<std::string, Source>;
[[nodiscard]] Requirement read_requirement(Reader& reader, const YamlNode& node,
                                           const std::string& path, const Sources& sources);
[[nodiscard]] Regions read_regions(Reader& reader, const YamlNode& node, const std::string& path);

// specs/read_profile.cpp: the whole resolved tree (`extends` applied).
[[nodiscard]] Profile read_profile(const YamlNode& tree, std::vector<ProfileProblem>& problems);

}  // namespace cleangate::specs
