// SPDX-License-Identifier: Apache-2.0
#include "dam/statistics.h"

#include "dam/sqlite.h"
#include "dam/waivers.h"

namespace cleangate::dam {
namespace {

std::map<std::string, std::int64_t> counted(Database& database, std::string_view sql) {
  std::map<std::string, std::int64_t> counts;
  const Query rows = database.query(sql);
  while (rows->step()) counts[rows->text(0)] = rows->integer(1);
  return counts;
}

std::int64_t& count_of(SpecStatistics& spec, const std::string& verdict) {
  if (verdict == "pass") return spec.pass;
  return verdict == "fail" ? spec.fail : spec.inconclusive;
}

std::vector<SpecStatistics> specs_of(Database& database) {
  std::map<std::string, SpecStatistics> specs;
  {
    const Query rows = database.query(
        "SELECT spec, verdict, count(*) FROM judgement JOIN asset ON asset.id = judgement.asset "
        "WHERE latest = 1 AND merged_into IS NULL GROUP BY spec, verdict");
    while (rows->step()) count_of(specs[rows->text(0)], rows->text(1)) = rows->integer(2);
  }
  for (const WaivedVerdict& one : waived_verdicts(database)) {
    --count_of(specs[one.spec], std::string(specs::to_string(one.stored)));
    ++count_of(specs[one.spec], std::string(specs::to_string(one.effective)));
  }
  std::vector<SpecStatistics> list;
  for (auto& [id, spec] : specs) {
    spec.spec = id;
    list.push_back(spec);
  }
  return list;
}

void count_assets(Database& database, Statistics& found) {
  found.assets = database.integer("SELECT count(*) FROM asset WHERE merged_into IS NULL");
  found.bytes = static_cast<std::uint64_t>(
      database.integer("SELECT coalesce(sum(bytes), 0) FROM asset WHERE merged_into IS NULL"));
  found.kinds =
      counted(database, "SELECT kind, count(*) FROM asset WHERE merged_into IS NULL GROUP BY kind");
  found.statuses = counted(
      database, "SELECT status, count(*) FROM asset WHERE merged_into IS NULL GROUP BY status");
  const auto states = counted(
      database,
      "SELECT coalesce(found, state) AS now, count(*) FROM location WHERE state <> 'replaced' AND "
      "found IS NOT 'moved' GROUP BY now");
  for (const auto& [state, count] : states) {
    found.locations += count;
    if (state == "present") found.present = count;
    if (state == "missing") found.missing = count;
    if (state == "mismatched") found.mismatched = count;
  }
  const Query duration = database.query(
      "SELECT coalesce(sum(number), 0.0) FROM field WHERE number IS NOT NULL AND name = (SELECT id "
      "FROM field_name WHERE name = 'file.duration')");
  if (duration->step()) found.duration_s = duration->real(0);
}

}  // namespace

Expected<Statistics> statistics(Catalog& catalog) {
  Statistics found;
  const auto done = catalog.read([&](Database& database) {
    count_assets(database, found);
    found.specs = specs_of(database);
    found.judgements = database.integer("SELECT count(*) FROM judgement");
    found.findings = database.integer(
        "SELECT count(*) FROM judgement JOIN finding ON finding.judgement = judgement.id WHERE "
        "latest = 1");
    found.waivers = database.integer("SELECT count(*) FROM waiver WHERE revoked_at IS NULL");
    found.events = database.integer("SELECT count(*) FROM event");
    found.tags = database.integer("SELECT count(*) FROM tag");
    found.notes = database.integer("SELECT count(*) FROM note");
    found.cues = database.integer("SELECT count(*) FROM cue");
    found.series = database.integer("SELECT count(*) FROM series");
    found.series_rows = database.integer("SELECT coalesce(sum(rows), 0) FROM series");
    found.series_bytes = static_cast<std::uint64_t>(database.integer(
        "SELECT coalesce(sum(bytes), 0) FROM (SELECT DISTINCT digest, bytes FROM series)"));
    found.database_bytes = static_cast<std::uint64_t>(
        database.integer("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"));
  });
  if (!done) return tl::unexpected(done.error());
  return found;
}

}  // namespace cleangate::dam
