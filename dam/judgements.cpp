// SPDX-License-Identifier: Apache-2.0
// Judgements read back, with the waivers that hold now.
#include <algorithm>

#include "dam/assets.h"
#include "dam/evidence_rows.h"
#include "dam/files.h"
#include "dam/finding_json.h"
#include "dam/sqlite.h"
#include "dam/times.h"
#include "dam/waivers.h"

namespace cleangate::dam {
namespace {

constexpr std::size_t kFindingsLimit = std::size_t{1} << 28;

std::optional<int> small(const Statement& row, int column) {
  const auto value = row.optional_integer(column);
  return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
}

struct LoudFinding {
  int position = 0;
  StoredFinding stored;
};

LoudFinding loud_finding(const Statement& row) {
  LoudFinding loud{static_cast<int>(row.integer(0)), {}};
  specs::Finding& finding = loud.stored.finding;
  finding.finding_id = row.text(1);
  finding.requirement = row.text(2);
  finding.quantity = row.text(3);
  finding.outcome = unwrap(read_outcome(row.text(4)));
  finding.severity = unwrap(read_severity(row.text(5)));
  finding.category = row.optional_text(6);
  if (const auto flag = row.optional_integer(7)) finding.overridable = *flag != 0;
  finding.stream = small(row, 8);
  finding.soundfield = small(row, 9);
  finding.spans = unwrap(read_spans(row.text(10)));
  finding.spans_total = row.integer(11);
  finding.measured = unwrap(read_measured(row.text(12)));
  finding.expected = unwrap(read_expected(row.text(13)));
  finding.source = unwrap(read_source(row.text(14)));
  finding.message = row.text(15);
  finding.because = row.optional_text(16);
  loud.stored.basis = row.text(17);
  finding.not_looked_at = row.integer(18) != 0;
  return loud;
}

void load_findings(Database& database, AssetNumber asset, StoredJudgement& judgement,
                   const std::vector<std::byte>& quiet) {
  auto placed = unwrap(read_findings(unwrap(unpack(quiet, kFindingsLimit))));
  {
    const Query query = database.query(
        "SELECT position, finding_id, requirement, quantity, outcome, severity, category, "
        "overridable, stream, soundfield, spans, spans_total, measured, expected, source, message, "
        "because, basis, not_looked_at FROM finding WHERE judgement = ?1 ORDER BY position",
        judgement.id);
    while (query->step()) {
      LoudFinding loud = loud_finding(*query);
      placed.push_back({loud.position, loud.stored.finding});
      judgement.findings.push_back(std::move(loud.stored));
    }
  }
  if (any_waiver(database))
    for (StoredFinding& found : judgement.findings)
      found.waiver = holding_waiver(database, asset, judgement.verdict.spec, found);
  std::sort(placed.begin(), placed.end(),
            [](const auto& a, const auto& b) { return a.position < b.position; });
  for (PlacedFinding& one : placed) judgement.verdict.findings.push_back(std::move(one.finding));
}

struct JudgementRow {
  StoredJudgement judgement;
  std::vector<std::byte> quiet;
};

JudgementRow judgement_row(const Statement& row) {
  JudgementRow read;
  StoredJudgement& judgement = read.judgement;
  judgement.id = row.integer(0);
  judgement.verdict.spec = row.text(1);
  judgement.verdict.spec_title = row.text(2);
  judgement.verdict.edition = row.text(3);
  judgement.verdict.revision = static_cast<int>(row.integer(4));
  judgement.verdict.profile_digest = row.text(5);
  judgement.order = unwrap(read_order(row.text(6)));
  judgement.verdict.verdict = unwrap(read_verdict(row.text(7)));
  const auto count = [&](int column) { return static_cast<int>(row.integer(column)); };
  specs::Counts& counts = judgement.verdict.counts;
  counts.pass = count(8);
  counts.fail = count(9);
  counts.warn = count(10);
  counts.not_applicable = count(11);
  counts.inconclusive = count(12);
  counts.manual = count(13);
  counts.waived = count(14);
  counts.info = count(20);
  counts.not_looked_at = count(21);
  const std::vector<std::byte> name = row.blob(22);
  if (!name.empty())
    judgement.verdict.name.emplace(reinterpret_cast<const char*>(name.data()), name.size());
  read.quiet = row.blob(15);
  judgement.program = row.text(16);
  judgement.time = row.text(17);
  judgement.confirmed = row.text(18);
  judgement.latest = row.integer(19) != 0;
  return read;
}

}  // namespace

Expected<std::vector<StoredJudgement>> load_judgements(Catalog& catalog, AssetNumber number,
                                                       const std::string& spec, bool only_latest) {
  return guarded([&] {
    std::vector<JudgementRow> rows;
    unwrap(catalog.read([&](Database& database) {
      probes::Status status = probes::Status::measured;
      {
        const Query asset = database.query("SELECT status FROM asset WHERE id = ?1", number);
        if (asset->step()) status = read_status(asset->text(0));
      }
      {
        const Query query = database.query(
            "SELECT id, spec, spec_title, edition, revision, profile_digest, order_data, verdict, "
            "passed, failed, warned, not_applicable, inconclusive, manual, waived, quiet_findings, "
            "program, time, confirmed, latest, noted, not_looked_at, name FROM judgement WHERE "
            "asset = "
            "?1 AND (?2 = '' OR spec "
            "= ?2) AND latest >= ?3 ORDER BY id DESC",
            number, spec, only_latest ? 1 : 0);
        while (query->step()) rows.push_back(judgement_row(*query));
      }
      for (JudgementRow& row : rows) row.judgement.status = status;
      for (JudgementRow& row : rows) load_findings(database, number, row.judgement, row.quiet);
    }));
    std::vector<StoredJudgement> judgements;
    for (JudgementRow& row : rows) judgements.push_back(std::move(row.judgement));
    return judgements;
  });
}

}  // namespace cleangate::dam
