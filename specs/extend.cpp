// SPDX-License-Identifier: Apache-2.0
#include "specs/extend.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/text.h"
#include "specs/reader.h"

namespace cleangate::specs {
namespace {

constexpr std::size_t kMostLevels = 16;

bool same_origin(const YamlNode& a, const YamlNode& b) {
  return a.file == b.file && a.line == b.line && canonical_text(a) == canonical_text(b);
}

YamlNode empty_like(const YamlNode& node, YamlNode::Kind kind) {
  YamlNode made;
  made.kind = kind;
  made.line = node.line;
  made.file = node.file;
  made.built_in = node.built_in;
  return made;
}

class Resolver {
 public:
  Resolver(const FindProfile& find, const std::vector<std::string>& known,
           std::vector<ProfileProblem>& problems)
      : find_(find), known_(known), problems_(problems) {}

  YamlNode resolve(const YamlText& text) {
    YamlNode tree = read_yaml(text, problems_);
    const YamlNode* extends = tree.is_mapping() ? tree.find("extends") : nullptr;
    if (!extends) return tree;
    YamlNode inherited = empty_like(tree, YamlNode::Kind::mapping);
    open_.push_back(text.file + "\n" + tree.scalar("profile"));
    for (const YamlNode& parent : parents(*extends)) take_parent(parent, text, inherited);
    open_.pop_back();
    overlay(tree, std::move(inherited));
    check_inherited_conflicts(tree);
    tree.erase("extends");
    return tree;
  }

 private:
  void problem(const YamlNode& at, std::string key, std::string message) {
    problems_.push_back({at.file, at.line, std::move(key), std::move(message)});
  }

  std::vector<YamlNode> parents(const YamlNode& extends) {
    if (!extends.is_sequence() || extends.items.empty()) {
      problem(extends, "extends", "wants a list of profile ids");
      return {};
    }
    return extends.items;
  }

  void take_parent(const YamlNode& name, const YamlText& child, YamlNode& inherited) {
    if (!name.is_scalar()) return problem(name, "extends", "wants a list of profile ids");
    const auto text = find_(name.text, child.file);
    if (!text)
      return problem(name, "extends",
                     fmt::format("there is no profile '{}'{}", readable(name.text),
                                 did_you_mean(name.text, known_)));
    if (std::find(open_.begin(), open_.end(), text->file + "\n" + name.text) != open_.end())
      return problem(name, "extends", fmt::format("a cycle: '{}' extends itself", name.text));
    if (open_.size() >= kMostLevels)
      return problem(name, "extends", fmt::format("more than {} levels", kMostLevels));
    if (++taken_ > kMostParents)
      return problem(name, "extends", fmt::format("more than {} profiles in all", kMostParents));
    join(resolve(*text), inherited);
  }

  // Adds what a parent gives to what earlier parents gave.
  void join(const YamlNode& parent, YamlNode& inherited) {
    for (const char* key : {"sources", "order", "regions"}) {
      const YamlNode* from = parent.find(key);
      if (!from || !from->is_mapping()) continue;
      if (!inherited.find(key)) inherited.set(key, empty_like(*from, YamlNode::Kind::mapping));
      YamlNode into = *inherited.find(key);
      for (const auto& [name, value] : from->members) {
        const YamlNode* there = into.find(name);
        if (there && !same_origin(*there, value) && std::string_view(key) == "sources")
          problem(value, fmt::format("sources.{}", readable(name)),
                  fmt::format("is defined differently in {}:{}", there->file, there->line));
        into.set(name, value);
      }
      inherited.set(key, std::move(into));
    }
    const YamlNode* list = parent.find("requirements");
    if (!list || !list->is_sequence()) return;
    if (!inherited.find("requirements"))
      inherited.set("requirements", empty_like(*list, YamlNode::Kind::sequence));
    YamlNode all = *inherited.find("requirements");
    for (const YamlNode& item : list->items) {
      const bool there = std::any_of(all.items.begin(), all.items.end(),
                                     [&](const YamlNode& each) { return same_origin(each, item); });
      if (!there) all.items.push_back(item);
    }
    inherited.set("requirements", std::move(all));
  }

