// SPDX-License-Identifier: Apache-2.0
// Locations, judgements and events of a record.
#include <fmt/format.h>

#include <set>

#include "core/text.h"
#include "dam/record_write.h"
#include "dam/seals.h"
#include "dam/words.h"

namespace cleangate::dam {
namespace {

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

std::string text_of(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

struct Row {
  std::int64_t row = 0;
  AssetNumber asset = 0;
  bool was_missing = false;  // and nothing says where it went
};

std::optional<Row> present_at(Database& database, const Location& at) {
  const Query query = database.query(
      "SELECT id, asset FROM location WHERE volume = ?1 AND path = ?2 AND state = 'present'",
      at.stat.volume, bytes_of(at.path));
  if (!query->step()) return std::nullopt;
  return Row{query->integer(0), query->integer(1)};
}

bool is_same_file(Database& database, std::int64_t row, const Location& at) {
  const Query query = database.query(
      "SELECT 1 FROM location WHERE id = ?1 AND inode = ?2 AND bytes = ?3 AND mtime_ns = ?4 AND "
      "ctime_ns = ?5",
      row, static_cast<std::int64_t>(at.stat.inode), static_cast<std::int64_t>(at.stat.bytes),
      at.stat.mtime_ns, at.stat.ctime_ns);
  return query->step();
}

// A place where this asset was before, and then was not.
std::optional<Row> left_from(Database& database, AssetNumber asset, const Location& at) {
  const Query query = database.query(
      "SELECT id, asset, state = 'missing' AND found IS NULL FROM location WHERE volume = ?1 AND "
      "path = ?2 AND asset = ?3",
      at.stat.volume, bytes_of(at.path), asset);
  if (!query->step()) return std::nullopt;
  return Row{query->integer(0), query->integer(1), query->integer(2) != 0};
}

void refresh(const WriteContext& to, std::int64_t row, const Location& at) {
  to.database.run(
      "UPDATE location SET state = 'present', found = NULL, device = ?2, inode = ?3, bytes = ?4, "
      "mtime_ns = ?5, ctime_ns = ?6, last_seen = ?7 WHERE id = ?1",
      row, static_cast<std::int64_t>(at.stat.device), static_cast<std::int64_t>(at.stat.inode),
      static_cast<std::int64_t>(at.stat.bytes), at.stat.mtime_ns, at.stat.ctime_ns, to.now);
}

struct Last {
  std::int64_t id = 0;
  Sha256 outcome;
};

std::optional<Last> last_judgement(Database& database, AssetNumber asset,
                                   const specs::Verdict& verdict) {
  const Query query = database.query(
      "SELECT id, outcome_digest FROM judgement WHERE asset = ?1 AND spec = ?2 AND name = ?3 AND "
      "latest = 1",
      asset, verdict.spec, bytes_of(verdict.name.value_or("")));
  if (!query->step()) return std::nullopt;
  return Last{query->integer(0), query->digest(1).value_or(Sha256{})};
}

void retire(Database& database, AssetNumber asset, std::int64_t judgement) {
  std::vector<std::pair<std::int64_t, std::string>> findings;
  {
    const Query query =
        database.query("SELECT id, message FROM finding WHERE judgement = ?1", judgement);
    while (query->step()) findings.emplace_back(query->integer(0), query->text(1));
  }
  for (const auto& [id, message] : findings)
    unindex_words(database, Words::finding, words_row(asset, id), message);
  database.run("UPDATE judgement SET latest = 0 WHERE id = ?1", judgement);
}

// The names under which an asset lies, or may lie where it cannot be looked.
std::set<std::string> names_of(Database& database, AssetNumber asset) {
  std::set<std::string> names;
  const Query query = database.query(
      "SELECT path FROM location WHERE asset = ?1 AND state <> 'replaced' AND found IS NULL",
      asset);
  while (query->step()) names.insert(file_name(text_of(query->blob(0))));
  return names;
}

// Judgements by the same spec in whose place this one comes: of names that the asset has no more,
// of a name that is not known, and all where no rule is about the name now, or none was.
void retire_other_names(Database& database, AssetNumber asset, const specs::Verdict& verdict) {
  const std::string ours = verdict.name.value_or("");
  std::vector<std::pair<std::int64_t, std::string>> others;
  {
    const Query query = database.query(
        "SELECT id, name FROM judgement WHERE asset = ?1 AND spec = ?2 AND latest = 1 AND name <> "
        "?3",
        asset, verdict.spec, bytes_of(ours));
    while (query->step()) others.emplace_back(query->integer(0), text_of(query->blob(1)));
  }
  if (others.empty()) return;
  const std::set<std::string> names = names_of(database, asset);
  for (const auto& [id, name] : others)
    if (ours.empty() || !names.contains(name)) retire(database, asset, id);
}

void write_finding(const WriteContext& to, AssetNumber asset, std::int64_t judgement,
                   const PlacedFinding& placed) {
  const specs::Finding& finding = placed.finding;
  const std::string message = to_valid_utf8(finding.message);
  to.database.run(
      "INSERT INTO finding(judgement, position, finding_id, requirement, quantity, outcome, "
      "severity, category, overridable, stream, soundfield, spans, spans_total, measured, "
      "expected, "
      "source, message, because, basis, not_looked_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
      "?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
      judgement, placed.position, finding.finding_id, finding.requirement, finding.quantity,
      specs::to_string(finding.outcome), specs::to_string(finding.severity), finding.category,
      finding.overridable, finding.stream, finding.soundfield, spans_json(finding.spans),
      finding.spans_total, measured_json(finding.measured), expected_json(finding.expected),
      source_json(finding.source), message,
      finding.because ? std::optional(to_valid_utf8(*finding.because)) : std::nullopt,
      basis_of(finding), finding.not_looked_at ? 1 : 0);
  index_words(to.database, Words::finding, words_row(asset, to.database.last_row()), message);
}

std::int64_t add_judgement(const WriteContext& to, AssetNumber asset, const PreparedVerdict& judged,
                           const Sha256& evidence) {
  const specs::Verdict& verdict = *judged.verdict;
  const specs::Counts& counts = verdict.counts;
  to.database.run(
      "INSERT INTO judgement(asset, spec, spec_title, edition, revision, profile_digest, "
      "order_data, "
      "verdict, passed, failed, warned, not_applicable, inconclusive, manual, waived, "
      "outcome_digest, evidence, quiet_findings, program, time, confirmed, latest, noted, "
      "not_looked_at, name) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, "
      "?15, ?16, ?17, ?18, ?19, ?20, ?20, 1, ?21, ?22, ?23)",
      asset, verdict.spec, to_valid_utf8(verdict.spec_title), to_valid_utf8(verdict.edition),
      verdict.revision, verdict.profile_digest, judged.order, specs::to_string(verdict.verdict),
      counts.pass, counts.fail, counts.warn, counts.not_applicable, counts.inconclusive,
      counts.manual, counts.waived, judged.outcome, evidence, judged.quiet, to.agent, to.now,
      counts.info, counts.not_looked_at, bytes_of(verdict.name.value_or("")));
  return to.database.last_row();
}

}  // namespace

bool has_content(Database& database, AssetNumber asset) {
  const Query query =
      database.query("SELECT content_id IS NOT NULL FROM asset WHERE id = ?1", asset);
  return query->step() && query->integer(0) != 0;
}

void merge_assets(Database& database, AssetNumber from, AssetNumber into) {
  database.run("UPDATE asset SET merged_into = ?2 WHERE id = ?1 OR merged_into = ?1", from, into);
  database.run("UPDATE location SET asset = ?2 WHERE asset = ?1", from, into);
  database.run("UPDATE note SET asset = ?2 WHERE asset = ?1", from, into);
  database.run("UPDATE OR IGNORE tag SET asset = ?2 WHERE asset = ?1", from, into);
  database.run("UPDATE waiver SET asset = ?2 WHERE asset = ?1", from, into);
  database.run("UPDATE OR IGNORE relation SET asset = ?2 WHERE asset = ?1", from, into);
  database.run("UPDATE OR IGNORE relation SET other = ?2 WHERE other = ?1", from, into);
}

bool write_location(const WriteContext& to, AssetNumber asset, const Location& location) {
  const auto present = present_at(to.database, location);
  if (present && present->asset == asset) {
    refresh(to, present->row, location);
    return false;
  }
  if (present && !has_content(to.database, present->asset) &&
      is_same_file(to.database, present->row, location)) {
    merge_assets(to.database, present->asset, asset);
    refresh(to, present->row, location);
    return true;
  }
  // The same path on another volume: what was mounted there is not.
  to.database.run(
      "UPDATE location SET state = 'missing', found = NULL WHERE path = ?1 AND volume <> ?2 AND "
      "state = 'present'",
      bytes_of(location.path), location.stat.volume);
  if (present) {
    to.database.run("UPDATE location SET state = 'replaced', found = NULL WHERE id = ?1",
                    present->row);
    write_event(to, present->asset,
                {"modification",
                 "success",
                 fmt::format("other content lies at {} now", readable(location.path)),
                 {}});
  }
  if (const auto before = left_from(to.database, asset, location)) {
    refresh(to, before->row, location);
    return !before->was_missing;
  }
  const std::string text = readable(location.path);
  to.database.run(
      "INSERT INTO location(asset, volume, path, path_text, device, inode, bytes, mtime_ns, "
      "ctime_ns, first_seen, last_seen, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
      "?10, 'present')",
      asset, location.stat.volume, bytes_of(location.path), text,
      static_cast<std::int64_t>(location.stat.device),
      static_cast<std::int64_t>(location.stat.inode),
      static_cast<std::int64_t>(location.stat.bytes), location.stat.mtime_ns,
      location.stat.ctime_ns, to.now);
  index_words(to.database, Words::location, to.database.last_row(), text);
  return true;
}

bool write_judgement(const WriteContext& to, AssetNumber asset, const PreparedVerdict& judged,
                     const Sha256& evidence) {
  const specs::Verdict& verdict = *judged.verdict;
  retire_other_names(to.database, asset, verdict);
  const auto last = last_judgement(to.database, asset, verdict);
  if (last && last->outcome == judged.outcome) {
    to.database.run("UPDATE judgement SET confirmed = ?2, evidence = ?3 WHERE id = ?1", last->id,
                    to.now, evidence);
    return false;
  }
  if (last) retire(to.database, asset, last->id);
  const std::int64_t judgement = add_judgement(to, asset, judged, evidence);
  for (const PlacedFinding& finding : judged.loud) write_finding(to, asset, judgement, finding);
  write_event(to, asset,
              {"validation",
               std::string(specs::to_string(verdict.verdict)),
               fmt::format("judged against {} revision {} ({}){}", verdict.spec, verdict.revision,
                           verdict.profile_digest,
                           verdict.name ? " under the name " + readable(*verdict.name) : ""),
               {}});
  return true;
}

void write_event(const WriteContext& to, std::optional<AssetNumber> asset, const Event& event) {
  std::string object = event.object;
  if (object.empty() && asset) object = object_name(to.database, *asset);
  const Event written{event.type, event.outcome, to_valid_utf8(event.detail),
                      to_valid_utf8(object)};
  to.database.run(
      "INSERT INTO event(type, time, outcome, detail, agent, asset, object, seal) VALUES (?1, ?2, "
      "?3, ?4, ?5, ?6, ?7, ?8)",
      written.type, to.now, written.outcome, written.detail, to.agent, asset, written.object,
      event_seal(written, to.now, to.agent, asset));
}

std::string object_name(Database& database, AssetNumber asset) {
  const Query query = database.query(
      "SELECT content_id, (SELECT path_text FROM location WHERE asset = asset.id ORDER BY state = "
      "'present' DESC, last_seen DESC, id LIMIT 1) FROM asset WHERE id = ?1",
      asset);
  if (!query->step()) return {};
  const auto content = query->digest(0);
  return content ? to_content_id(*content) : query->text(1);
}

}  // namespace cleangate::dam
