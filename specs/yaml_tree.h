// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "specs/profile.h"

// The strict subset of YAML that profiles are written in (docs/profile-grammar.md, 1).
namespace cleangate::specs {

// A mapping, sequence or scalar with the place it was written at.
struct YamlNode {
  enum class Kind { scalar, sequence, mapping };
  Kind kind = Kind::scalar;
  std::string text;  // scalars
  int line = 0;      // from 1
  std::string file;  // which file it comes from: `extends` mixes files
  std::vector<YamlNode> items;
  std::vector<std::pair<std::string, YamlNode>> members;  // in order, keys unique
  bool built_in = false;                                  // from our own library

  [[nodiscard]] bool is_scalar() const { return kind == Kind::scalar; }
  [[nodiscard]] bool is_sequence() const { return kind == Kind::sequence; }
  [[nodiscard]] bool is_mapping() const { return kind == Kind::mapping; }
  [[nodiscard]] const YamlNode* find(std::string_view key) const;
  // The scalar member `key`, or "".
  [[nodiscard]] std::string scalar(std::string_view key) const;
  void set(std::string_view key, YamlNode value);
  void erase(std::string_view key);
};

struct YamlText {
  std::string file, text;
  bool built_in = false;
};

// Problems are appended to `problems`; the tree holds what could be read (its first of two equal
// keys), so that further problems can be told at once. No document at all: an empty mapping.
[[nodiscard]] YamlNode read_yaml(const YamlText& source, std::vector<ProfileProblem>& problems);

// Content without layout: keys sorted, strings quoted; equal trees have equal text.
[[nodiscard]] std::string canonical_text(const YamlNode& node);

}  // namespace cleangate::specs
