// SPDX-License-Identifier: Apache-2.0
#include "app/comparison.h"

#include <algorithm>
#include <tuple>

namespace cleangate::app {
namespace {

bool is_open(const specs::Finding& finding) {
  return finding.outcome == specs::Outcome::fail || finding.outcome == specs::Outcome::inconclusive;
}

auto key(const specs::Finding& finding) {
  return std::tie(finding.requirement, finding.stream, finding.soundfield);
}

bool differs(const specs::Finding& a, const specs::Finding& b) {
  return a.outcome != b.outcome || a.measured.text != b.measured.text ||
         a.spans_total != b.spans_total || a.spans != b.spans;
}

const specs::Finding* open_like(const specs::Finding& finding, const specs::Verdict& verdict) {
  const auto found =
      std::find_if(verdict.findings.begin(), verdict.findings.end(),
                   [&](const auto& one) { return is_open(one) && key(one) == key(finding); });
  return found == verdict.findings.end() ? nullptr : &*found;
}

}  // namespace

Comparison compare(const specs::Verdict& before, const specs::Verdict& now) {
  Comparison comparison;
  comparison.spec = now.spec;
  comparison.before = before.verdict;
  comparison.now = now.verdict;
  for (const specs::Finding& finding : now.findings) {
    if (!is_open(finding)) continue;
    if (const specs::Finding* old = open_like(finding, before))
      comparison.same.push_back({*old, finding, differs(*old, finding)});
    else
      comparison.fresh.push_back(finding);
  }
  for (const specs::Finding& finding : before.findings)
    if (is_open(finding) && !open_like(finding, now)) comparison.gone.push_back(finding);
  return comparison;
}

}  // namespace cleangate::app
