// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <set>

#include "core/text.h"
#include "specs/expectation.h"
#include "specs/profile.h"
#include "specs/requirement.h"

namespace cleangate::specs {
namespace {

template <class Use>
void each_condition(const When& when, const Use& use) {
  if (when.condition) use(*when.condition);
  for (const When& part : when.parts) each_condition(part, use);
}

template <class Use>
void each_condition(const Profile& profile, const Use& use) {
  for (const auto& requirement : profile.requirements) {
    if (requirement->kind == Requirement::Kind::measured) use(requirement->condition);
    for (const Branch& branch : requirement->branches)
      for (const Condition& condition : branch.all) use(condition);
    if (requirement->when) each_condition(*requirement->when, use);
  }
}

std::string planned_note(const Requirement& requirement) {
  if (requirement.kind == Requirement::Kind::measured && !requirement.condition.quantity.built)
    return std::string(requirement.condition.quantity.because);
  for (const Branch& branch : requirement.branches)
    for (const Condition& condition : branch.all)
      if (!condition.quantity.built) return std::string(condition.quantity.because);
  return "";
}

std::string demand_of(const Requirement& requirement) {
  std::string text = expectation(requirement).text;
  if (requirement.kind == Requirement::Kind::measured) text = demand_text(requirement.condition);
  if (const std::string where = region_text(requirement.region); !where.empty())
    text += fmt::format(", in {}", where);
  if (requirement.when) text += fmt::format(", when {}", when_text(*requirement.when));
  return text;
}

}  // namespace

std::vector<RequirementLine> describe(const Profile& profile) {
  std::vector<RequirementLine> lines;
  for (const auto& requirement : profile.requirements) {
    RequirementLine line;
    line.id = requirement->id;
    line.quantity = requirement->kind == Requirement::Kind::manual ? "manual"
                    : requirement->kind == Requirement::Kind::one_of
                        ? "one_of"
                        : std::string(requirement->condition.quantity.id);
    line.demand = demand_of(*requirement);
    line.severity = to_string(requirement->severity);
    line.effective_severity = to_string(requirement->effective_severity);
    line.source = fmt::format("{} {}", requirement->source.document, requirement->source.edition);
    line.clause = requirement->source.clause.value_or("");
    line.grade = to_string(requirement->source.grade);
    for (const std::string& part :
         {planned_note(*requirement), requirement->capped_because, requirement->note.value_or("")})
      if (!part.empty()) line.note += (line.note.empty() ? "" : " ") + part;
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<std::string> rows_needed(const Profile& profile) {
  std::set<std::string> rows;
  each_condition(profile, [&](const Condition& condition) {
    if (!condition.quantity.built) return;
    for (const RowNeed& need : condition.quantity.built->needs) rows.emplace(need.row);
  });
  return {rows.begin(), rows.end()};
}

bool asks_for_name(const Profile& profile) {
  bool asks = false;
  each_condition(profile,
                 [&](const Condition& one) { asks = asks || one.quantity.id == "file.name"; });
  return asks;
}

}  // namespace cleangate::specs
