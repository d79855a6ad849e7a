// SPDX-License-Identifier: Apache-2.0
#include "specs/lint.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/text.h"
#include "specs/acceptance.h"
#include "specs/limit.h"
#include "specs/reader.h"

namespace cleangate::specs {
namespace {

// Every scalar below a node.
void scalars(const YamlNode& node, std::vector<const YamlNode*>& into) {
  if (node.is_scalar()) into.push_back(&node);
  for (const YamlNode& item : node.items) scalars(item, into);
  for (const auto& [key, value] : node.members) scalars(value, into);
}

void collect_order(const YamlNode& node, std::map<std::string, const YamlNode*>& used) {
  if (const YamlNode* key = node.find("order"); key && key->is_scalar())
    used.emplace(key->text, key);
  for (const YamlNode& item : node.items) collect_order(item, used);
  for (const auto& [name, value] : node.members) collect_order(value, used);
}

void check_order(const YamlNode& tree, const Profile& profile,
                 std::vector<ProfileProblem>& problems) {
  std::map<std::string, const YamlNode*> used;
  for (const char* part : {"requirements", "regions"}) {
    const YamlNode* node = tree.find(part);
    if (!node) continue;
    collect_order(*node, used);
    std::vector<const YamlNode*> all;
    scalars(*node, all);
    for (const YamlNode* scalar : all)
      if (const auto keys = order_keys(scalar->text))
        for (const std::string& key : *keys) used.emplace(key, scalar);
  }
  for (const auto& [key, datum] : profile.order)
    if (!used.contains(key)) {
      const YamlNode* at = tree.find("order")->find(key);
      problems.push_back({at->file, at->line, child_path("order", key), "nothing uses it"});
    }
  std::vector<std::string> declared;
  for (const auto& [key, datum] : profile.order) declared.push_back(key);
  for (const auto& [key, at] : used)
    if (!declared.empty() && !profile.order.contains(key))
      problems.push_back({at->file, at->line, child_path("order", key),
                          "is used and not declared" + did_you_mean(key, declared)});
}

void check_sources(const YamlNode& tree, std::vector<ProfileProblem>& problems) {
  std::set<std::string> used;
  if (const YamlNode* list = tree.find("requirements"))
    for (const YamlNode& item : list->items)
      if (const YamlNode* source = item.find("source")) used.insert(source->scalar("ref"));
  if (const YamlNode* sources = tree.find("sources"))
    for (const auto& [name, node] : sources->members)
      if (!used.contains(name))
        problems.push_back({node.file, node.line, child_path("sources", readable(name)),
                            "no requirement refers to it"});
}

// Two requirements that ask the same of the same subjects under the same conditions.
std::string asked_of(const YamlNode& requirement) {
  std::string text;
  for (const char* key : {"quantity", "with", "for", "when", "region"})
    if (const YamlNode* node = requirement.find(key)) text += key + canonical_text(*node);
  return text;
}

void check_pairs(const YamlNode& tree, const Profile& profile,
                 std::vector<ProfileProblem>& problems) {
  const YamlNode* list = tree.find("requirements");
  if (!list || list->items.size() != profile.requirements.size()) return;
  std::vector<std::string> asked;
  for (const YamlNode& item : list->items) asked.push_back(asked_of(item));
  for (std::size_t i = 0; i < list->items.size(); ++i)
    for (std::size_t j = i + 1; j < list->items.size(); ++j) {
      const Requirement &a = *profile.requirements[i], &b = *profile.requirements[j];
      if (a.kind != Requirement::Kind::measured || b.kind != Requirement::Kind::measured) continue;
      if (asked[i] != asked[j]) continue;
      if (exclude_each_other(a.condition, b.condition))
        problems.push_back({list->items[j].file, list->items[j].line,
                            fmt::format("requirements[{}]", b.id),
                            fmt::format("contradicts '{}': nothing can meet both", a.id)});
    }
}

// Conditions of one `when` list that can never hold together.
void check_when(const When& when, const YamlNode& at, const std::string& path,
                std::vector<ProfileProblem>& problems) {
  for (std::size_t i = 0; i < when.parts.size(); ++i)
    for (std::size_t j = i + 1; j < when.parts.size(); ++j) {
      const auto &a = when.parts[i].condition, &b = when.parts[j].condition;
      if (when.kind == When::Kind::all && a && b && !a->selector && !b->selector &&
          a->with.empty() && b->with.empty() && exclude_each_other(*a, *b))
        problems.push_back(
            {at.file, at.line, path, "its conditions exclude each other: the rule never applies"});
    }
  for (const When& part : when.parts) check_when(part, at, path, problems);
}

}  // namespace

std::vector<ProfileProblem> find_contradictions(const YamlNode& tree, const Profile& profile) {
  std::vector<ProfileProblem> problems;
  check_sources(tree, problems);
  check_order(tree, profile, problems);
  check_pairs(tree, profile, problems);
  const YamlNode* list = tree.find("requirements");
  for (std::size_t i = 0; i < profile.requirements.size(); ++i)
    if (const auto& when = profile.requirements[i]->when)
      check_when(*when, list->items[i],
                 fmt::format("requirements[{}].when", profile.requirements[i]->id), problems);
  return problems;
}

}  // namespace cleangate::specs
