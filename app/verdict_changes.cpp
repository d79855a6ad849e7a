// SPDX-License-Identifier: Apache-2.0
#include "app/verdict_changes.h"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "core/text.h"

namespace cleangate::app {
namespace {

// One finding with the waiver that holds for it.
struct Standing {
  const specs::Finding* finding = nullptr;
  const dam::StoredWaiver* waiver = nullptr;

  [[nodiscard]] std::string word() const {
    return waiver ? "waived" : std::string(specs::to_string(finding->outcome));
  }
};

std::map<std::string, Standing> standings(const dam::StoredJudgement& judgement) {
  std::map<std::string, Standing> all;
  for (const specs::Finding& finding : judgement.verdict.findings)
    all[finding.finding_id].finding = &finding;
  for (const dam::StoredFinding& found : judgement.findings)
    if (const auto at = all.find(found.finding.finding_id); found.waiver && at != all.end())
      at->second.waiver = &*found.waiver;
  return all;
}

// What the finding itself says differently: the demand, the measurement or the severity.
std::optional<std::string> difference(const specs::Finding& before, const specs::Finding& after) {
  if (before.expected.text != after.expected.text)
    return fmt::format("expected {} before, {} now", before.expected.text, after.expected.text);
  if (before.measured.text != after.measured.text)
    return fmt::format("measured {} before, {} now", before.measured.text, after.measured.text);
  if (before.severity != after.severity)
    return fmt::format("severity {} before, {} now", specs::to_string(before.severity),
                       specs::to_string(after.severity));
  if (before.spans_total != after.spans_total || before.spans != after.spans)
    return "it was measured at other places";
  return std::nullopt;
}

// Why a waiver that held then holds no longer.
std::string ended(const dam::StoredWaiver& waiver, const specs::Finding& before,
                  const specs::Finding& after, const std::string& today) {
  const std::string which = fmt::format("waiver {} by {}", waiver.id, readable(waiver.by));
  if (after.overridable == false)
    return fmt::format("{} no longer holds: the rule may not be waived now", which);
  if (const auto other = difference(before, after))
    return fmt::format("{} no longer holds: {}", which, *other);
  if (waiver.until && *waiver.until < today)
    return fmt::format("{} held until {}", which, readable(*waiver.until));
  return fmt::format("{} was revoked, or its title's tag was taken away", which);
}

std::string reason(const Standing& before, const Standing& after, const std::string& today) {
  if (after.waiver && !before.waiver)
    return fmt::format("waiver {} by {}: {}", after.waiver->id, readable(after.waiver->by),
                       readable(after.waiver->reason));
  const bool still_fails = after.finding->outcome == specs::Outcome::fail;
  if (before.waiver && !after.waiver && still_fails)
    return ended(*before.waiver, *before.finding, *after.finding, today);
  if (auto other = difference(*before.finding, *after.finding)) return *std::move(other);
  return after.finding->because.value_or("the rule is evaluated differently");
}

}  // namespace

std::vector<Change> changes(const dam::StoredJudgement& before, const dam::StoredJudgement& after,
                            const std::string& today) {
  std::map<std::string, Standing> old = standings(before);
  const std::map<std::string, Standing> now = standings(after);
  std::vector<Change> found;
  for (const specs::Finding& finding : after.verdict.findings) {
    const std::string& id = finding.finding_id;
    const Standing& is = now.at(id);
    const auto was = old.find(id);
    if (was == old.end()) {
      found.push_back({id, finding.requirement, "not judged", is.word(), "new rule"});
      continue;
    }
    if (was->second.word() != is.word() || was->second.finding->severity != finding.severity)
      found.push_back(
          {id, finding.requirement, was->second.word(), is.word(), reason(was->second, is, today)});
    old.erase(was);
  }
  for (const auto& [id, was] : old)
    found.push_back({id, was.finding->requirement, was.word(), "not judged", "no such rule"});
  return found;
}

}  // namespace cleangate::app
