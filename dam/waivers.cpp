// SPDX-License-Identifier: Apache-2.0
#include "dam/waivers.h"

#include <algorithm>

#include "dam/finding_json.h"
#include "dam/sqlite.h"
#include "dam/times.h"

namespace cleangate::dam {
namespace {

using specs::Outcome;
using specs::Severity;
using specs::VerdictKind;

// The contract's rule for what is left when waived failures are taken out. That something was
// evaluated is sure: it failed.
VerdictKind verdict_of(bool fails, bool undecided) {
  if (fails) return VerdictKind::fail;
  return undecided ? VerdictKind::inconclusive : VerdictKind::pass;
}

// Judgements that any waiver names, whether it holds or not.
constexpr const char* kTouched =
    "SELECT judgement.id, judgement.asset, judgement.spec, judgement.verdict FROM judgement WHERE "
    "judgement.latest = 1 AND judgement.id IN ("
    "SELECT finding.judgement FROM waiver CROSS JOIN finding ON finding.finding_id = "
    "waiver.finding_id WHERE waiver.revoked_at IS NULL AND waiver.scope = 'finding' UNION "
    "SELECT one.id FROM waiver CROSS JOIN judgement AS one ON one.asset = waiver.asset AND "
    "one.spec "
    "= waiver.spec AND one.latest = 1 WHERE waiver.revoked_at IS NULL AND waiver.scope <> "
    "'finding') ORDER BY judgement.id";

// The same rule as for one judgement (dam/judgements.cpp): not revoked, not expired, and the
// measurement is the one that was waived.
constexpr const char* kFindings =
    "SELECT finding.outcome, finding.severity, EXISTS (SELECT 1 FROM waiver WHERE "
    "waiver.revoked_at IS NULL AND (waiver.until IS NULL OR waiver.until >= substr(?4, 1, 10)) AND "
    "waiver.basis = finding.basis AND ((waiver.scope = 'finding' AND waiver.finding_id = "
    "finding.finding_id) OR (waiver.scope <> 'finding' AND waiver.asset = ?2 AND waiver.spec = ?3 "
    "AND waiver.requirement = finding.requirement))) FROM finding WHERE finding.judgement = ?1";

void weigh(Database& database, WaivedVerdict& one, const std::string& now) {
  bool fails = false, undecided = false;
  const Query findings = database.query(kFindings, one.judgement, one.asset, one.spec, now);
  while (findings->step()) {
    const Outcome outcome = unwrap(read_outcome(findings->text(0)));
    const bool rejects = unwrap(read_severity(findings->text(1))) == Severity::reject;
    const bool waived = outcome == Outcome::fail && findings->integer(2) != 0;
    if (waived) ++one.waived;
    if (rejects && outcome == Outcome::fail && !waived) fails = true;
    if (rejects && outcome == Outcome::inconclusive) undecided = true;
  }
  one.effective = one.waived > 0 ? verdict_of(fails, undecided) : one.stored;
}

}  // namespace

specs::Verdict with_waivers(const StoredJudgement& judgement) {
  specs::Verdict verdict = judgement.verdict;
  bool fails = false, undecided = false;
  int waived = 0;
  for (const StoredFinding& found : judgement.findings) {
    const bool rejects = found.finding.severity == Severity::reject;
    if (found.finding.outcome == Outcome::inconclusive && rejects) undecided = true;
    if (found.finding.outcome != Outcome::fail) continue;
    if (!found.waiver) {
      fails = fails || rejects;
      continue;
    }
    ++waived;
    if (rejects) --verdict.counts.fail;
    if (found.finding.severity == Severity::warn) --verdict.counts.warn;
  }
  verdict.counts.waived += waived;
  if (waived > 0) verdict.verdict = verdict_of(fails, undecided);
  return verdict;
}

std::vector<WaivedVerdict> waived_verdicts(Database& database) {
  std::vector<WaivedVerdict> found;
  {
    const Query touched = database.query(kTouched);
    while (touched->step()) {
      WaivedVerdict one{touched->integer(0), touched->integer(1), touched->text(2), {}, {}, 0};
      one.stored = unwrap(read_verdict(touched->text(3)));
      found.push_back(std::move(one));
    }
  }
  const std::string now = utc_now();
  for (WaivedVerdict& one : found) weigh(database, one, now);
  std::erase_if(found, [](const WaivedVerdict& one) { return one.waived == 0; });
  return found;
}

}  // namespace cleangate::dam
