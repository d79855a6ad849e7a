// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/text.h"
#include "specs/reader.h"

namespace cleangate::specs {
namespace {

void check_condition_keys(Reader& reader, const YamlNode& node, const std::string& path,
                          OrderConditions order) {
  if (order == OrderConditions::allowed)
    reader.keys(node, path,
                {"quantity",    "order",        "with",   "equals",  "not",         "in",
                 "not_in",      "min",          "max",    "between", "multiple_of", "matches",
                 "contains",    "present",      "absent", "expect",  "count",       "tolerance",
                 "longer_than", "shorter_than", "at",     "for"});
  else
    reader.keys(node, path,
                {"quantity",     "with",   "equals",  "not",         "in",        "not_in",
                 "min",          "max",    "between", "multiple_of", "matches",   "contains",
                 "present",      "absent", "expect",  "count",       "tolerance", "longer_than",
                 "shorter_than", "at",     "for",     "name"});
}

When read_when(Reader& reader, const YamlNode& node, const std::string& path) {
  When when;
  const YamlNode* list = &node;
  std::string at = path;
  if (node.is_mapping() && node.find("any_of")) {
    reader.keys(node, path, {"any_of"});
    when.kind = When::Kind::any;
    list = node.find("any_of");
    at = child_path(path, "any_of");
  } else if (node.is_sequence()) {
    when.kind = When::Kind::all;
  } else if (node.is_mapping()) {
    check_condition_keys(reader, node, path, OrderConditions::allowed);
    when.condition = read_condition(reader, node, path, OrderConditions::allowed);
    return when;
  }
  if (!list->is_sequence() || list->items.empty()) {
    reader.problem(*list, at, "wants a condition, a list of them, or {any_of: [ … ]}");
    return when;
  }
  for (std::size_t i = 0; i < list->items.size(); ++i)
    when.parts.push_back(read_when(reader, list->items[i], fmt::format("{}[{}]", at, i)));
  return when;
}

Branch read_branch(Reader& reader, const YamlNode& node, const std::string& path) {
  Branch branch;
  if (!node.is_mapping()) {
    reader.problem(node, path, "wants a condition, or all: with a list of them");
    return branch;
  }
  branch.name = reader.text(node, path, "name", Reader::Need::optional).value_or("");
  const YamlNode* all = node.find("all");
  if (!all) {
    check_condition_keys(reader, node, path, OrderConditions::refused);
    branch.all.push_back(read_condition(reader, node, path, OrderConditions::refused));
    return branch;
  }
  reader.keys(node, path, {"name", "all"});
  const std::string at = child_path(path, "all");
  if (!all->is_sequence() || all->items.empty()) {
    reader.problem(*all, at, "wants a list of at least one condition");
    return branch;
  }
  for (std::size_t i = 0; i < all->items.size(); ++i) {
    const std::string here = fmt::format("{}[{}]", at, i);
    check_condition_keys(reader, all->items[i], here, OrderConditions::refused);
    branch.all.push_back(read_condition(reader, all->items[i], here, OrderConditions::refused));
  }
  return branch;
}

void read_branches(Reader& reader, const YamlNode& node, const std::string& path,
                   Requirement& requirement) {
  const YamlNode& list = *node.find("one_of");
  const std::string at = child_path(path, "one_of");
  if (!list.is_sequence() || list.items.size() < 2) {
    reader.problem(list, at, "wants a list of at least two branches");
    return;
  }
  for (std::size_t i = 0; i < list.items.size(); ++i)
    requirement.branches.push_back(
        read_branch(reader, list.items[i], fmt::format("{}[{}]", at, i)));
  if (const YamlNode* selector = node.find("for")) {
    requirement.selector = read_selector(reader, *selector, child_path(path, "for"), nullptr);
    if (requirement.selector->how != Selector::How::each)
      reader.problem(*selector, child_path(path, "for"), "beside one_of only {each: CLASS} stands");
  }
}

RegionRef read_region(Reader& reader, const YamlNode& node, const std::string& path) {
  RegionRef region;
  const YamlNode* place = &node;
  if (node.is_mapping()) {
    reader.keys(node, path, {"outside"});
    region.outside = true;
    place = node.find("outside");
  }
  const auto refuse = [&] {
    reader.problem(node, path,
                   "is not a region; allowed: file, programme, head, tail, part N, or "
                   "{outside: programme}, {outside: part N}");
    return RegionRef{};
  };
  if (!place || !place->is_scalar()) return refuse();
  const std::string& text = place->text;
  if (text == "programme") {
    region.place = RegionRef::Place::programme;
  } else if (text.starts_with("part ") && text.size() > 5 && text.size() < 9 &&
             text.find_first_not_of("0123456789", 5) == std::string::npos) {
    region.place = RegionRef::Place::part;
    region.part = std::stoi(text.substr(5));
    if (region.part < 1) return refuse();
  } else if (region.outside) {
    return refuse();
  } else if (text == "head") {
    region.place = RegionRef::Place::head;
  } else if (text == "tail") {
    region.place = RegionRef::Place::tail;
  } else if (text != "file") {
    return refuse();
  }
  return region;
}

void check_region(Reader& reader, const YamlNode& node, const std::string& path,
                  const Requirement& requirement) {
  if (requirement.region.place == RegionRef::Place::file && !requirement.region.outside) return;
  const auto check = [&](const QuantityInfo& quantity) {
    if (quantity.built && quantity.built->needs.empty())
      reader.problem(
          *node.find("region"), child_path(path, "region"),
          fmt::format("{} is a fact of the whole file and knows no region", quantity.id));
  };
  if (requirement.kind == Requirement::Kind::measured) check(requirement.condition.quantity);
  for (const Branch& branch : requirement.branches)
    for (const Condition& condition : branch.all) check(condition.quantity);
}

void read_source(Reader& reader, const YamlNode& node, const std::string& path,
                 const Sources& sources, Requirement& requirement) {
  const YamlNode* source = node.find("source");
  const std::string at = child_path(path, "source");
  if (!source) {
    reader.problem(node, at, "is missing: every requirement names where its number comes from");
    return;
  }
  if (!reader.keys(*source, at, {"ref", "clause", "grade"})) return;
  const auto clause = reader.text(*source, at, "clause", Reader::Need::optional);
  if (const auto ref = reader.text(*source, at, "ref", Reader::Need::required)) {
    const auto found = sources.find(*ref);
    std::vector<std::string> names;
    for (const auto& [name, value] : sources) names.push_back(name);
    if (found == sources.end())
      reader.problem(*source->find("ref"), child_path(at, "ref"),
                     fmt::format("'{}' is not one of the sources{}; allowed: {}", readable(*ref),
                                 did_you_mean(*ref, names), fmt::join(names, ", ")));
    else
      requirement.source = found->second;
  }
  requirement.source.clause = clause;
  if (const auto grade =
          reader.word(*source, at, "grade", {"primary", "excerpt", "secondary", "community", "own"},
                      Reader::Need::optional))
    requirement.source.grade = static_cast<Grade>(*grade);
}

void read_severity(Reader& reader, const YamlNode& node, const std::string& path,
                   Requirement& requirement) {
  const auto severity =
      reader.word(node, path, "severity", {"reject", "warn", "info"}, Reader::Need::required);
  if (severity) requirement.severity = static_cast<Severity>(*severity);
  requirement.effective_severity = requirement.severity;
  const auto raise = reader.flag(node, path, "raise");
  if (raise && node.find("raise")->built_in)
    reader.problem(*node.find("raise"), child_path(path, "raise"),
                   "has no place in a built-in profile; raise it in a profile of yours");
  if (raise && !*raise)
    reader.problem(*node.find("raise"), child_path(path, "raise"), "allowed: true");
  if (raise && severity && requirement.severity != Severity::reject)
    reader.problem(*node.find("raise"), child_path(path, "raise"), "wants severity: reject");
  const Grade grade = requirement.source.grade;
  if (requirement.severity == Severity::reject && !raise.value_or(false) &&
      (grade == Grade::community || grade == Grade::own)) {
    requirement.effective_severity = Severity::warn;
    requirement.capped_because = fmt::format(
        "The grade of its source is {}, so that it warns instead of rejecting.", to_string(grade));
  }
}

void read_demand_of(Reader& reader, const YamlNode& node, const std::string& path,
                    Requirement& requirement) {
  const int ways =
      (node.find("quantity") ? 1 : 0) + (node.find("one_of") ? 1 : 0) + (node.find("kind") ? 1 : 0);
  if (ways != 1) {
    reader.problem(node, path,
                   ways == 0 ? "demands nothing: it needs a quantity, one_of, or kind: manual with "
                               "ask (nor is a requirement of this id inherited)"
                             : "has more than one of quantity, one_of and kind");
    return;
  }
  const bool measured = node.find("quantity") != nullptr;
  for (const auto& [key, value] : node.members) {
    const bool of_condition = is_operator_key(key) || is_operator_companion(key) || key == "with";
    if (!measured && of_condition)
      reader.problem(value, child_path(path, key), "stands only beside quantity");
    if (key == "ask" && !node.find("kind"))
      reader.problem(value, child_path(path, key), "stands only beside kind: manual");
    if (key == "for" && node.find("kind"))
      reader.problem(value, child_path(path, key), "a question for a person is asked of the file");
  }
  if (measured) {
    requirement.condition = read_condition(reader, node, path, OrderConditions::refused);
  } else if (node.find("one_of")) {
    requirement.kind = Requirement::Kind::one_of;
    read_branches(reader, node, path, requirement);
  } else {
    requirement.kind = Requirement::Kind::manual;
    (void)reader.word(node, path, "kind", {"manual"}, Reader::Need::required);
    requirement.ask = reader.text(node, path, "ask", Reader::Need::required).value_or("");
  }
}

}  // namespace

Requirement read_requirement(Reader& reader, const YamlNode& node, const std::string& path,
                             const Sources& sources) {
  Requirement requirement;
  if (!reader.keys(node, path, {"id",       "quantity",    "one_of",      "kind",         "ask",
                                "with",     "equals",      "not",         "in",           "not_in",
                                "min",      "max",         "between",     "multiple_of",  "matches",
                                "contains", "present",     "absent",      "expect",       "count",
                                "demand",   "tolerance",   "longer_than", "shorter_than", "at",
                                "for",      "when",        "region",      "severity",     "source",
                                "category", "overridable", "note",        "raise",        "drop"}))
    return requirement;
  requirement.id = node.scalar("id");
  read_demand_of(reader, node, path, requirement);
  read_source(reader, node, path, sources, requirement);
  read_severity(reader, node, path, requirement);
  if (const YamlNode* when = node.find("when"))
    requirement.when = read_when(reader, *when, child_path(path, "when"));
  if (const YamlNode* region = node.find("region")) {
    requirement.region = read_region(reader, *region, child_path(path, "region"));
    check_region(reader, node, path, requirement);
  }
  requirement.category = reader.text(node, path, "category", Reader::Need::optional);
  requirement.note = reader.text(node, path, "note", Reader::Need::optional);
  requirement.overridable = reader.flag(node, path, "overridable");
  const Operator op = requirement.condition.demand.op;
  if (requirement.kind == Requirement::Kind::measured &&
      (op == Operator::any || op == Operator::unspecified) &&
      requirement.severity != Severity::info)
    reader.problem(node, child_path(path, "severity"),
                   "a demand of 'any' or 'unspecified' is info");
  return requirement;
}

namespace {

Point read_point(Reader& reader, const YamlNode& node, const std::string& path,
                 std::string_view key) {
  Point point;
  const auto text = reader.text(node, path, key, Reader::Need::required);
  if (!text) return point;
  if (*text == "start") return point;
  if (*text == "end") {
    point.kind = Point::Kind::end;
    return point;
  }
  point.kind = Point::Kind::at;
  if (auto limit = reader.limit(*node.find(key), child_path(path, key),
                                {ValueKind::number, Unit::seconds, {}}))
    point.at = std::move(*limit);
  return point;
}

RegionWindow read_window(Reader& reader, const YamlNode& node, const std::string& path) {
  RegionWindow window;
  if (!reader.keys(node, path, {"in", "out"})) return window;
  window.in = read_point(reader, node, path, "in");
  window.out = read_point(reader, node, path, "out");
  return window;
}

}  // namespace

Regions read_regions(Reader& reader, const YamlNode& node, const std::string& path) {
  Regions regions;
  if (!reader.keys(node, path, {"programme", "parts"})) return regions;
  if (const YamlNode* programme = node.find("programme"))
    regions.programme = read_window(reader, *programme, child_path(path, "programme"));
  if (const YamlNode* parts = node.find("parts")) {
    const std::string at = child_path(path, "parts");
    if (!parts->is_sequence() || parts->items.empty())
      reader.problem(*parts, at, "wants a list of at least one {in, out}");
    else
      for (std::size_t i = 0; i < parts->items.size(); ++i)
        regions.parts.push_back(read_window(reader, parts->items[i], fmt::format("{}[{}]", at, i)));
  }
  return regions;
}

}  // namespace cleangate::specs