  void overlay(YamlNode& tree, YamlNode inherited) {
    if (const YamlNode* from = inherited.find("sources")) {
      YamlNode all = *from;
      if (const YamlNode* own = tree.find("sources"))
        for (const auto& [name, value] : own->members) {
          if (const YamlNode* there = all.find(name))
            problem(value, fmt::format("sources.{}", readable(name)),
                    fmt::format("is inherited from {}:{}; choose another name", there->file,
                                there->line));
          all.set(name, value);
        }
      tree.set("sources", std::move(all));
    }
    for (const char* key : {"order", "regions"})
      if (const YamlNode* from = inherited.find(key)) {
        YamlNode all = *from;
        if (const YamlNode* own = tree.find(key))
          for (const auto& [name, value] : own->members) all.set(name, value);
        tree.set(key, std::move(all));
      }
    if (const YamlNode* from = inherited.find("requirements")) {
      YamlNode all = *from;
      if (const YamlNode* own = tree.find("requirements"); own && own->is_sequence())
        for (const YamlNode& item : own->items) override_or_add(all, item);
      tree.set("requirements", std::move(all));
    }
  }

  // A drop in a profile that inherits nothing is told by `resolve` of its reader: `drop` is then
  // a requirement that demands nothing.
  void override_or_add(YamlNode& all, const YamlNode& own) {
    const std::string id = own.is_mapping() ? own.scalar("id") : "";
    const std::string path = fmt::format("requirements[{}]", readable(id));
    const auto there = std::find_if(all.items.begin(), all.items.end(), [&](const YamlNode& each) {
      return !id.empty() && each.scalar("id") == id;
    });
    if (own.is_mapping() && own.find("drop")) return drop(all, own, path);
    if (there == all.items.end() || there->file == own.file) {
      all.items.push_back(own);
      return;
    }
    if (own.find("raise") && own.scalar("severity") != "reject")
      problem(*own.find("raise"), child_path(path, "raise"), "wants severity: reject beside it");
    replace_fields(*there, own);
  }

  void drop(YamlNode& all, const YamlNode& own, const std::string& path) {
    for (const auto& [key, value] : own.members)
      if (key != "id" && key != "drop" && key != "note")
        problem(value, child_path(path, key), "nothing stands beside drop but note");
    if (own.scalar("drop") != "true")
      problem(*own.find("drop"), child_path(path, "drop"), "allowed: true");
    std::vector<std::string> ids;
    for (const YamlNode& each : all.items) ids.push_back(each.scalar("id"));
    const std::string id = own.scalar("id");
    if (std::erase_if(all.items, [&](const YamlNode& each) { return each.scalar("id") == id; }) ==
        0)
      problem(own, child_path(path, "drop"),
              fmt::format("no requirement of this id is inherited{}", did_you_mean(id, ids)));
  }

  static void replace_fields(YamlNode& into, const YamlNode& own) {
    const auto has = [&](auto&& test) {
      return std::any_of(own.members.begin(), own.members.end(),
                         [&](const auto& member) { return test(member.first); });
    };
    const bool new_demand = own.find("quantity") || own.find("one_of") || own.find("kind");
    const bool new_operator = has([](const std::string& key) { return is_operator_key(key); });
    std::erase_if(into.members, [&](const auto& member) {
      const std::string& key = member.first;
      if (new_demand && (key == "quantity" || key == "one_of" || key == "kind" || key == "ask" ||
                         key == "with" || key == "for"))
        return true;
      return (new_demand || new_operator) && (is_operator_key(key) || is_operator_companion(key));
    });
    if (own.find("severity")) into.erase("raise");
    for (const auto& [key, value] : own.members) into.set(key, value);
    into.line = own.line;
    into.file = own.file;
    into.built_in = own.built_in;
  }

  // Two parents that define one id differently, neither dropped by the child.
  void check_inherited_conflicts(const YamlNode& tree) {
    const YamlNode* list = tree.find("requirements");
    if (!list) return;
    for (std::size_t i = 0; i < list->items.size(); ++i)
      for (std::size_t j = i + 1; j < list->items.size(); ++j) {
        const YamlNode &a = list->items[i], &b = list->items[j];
        const std::string id = a.scalar("id");
        if (!id.empty() && id == b.scalar("id") && a.file != b.file)
          problem(b, fmt::format("requirements[{}]", readable(id)),
                  fmt::format("is defined differently in {}:{}; drop it, or give it a new id",
                              a.file, a.line));
      }
  }

  static constexpr int kMostParents = 64;
  const FindProfile& find_;
  const std::vector<std::string>& known_;
  std::vector<ProfileProblem>& problems_;
  std::vector<std::string> open_;  // file and id of the profiles being resolved
  int taken_ = 0;
};

}  // namespace

YamlNode resolve_extends(const YamlText& text, const FindProfile& find,
                         const std::vector<std::string>& known_ids,
                         std::vector<ProfileProblem>& problems) {
  return Resolver(find, known_ids, problems).resolve(text);
}

}  // namespace cleangate::specs
