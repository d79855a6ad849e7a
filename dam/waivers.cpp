// SPDX-License-Identifier: Apache-2.0
#include "dam/waivers.h"

#include <fmt/format.h>

#include <algorithm>

#include "dam/finding_json.h"
#include "dam/sqlite.h"
#include "dam/times.h"
#include "dam/waiver_rule.h"

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
    "'finding' UNION "
    "SELECT one.id FROM waiver CROSS JOIN tag ON tag.name = 'title:' || waiver.title CROSS JOIN "
    "judgement AS one ON one.asset = tag.asset AND one.spec = waiver.spec AND one.latest = 1 WHERE "
    "waiver.revoked_at IS NULL AND waiver.scope = 'title') ORDER BY judgement.id";

struct OpenFinding {
  std::string finding_id, requirement, basis;
  Outcome outcome = Outcome::inconclusive;
  bool rejects = false;
};

std::vector<OpenFinding> open_findings(Database& database, std::int64_t judgement) {
  std::vector<OpenFinding> findings;
  const Query rows = database.query(
      "SELECT finding_id, requirement, basis, outcome, severity FROM finding WHERE judgement = ?1",
      judgement);
  while (rows->step())
    findings.push_back({rows->text(0), rows->text(1), rows->text(2),
                        unwrap(read_outcome(rows->text(3))),
                        unwrap(read_severity(rows->text(4))) == Severity::reject});
  return findings;
}

void weigh(Database& database, WaivedVerdict& one, const std::string& now) {
  bool fails = false, undecided = false;
  const std::string holds =
      fmt::format("SELECT EXISTS (SELECT 1 FROM waiver WHERE {})", kWaiverHolds);
  for (const OpenFinding& finding : open_findings(database, one.judgement)) {
    if (finding.rejects && finding.outcome == Outcome::inconclusive) undecided = true;
    if (finding.outcome != Outcome::fail) continue;
    const Query waiver = database.query(holds, now, finding.basis, finding.finding_id, one.asset,
                                        one.spec, finding.requirement);
    if (waiver->step() && waiver->integer(0) != 0)
      ++one.waived;
    else if (finding.rejects)
      fails = true;
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
    if (found.finding.severity == Severity::info) --verdict.counts.info;
  }
  verdict.counts.waived += waived;
  if (waived > 0) verdict.verdict = verdict_of(fails, undecided);
  return verdict;
}

std::optional<StoredWaiver> holding_waiver(Database& database, AssetNumber asset,
                                           const std::string& spec, const StoredFinding& found) {
  const Query query = database.query(
      fmt::format("SELECT id, scope, finding_id, spec, requirement, reason, by, time, until FROM "
                  "waiver WHERE {} ORDER BY id DESC LIMIT 1",
                  kWaiverHolds),
      utc_now(), found.basis, found.finding.finding_id, asset, spec, found.finding.requirement);
  if (!query->step()) return std::nullopt;
  return StoredWaiver{query->integer(0), query->text(1), query->text(2),
                      query->text(3),    query->text(4), query->text(5),
                      query->text(6),    query->text(7), query->optional_text(8)};
}

Expected<StoredJudgement> just_judged(Catalog& catalog, AssetNumber asset,
                                      const specs::Verdict& verdict) {
  StoredJudgement judgement;
  judgement.verdict = verdict;
  const auto done = catalog.read([&](Database& database) {
    if (database.integer("SELECT EXISTS (SELECT 1 FROM waiver WHERE revoked_at IS NULL)") == 0)
      return;
    for (const specs::Finding& finding : verdict.findings) {
      if (finding.outcome == Outcome::pass || finding.outcome == Outcome::not_applicable) continue;
      StoredFinding found{finding, basis_of(finding), {}};
      if (finding.outcome == Outcome::fail)
        found.waiver = holding_waiver(database, asset, verdict.spec, found);
      judgement.findings.push_back(std::move(found));
    }
  });
  if (!done) return tl::unexpected(done.error());
  return judgement;
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
