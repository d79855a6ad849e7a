// SPDX-License-Identifier: Apache-2.0
#include "dam/waivers.h"

#include <fmt/format.h>

#include <algorithm>

#include "dam/evidence_rows.h"
#include "dam/finding_json.h"
#include "dam/sqlite.h"
#include "dam/times.h"
#include "dam/waiver_rule.h"

namespace cleangate::dam {
namespace {

using specs::Outcome;
using specs::Severity;
using specs::VerdictKind;

// The contract's rule for what is left when waived failures are taken out. A verdict that was not
// fail had nothing to lose but notes and warnings, which decide nothing. In one that was, something
// was evaluated: it failed. What is left of a file is not the file: it never passes.
VerdictKind verdict_of(VerdictKind stored, bool fails, bool undecided, probes::Status status) {
  if (stored != VerdictKind::fail || fails) return stored;
  return undecided || status != probes::Status::measured ? VerdictKind::inconclusive
                                                         : VerdictKind::pass;
}

// Judgements that any waiver names, whether it holds or not.
constexpr const char* kTouched =
    "SELECT judgement.id, judgement.asset, judgement.spec, judgement.verdict, asset.status FROM "
    "judgement JOIN asset ON asset.id = judgement.asset WHERE asset.merged_into IS NULL AND "
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
  bool rejects = false, overridable = true;
};

std::vector<OpenFinding> open_findings(Database& database, std::int64_t judgement) {
  std::vector<OpenFinding> findings;
  const Query rows = database.query(
      "SELECT finding_id, requirement, basis, outcome, severity, overridable FROM finding WHERE "
      "judgement = ?1",
      judgement);
  while (rows->step())
    findings.push_back(
        {rows->text(0), rows->text(1), rows->text(2), unwrap(read_outcome(rows->text(3))),
         unwrap(read_severity(rows->text(4))) == Severity::reject, rows->optional_integer(5) != 0});
  return findings;
}

void weigh(Database& database, WaivedVerdict& one, probes::Status status, const std::string& now) {
  bool fails = false, undecided = false;
  const std::string holds = holding_waivers("1");
  for (const OpenFinding& finding : open_findings(database, one.judgement)) {
    if (finding.rejects && finding.outcome == Outcome::inconclusive) undecided = true;
    if (finding.outcome != Outcome::fail) continue;
    const Query waiver = database.query(holds, now, finding.basis, finding.finding_id, one.asset,
                                        one.spec, finding.requirement);
    if (finding.overridable && waiver->step())
      ++one.waived;
    else if (finding.rejects)
      fails = true;
  }
  one.effective = one.waived > 0 ? verdict_of(one.stored, fails, undecided, status) : one.stored;
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
  if (waived > 0)
    verdict.verdict = verdict_of(judgement.verdict.verdict, fails, undecided, judgement.status);
  return verdict;
}

bool any_waiver(Database& database) {
  return database.integer("SELECT EXISTS (SELECT 1 FROM waiver WHERE revoked_at IS NULL)") != 0;
}

namespace {

std::optional<StoredWaiver> waiver_at(Database& database, AssetNumber asset,
                                      const std::string& spec, const StoredFinding& found,
                                      WaiversAt when, const std::string& time) {
  if (found.finding.overridable == false) return std::nullopt;
  constexpr const char* kColumns =
      "id, scope, finding_id, spec, requirement, reason, by, time, until";
  constexpr const char* kNewest = " ORDER BY id DESC LIMIT 1";
  static const std::string kNow = holding_waivers(kColumns) + kNewest;
  static const std::string kEarlier = holding_waivers(kColumns, WaiversAt::earlier) + kNewest;
  const Query query =
      database.query(when == WaiversAt::now ? kNow : kEarlier, time, found.basis,
                     found.finding.finding_id, asset, spec, found.finding.requirement);
  if (!query->step()) return std::nullopt;
  return StoredWaiver{query->integer(0), query->text(1), query->text(2),
                      query->text(3),    query->text(4), query->text(5),
                      query->text(6),    query->text(7), query->optional_text(8)};
}

}  // namespace

std::optional<StoredWaiver> holding_waiver(Database& database, AssetNumber asset,
                                           const std::string& spec, const StoredFinding& found) {
  return waiver_at(database, asset, spec, found, WaiversAt::now, utc_now());
}

Expected<StoredJudgement> as_confirmed(Catalog& catalog, AssetNumber asset,
                                       StoredJudgement judgement) {
  const auto done = catalog.read([&](Database& database) {
    const bool any = database.integer("SELECT EXISTS (SELECT 1 FROM waiver)") != 0;
    for (StoredFinding& found : judgement.findings) {
      found.waiver.reset();
      if (any && found.finding.outcome == Outcome::fail)
        found.waiver = waiver_at(database, asset, judgement.verdict.spec, found, WaiversAt::earlier,
                                 judgement.confirmed);
    }
  });
  if (!done) return tl::unexpected(done.error());
  return judgement;
}

Expected<StoredJudgement> just_judged(Catalog& catalog, AssetNumber asset,
                                      const specs::Verdict& verdict, probes::Status status) {
  StoredJudgement judgement;
  judgement.verdict = verdict;
  judgement.status = status;
  const auto done = catalog.read([&](Database& database) {
    if (!any_waiver(database)) return;
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
  std::vector<probes::Status> statuses;
  {
    const Query touched = database.query(kTouched);
    while (touched->step()) {
      WaivedVerdict one{touched->integer(0), touched->integer(1), touched->text(2), {}, {}, 0};
      one.stored = unwrap(read_verdict(touched->text(3)));
      statuses.push_back(read_status(touched->text(4)));
      found.push_back(std::move(one));
    }
  }
  const std::string now = utc_now();
  for (std::size_t i = 0; i < found.size(); ++i) weigh(database, found[i], statuses[i], now);
  std::erase_if(found, [](const WaivedVerdict& one) { return one.waived == 0; });
  return found;
}

}  // namespace cleangate::dam
