// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/text.h"
#include "specs/reader.h"

namespace cleangate::specs {
namespace {

bool is_date(const std::string& text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  for (const std::size_t at : {0u, 1u, 2u, 3u, 5u, 6u, 8u, 9u})
    if (text[at] < '0' || text[at] > '9') return false;
  const int month = std::stoi(text.substr(5, 2)), day = std::stoi(text.substr(8, 2));
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

Source read_source_entry(Reader& reader, const YamlNode& node, const std::string& path) {
  Source source;
  if (!reader.keys(node, path, {"document", "edition", "url", "grade", "checked"})) return source;
  source.document = reader.text(node, path, "document", Reader::Need::required).value_or("");
  source.edition = reader.text(node, path, "edition", Reader::Need::required).value_or("");
  source.url = reader.text(node, path, "url", Reader::Need::optional);
  source.checked = reader.text(node, path, "checked", Reader::Need::optional);
  if (source.checked && !is_date(*source.checked))
    reader.problem(
        *node.find("checked"), child_path(path, "checked"),
        fmt::format("'{}' is not a date; allowed: YYYY-MM-DD", readable(*source.checked)));
  if (const auto grade =
          reader.word(node, path, "grade", {"primary", "excerpt", "secondary", "community", "own"},
                      Reader::Need::required))
    source.grade = static_cast<Grade>(*grade);
  return source;
}

Sources read_sources(Reader& reader, const YamlNode& tree) {
  Sources sources;
  const YamlNode* node = tree.find("sources");
  if (!node) {
    if (tree.find("requirements")) reader.problem(tree, "sources", "is missing");
    return sources;
  }
  if (!node->is_mapping()) {
    reader.problem(*node, "sources", "is not a mapping of names to sources");
    return sources;
  }
  for (const auto& [name, entry] : node->members)
    sources[name] = read_source_entry(reader, entry, child_path("sources", readable(name)));
  return sources;
}

OrderDatum read_datum(Reader& reader, const YamlNode& node, const std::string& path) {
  OrderDatum datum;
  if (!reader.keys(node, path, {"ask", "allowed", "default"})) return datum;
  datum.ask = reader.text(node, path, "ask", Reader::Need::optional).value_or("");
  datum.fallback = reader.text(node, path, "default", Reader::Need::optional);
  if (const YamlNode* allowed = node.find("allowed")) {
    if (!allowed->is_sequence() || allowed->items.empty())
      reader.problem(*allowed, child_path(path, "allowed"), "wants a list of at least one text");
    for (const YamlNode& item : allowed->items) datum.allowed.push_back(item.text);
  }
  if (datum.fallback && !datum.allowed.empty() &&
      std::find(datum.allowed.begin(), datum.allowed.end(), *datum.fallback) == datum.allowed.end())
    reader.problem(*node.find("default"), child_path(path, "default"),
                   "is not one of the allowed values");
  return datum;
}

void read_order(Reader& reader, const YamlNode& tree, Profile& profile) {
  const YamlNode* node = tree.find("order");
  if (!node) return;
  if (!node->is_mapping()) {
    reader.problem(*node, "order", "is not a mapping of keys to what they mean");
    return;
  }
  for (const auto& [key, entry] : node->members) {
    const std::string path = child_path("order", readable(key));
    if (const auto good = order_keys(fmt::format("${{order.{}}}", key)); !good)
      reader.problem(entry, path, good.error().message);
    profile.order[key] = read_datum(reader, entry, path);
  }
}

void read_requirements(Reader& reader, const YamlNode& tree, const Sources& sources,
                       Profile& profile) {
  const YamlNode* list = tree.find("requirements");
  if (!list || (list->is_sequence() && list->items.empty())) {
    if (profile.status != ProfileStatus::base)
      reader.problem(list ? *list : tree, "requirements",
                     "a profile without requirements judges nothing; only a base may lack them");
    return;
  }
  if (!list->is_sequence()) {
    reader.problem(*list, "requirements", "is not a list");
    return;
  }
  std::set<std::string> ids;
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    const YamlNode& node = list->items[i];
    const std::string id = node.is_mapping() ? node.scalar("id") : "";
    const std::string path =
        fmt::format("requirements[{}]", id.empty() ? std::to_string(i) : readable(id));
    if (node.is_mapping()) {
      if (!node.find("id"))
        reader.problem(node, child_path(path, "id"), "is missing");
      else
        (void)reader.id(*node.find("id"), child_path(path, "id"), id);
    }
    if (!id.empty() && !ids.insert(id).second)
      reader.problem(node, child_path(path, "id"), "two requirements have this id");
    profile.requirements.push_back(
        std::make_shared<const Requirement>(read_requirement(reader, node, path, sources)));
  }
}

}  // namespace

Profile read_profile(const YamlNode& tree, std::vector<ProfileProblem>& problems) {
  Reader reader(problems);
  Profile profile;
  profile.file = tree.built_in ? "built in" : tree.file;
  if (!reader.keys(tree, "",
                   {"profile", "title", "status", "edition", "revision", "extends", "sources",
                    "order", "regions", "requirements"}))
    return profile;
  profile.id = reader.text(tree, "", "profile", Reader::Need::required).value_or("");
  if (!profile.id.empty()) (void)reader.id(*tree.find("profile"), "profile", profile.id);
  profile.title = reader.text(tree, "", "title", Reader::Need::required).value_or("");
  profile.edition = reader.text(tree, "", "edition", Reader::Need::required).value_or("");
  if (const auto status = reader.word(tree, "", "status", {"ship", "beta", "draft", "base"},
                                      Reader::Need::required))
    profile.status = static_cast<ProfileStatus>(*status);
  if (const YamlNode* revision = tree.find("revision")) {
    const auto number = reader.natural(*revision, "revision");
    if (number && *number < 1) reader.problem(*revision, "revision", "counts from 1");
    profile.revision = static_cast<int>(number.value_or(1));
  } else {
    reader.problem(tree, "revision", "is missing");
  }
  const Sources sources = read_sources(reader, tree);
  for (const auto& [name, source] : sources)
    if (source.checked && *source.checked > profile.last_checked)
      profile.last_checked = *source.checked;
  read_order(reader, tree, profile);
  const YamlNode* regions = tree.find("regions");
  profile.regions = std::make_shared<const Regions>(
      regions ? read_regions(reader, *regions, "regions") : Regions{});
  read_requirements(reader, tree, sources, profile);
  return profile;
}

}  // namespace cleangate::specs
