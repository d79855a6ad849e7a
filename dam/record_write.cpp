// SPDX-License-Identifier: Apache-2.0
#include "dam/record_write.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/text.h"
#include "dam/evidence_rows.h"
#include "dam/places.h"
#include "dam/seals.h"
#include "dam/words.h"
#include "probes/facts_version.h"

namespace cleangate::dam {
namespace {

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

struct Existing {
  AssetNumber number = 0;
  std::string status, depth;
  int facts_version = 0;
};

// How much of the content a status stands for.
int worth(std::string_view status) {
  if (status == "measured") return 2;
  return status == "partial" ? 1 : 0;
}

int worth_of_depth(std::string_view depth) {
  if (depth == "decode") return 2;
  return depth == "packets" ? 1 : 0;
}

std::optional<Existing> existing(Query query) {
  if (!query->step()) return std::nullopt;
  return Existing{query->integer(0), query->text(1), query->text(2),
                  static_cast<int>(query->integer(3))};
}

std::optional<Existing> by_content(Database& database, const Sha256& content) {
  return existing(database.query(
      "SELECT id, status, depth, coalesce(version, 0) FROM asset LEFT JOIN facts ON facts.asset = "
      "asset.id WHERE content_id = ?1",
      content));
}

// The asset that was seen in this very state at this place. One that could not be read may be
// readable since: its attributes count for nothing.
std::optional<Existing> by_location(Database& database, const Location& at) {
  return existing(database.query(
      "SELECT asset.id, status, depth, coalesce(version, 0) FROM location JOIN asset ON asset.id = "
      "location.asset LEFT JOIN facts ON facts.asset = asset.id "
      "WHERE volume = ?1 AND path = ?2 AND state = 'present' AND device = ?3 AND inode = ?4 AND "
      "location.bytes = ?5 AND mtime_ns = ?6 AND (ctime_ns = ?7 OR asset.content_id IS NULL)",
      at.stat.volume, bytes_of(at.path), static_cast<std::int64_t>(at.stat.device),
      static_cast<std::int64_t>(at.stat.inode), static_cast<std::int64_t>(at.stat.bytes),
      at.stat.mtime_ns, at.stat.ctime_ns));
}

AssetNumber add_asset(const WriteContext& to, const AssetRecord& record) {
  to.database.run(
      "INSERT INTO asset(bytes, kind, status, depth, first_seen, measured_at) VALUES (?1, 'other', "
      "'unreadable', 'header', ?2, ?2)",
      static_cast<std::int64_t>(record.location.stat.bytes), to.now);
  return to.database.last_row();
}

struct Identified {
  Existing asset;
  bool added = false;
};

// Which asset a record speaks of; made when it is new.
Identified identify(const WriteContext& to, const PreparedAsset& prepared) {
  const AssetRecord& record = *prepared.record;
  const auto here = by_location(to.database, record.location);
  const probes::AssetFacts* facts = prepared.measurement ? prepared.measurement->facts : nullptr;
  if (!facts || !facts->content_id) {
    if (here) return {*here, false};
    return {{add_asset(to, record), "", ""}, true};
  }
  const Sha256& content = *facts->content_id;
  const auto known = by_content(to.database, content);
  const bool provisional = here && !has_content(to.database, here->number);
  if (known) {
    if (provisional && here->number != known->number)
      merge_assets(to.database, here->number, known->number);
    return {*known, false};
  }
  Identified found;
  found.added = !provisional;
  found.asset = provisional ? *here : Existing{add_asset(to, record), "", ""};
  to.database.run("UPDATE asset SET content_id = ?2 WHERE id = ?1", found.asset.number, content);
  return found;
}

void write_streams(const WriteContext& to, AssetNumber asset, const PreparedAsset& prepared) {
  const probes::AssetFacts& facts = *prepared.measurement->facts;
  to.database.run("DELETE FROM stream WHERE asset = ?1", asset);
  for (const probes::StreamFacts& stream : facts.streams) {
    const auto hint = prepared.record->essence_hints.find(stream.index);
    const auto text = [](const Fact<std::string>& fact) {
      return fact ? std::optional(to_valid_utf8(*fact)) : std::nullopt;
    };
    to.database.run(
        "INSERT OR REPLACE INTO stream(asset, number, kind, native_id, codec, profile, language, "
        "essence, essence_hint) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        asset, stream.index, probes::to_string(stream.kind), stream.native_id, stream.codec,
        text(stream.profile), text(stream.language),
        stream.essence_digest ? std::optional(*stream.essence_digest) : std::nullopt,
        hint == prepared.record->essence_hints.end() ? std::optional<Sha256>()
                                                     : std::optional(hint->second));
  }
}

std::int64_t field_number(const WriteContext& to, const FieldValue& field) {
  {
    const Query query = to.database.query("SELECT id FROM field_name WHERE name = ?1", field.name);
    if (query->step()) return query->integer(0);
  }
  to.database.run("INSERT INTO field_name(name, unit, kind) VALUES (?1, ?2, ?3)", field.name,
                  field.unit, field.kind);
  return to.database.last_row();
}

// What is known of a field now takes the place of what was known; fields that need rows which were
// not asked for this time stay.
void write_fields(const WriteContext& to, AssetNumber asset,
                  const std::vector<FieldValue>& fields) {
  // What has no value now is found by none.
  to.database.run("DELETE FROM field WHERE asset = ?1", asset);
  for (const FieldValue& field : fields) {
    const std::int64_t name = field_number(to, field);
    to.database.run(
        "INSERT OR REPLACE INTO field(name, text, asset, part, number) VALUES (?1, ?2, ?3, ?4, ?5)",
        name, field.text, asset, field.part, field.number);
  }
}

std::int64_t write_series_row(const WriteContext& to, const PreparedSeries& series) {
  const SeriesKey& key = series.key;
  const Query query = to.database.query(
      "INSERT INTO series(owner, channel, other_owner, other_channel, pair_offset, row, version, "
      "parameters, epoch, digest, rows, bytes, first_seen) VALUES (?1, ?2, coalesce(?3, x''), ?4, "
      "?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) ON CONFLICT (owner, channel, other_owner, "
      "other_channel, pair_offset, row, version, parameters, epoch) DO UPDATE SET digest = "
      "excluded.digest, rows = excluded.rows, bytes = excluded.bytes, lost_at = NULL RETURNING "
      "id",
      key.owner, key.channel, key.other_owner, key.other_channel, key.pair_offset, key.row,
      key.version, key.parameters, key.epoch, series.digest, series.rows, series.bytes, to.now);
  query->step();
  const std::int64_t id = query->integer(0);
  query->step();  // to the statement's end
  return id;
}

void write_series(const WriteContext& to, AssetNumber asset, const PreparedMeasurement& measured) {
  for (const PreparedSeries& one : measured.series)
    to.database.run("INSERT OR IGNORE INTO asset_series(asset, series) VALUES (?1, ?2)", asset,
                    write_series_row(to, one));
  // Rows that were measured for another wrapper of the same essence.
  for (const Sha256& owner : series_owners(*measured.facts))
    to.database.run(
        "INSERT OR IGNORE INTO asset_series(asset, series) SELECT ?1, id FROM series WHERE owner = "
        "?2",
        asset, owner);
}

void write_cues(const WriteContext& to, AssetNumber asset, const std::vector<Cue>& cues) {
  std::vector<std::pair<std::int64_t, std::string>> old;
  {
    const Query query = to.database.query("SELECT id, text FROM cue WHERE asset = ?1", asset);
    while (query->step()) old.emplace_back(query->integer(0), query->text(1));
  }
  for (const auto& [id, text] : old)
    unindex_words(to.database, Words::cue, words_row(asset, id), text);
  to.database.run("DELETE FROM cue WHERE asset = ?1", asset);
  for (const Cue& cue : cues) {
    const std::string text = to_valid_utf8(cue.text);
    to.database.run(
        "INSERT INTO cue(asset, service, language, start_s, end_s, text) VALUES (?1, ?2, ?3, ?4, "
        "?5, ?6)",
        asset, cue.service, cue.language, to_string(cue.start_s), to_string(cue.end_s), text);
    index_words(to.database, Words::cue, words_row(asset, to.database.last_row()), text);
  }
}

void write_measurement(const WriteContext& to, AssetNumber asset, const PreparedAsset& prepared) {
  const AssetRecord& record = *prepared.record;
  const PreparedMeasurement& measured = *prepared.measurement;
  const probes::AssetFacts& facts = *measured.facts;
  const bool has_rows = !measured.series.empty();
  to.database.run(
      "UPDATE asset SET bytes = ?2, kind = ?3, status = ?4, depth = ?5, container = ?6, error_code "
      "= "
      "?7, error_message = ?8, content_hint = coalesce(?9, content_hint), isolation = ?10, "
      "measured_at = ?11, pruned_at = CASE WHEN ?12 THEN NULL ELSE pruned_at END WHERE id = ?1",
      asset, static_cast<std::int64_t>(facts.bytes ? facts.bytes : record.location.stat.bytes),
      kind_of(facts), probes::to_string(measured.status), probes::to_string(facts.depth),
      facts.container.format,
      record.error ? std::optional(std::string(to_string(record.error->code))) : std::nullopt,
      record.error ? std::optional(to_valid_utf8(record.error->message)) : std::nullopt,
      record.content_hint, record.isolation, to.now, has_rows);
  to.database.run(
      "INSERT INTO facts(asset, document, version) VALUES (?1, ?2, ?3) ON CONFLICT (asset) DO "
      "UPDATE SET document = excluded.document, version = excluded.version",
      asset, measured.document, probes::kFactsVersion);
  write_streams(to, asset, prepared);
  write_fields(to, asset, measured.fields);
  seal_asset(to.database, asset);
  write_series(to, asset, measured);
  write_cues(to, asset, record.cues);
}

// Is what was measured now worth at least what is there? That a file is not whole is believed where
// an older version of ours took it for whole.
bool replaces(const PreparedMeasurement& now, const Existing& before) {
  const int status = worth(probes::to_string(now.status)), old = worth(before.status);
  const bool knows_better = status > 0 && before.facts_version < probes::kFactsVersion;
  if (status != old && !knows_better) return status > old;
  return worth_of_depth(probes::to_string(now.facts->depth)) >= worth_of_depth(before.depth);
}

std::string account_of(const PreparedAsset& prepared) {
  if (!prepared.measurement) return "not measured";
  return fmt::format("{} at depth {}, {} series, {} bytes",
                     probes::to_string(prepared.measurement->status),
                     probes::to_string(prepared.measurement->facts->depth),
                     prepared.measurement->series.size(), prepared.record->location.stat.bytes);
}

void write_account(const WriteContext& to, const PreparedAsset& prepared,
                   const Recorded& recorded) {
  const bool good =
      prepared.measurement && worth(probes::to_string(prepared.measurement->status)) == 2;
  const std::string why = prepared.record->error ? ": " + prepared.record->error->message : "";
  const std::string path = readable(prepared.record->location.path);
  if (recorded.what == Recorded::What::added)
    write_event(to, recorded.number,
                {"ingestion",
                 good ? "success" : "failure",
                 fmt::format("{} from {}{}", account_of(prepared), path, why),
                 {}});
  else if (prepared.measurement)
    write_event(to, recorded.number,
                {"metadata extraction",
                 good ? "success" : "failure",
                 fmt::format("{} from {}{}", account_of(prepared), path, why),
                 {}});
}

}  // namespace

Recorded write_asset(const WriteContext& to, const PreparedAsset& prepared) {
  const Identified found = identify(to, prepared);
  Recorded recorded{found.asset.number,
                    found.added ? Recorded::What::added : Recorded::What::known};
  if (prepared.measurement && (found.added || replaces(*prepared.measurement, found.asset))) {
    write_measurement(to, recorded.number, prepared);
    if (!found.added) recorded.what = Recorded::What::measured_anew;
  }
  const AssetRecord& record = *prepared.record;
  const bool arrived = write_location(to, recorded.number, record.location);
  write_moves(to, recorded.number, record.location, arrived, record.gone);
  write_account(to, prepared, recorded);
  for (const Event& event : prepared.record->events) write_event(to, recorded.number, event);
  // What is there was measured deeper or better: it is not judged by less.
  if (prepared.measurement && recorded.what == Recorded::What::known) return recorded;
  const bool remembers = prepared.measurement.has_value();
  if (prepared.verdicts.empty() && !remembers) return recorded;
  const Sha256 evidence = load_evidence_rows(to.database, recorded.number).digest;
  if (remembers) write_memos(to.database, recorded.number, evidence, prepared.measurement->memos);
  for (const PreparedVerdict& verdict : prepared.verdicts)
    write_judgement(to, recorded.number, verdict, evidence);
  return recorded;
}

}  // namespace cleangate::dam
