// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <set>

#include "core/text.h"
#include "specs/expectation.h"
#include "specs/profile.h"
#include "specs/requirement.h"

namespace cleangate::specs {
namespace {

void add_rows(const Condition& condition, std::set<std::string>& rows) {
  if (!condition.quantity.built) return;
  for (const RowNeed& need : condition.quantity.built->needs) rows.emplace(need.row);
}

void add_rows(const When& when, std::set<std::string>& rows) {
  if (when.condition) add_rows(*when.condition, rows);
  for (const When& part : when.parts) add_rows(part, rows);
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
  for (const auto& requirement : profile.requirements) {
    if (requirement->kind == Requirement::Kind::measured) add_rows(requirement->condition, rows);
    for (const Branch& branch : requirement->branches)
      for (const Condition& condition : branch.all) add_rows(condition, rows);
    if (requirement->when) add_rows(*requirement->when, rows);
  }
  return {rows.begin(), rows.end()};
}

}  // namespace cleangate::specs
