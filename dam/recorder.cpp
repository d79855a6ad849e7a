// SPDX-License-Identifier: Apache-2.0
#include "dam/recorder.h"

#include <fmt/format.h>

#include "core/text.h"
#include "dam/crash_point.h"
#include "dam/evidence_rows.h"
#include "dam/files.h"
#include "dam/places.h"
#include "dam/reading_memo.h"
#include "dam/record_prepare.h"
#include "dam/record_write.h"
#include "dam/series_store.h"
#include "dam/sqlite.h"
#include "dam/stored_evidence.h"
#include "dam/times.h"

namespace cleangate::dam {
namespace {

WriteContext context(Database& database, const Catalog& catalog) {
  return {database, utc_now(), catalog.options().agent};
}

// Under the writer lock nobody tidies the store: what is there now is there when the row commits.
void require_files(const SeriesStore& store, const std::vector<PreparedAsset>& assets) {
  for (const PreparedAsset& asset : assets)
    if (asset.measurement)
      for (const PreparedSeries& series : asset.measurement->series)
        if (!store.has(series.digest))
          throw_failure(ErrorCode::io,
                        fmt::format("The series file {} vanished before it was recorded; run this "
                                    "again.",
                                    readable(store.path_of(series.digest))));
}

// Rows that the asset stands on, that are gone, and that measuring it did not bring back.
void note_lost(const WriteContext& to, const SeriesStore& store, const PreparedAsset& prepared,
               AssetNumber asset) {
  if (!prepared.record->all_rows || !prepared.measurement) return;
  const PreparedMeasurement& measured = *prepared.measurement;
  const bool told =
      measured.status == probes::Status::measured || measured.status == probes::Status::partial;
  if (!told || measured.facts->depth != probes::Depth::decode) return;
  for (const auto& [key, row] : load_series_rows(to.database, load_facts(to.database, asset)))
    if (!row.lost && file_size(store.path_of(row.digest)) != row.bytes)
      to.database.run(
          "UPDATE series SET lost_at = ?7 WHERE digest = ?1 AND owner = ?2 AND channel = ?3 AND "
          "row = ?4 AND version = ?5 AND epoch = ?6",
          row.digest, key.owner, key.channel, key.row, key.version, key.epoch, to.now);
}

void require_asset(Database& database, AssetNumber asset) {
  const Query query = database.query("SELECT 1 FROM asset WHERE id = ?1", asset);
  if (!query->step())
    throw_failure(ErrorCode::not_found, fmt::format("There is no asset {}.", asset));
}

}  // namespace

Expected<std::vector<Recorded>> Recorder::record(std::span<const AssetRecord> assets) {
  return guarded([&] {
    SeriesStore::Batch batch(catalog_.series());
    std::vector<PreparedAsset> prepared;
    for (const AssetRecord& asset : assets) prepared.push_back(prepare(asset, batch));
    unwrap(batch.settle());
    std::vector<Recorded> recorded;
    unwrap(catalog_.write([&](Database& database) {
      require_files(catalog_.series(), prepared);
      const WriteContext to = context(database, catalog_);
      for (const PreparedAsset& asset : prepared) {
        recorded.push_back(write_asset(to, asset));
        note_lost(to, catalog_.series(), asset, recorded.back().number);
        crash_point("record:asset");
      }
    }));
    return recorded;
  });
}

Expected<void> Recorder::seen(AssetNumber asset, const Location& location) {
  const Seen one{asset, location, {}};
  return met(std::span(&one, 1), {});
}

Expected<void> Recorder::judged(std::span<const Judged> judgements) { return met({}, judgements); }

Expected<void> Recorder::met(std::span<const Seen> seen, std::span<const Judged> judgements) {
  return guarded([&] {
    std::vector<PreparedVerdict> prepared;
    for (const Judged& one : judgements) prepared.push_back(prepare(one.judged));
    unwrap(catalog_.write([&](Database& database) {
      const WriteContext to = context(database, catalog_);
      for (const Seen& one : seen) {
        require_asset(database, one.asset);
        const bool arrived = write_location(to, one.asset, one.location);
        write_moves(to, one.asset, one.location, arrived, one.gone);
      }
      for (std::size_t i = 0; i < prepared.size(); ++i) {
        require_asset(database, judgements[i].asset);
        write_judgement(to, judgements[i].asset, prepared[i], judgements[i].evidence);
        if (const StoredEvidence* stored = judgements[i].stored)
          write_memos(database, judgements[i].asset, stored->digest(), stored->new_readings());
      }
    }));
  });
}

namespace {

void move_place(const WriteContext& to, const Recorder::Happened& one) {
  using What = Recorder::Happened::Place;
  if (!one.asset) return;
  const char* sql = nullptr;
  if (one.place == What::missing)
    sql =
        "UPDATE location SET state = 'missing', found = NULL WHERE volume = ?1 AND path = ?2 AND "
        "asset = ?3 AND state = 'present'";
  if (one.place == What::found)
    sql =
        "UPDATE OR IGNORE location SET state = 'present', found = NULL WHERE volume = ?1 AND path "
        "= ?2 AND asset = ?3 AND state <> 'replaced'";
  if (sql) to.database.run(sql, one.volume, std::as_bytes(std::span(one.path)), *one.asset);
  if (one.place == What::distrusted) write_mismatch(to, *one.asset, {one.volume, one.path});
}

}  // namespace

Expected<void> Recorder::events(std::span<const Happened> happened) {
  return catalog_.write([&](Database& database) {
    const WriteContext to = context(database, catalog_);
    for (const Happened& one : happened) {
      if (one.asset) require_asset(database, *one.asset);
      write_event(to, one.asset, one.event);
      move_place(to, one);
    }
  });
}

Expected<void> Recorder::emptied(std::span<const std::string> paths) {
  const auto filled = filled_places(catalog_, paths);
  if (!filled) return tl::unexpected(filled.error());
  if (filled->empty()) return {};
  std::vector<Happened> happened;
  for (const PlaceOf& one : *filled)
    happened.push_back(
        {one.asset,
         {"fixity check", "failure", "mismatch: The file is empty now.", one.place.path},
         Happened::Place::distrusted,
         one.place.volume,
         one.place.path});
  return events(happened);
}

Expected<void> Recorder::related(std::span<const Relation> relations) {
  return catalog_.write([&](Database& database) {
    const std::string now = utc_now();
    for (const Relation& one : relations) {
      require_asset(database, one.asset);
      require_asset(database, one.other);
      database.run(
          "INSERT OR IGNORE INTO relation(asset, kind, other, time) VALUES (?1, ?2, ?3, ?4)",
          one.asset, one.kind, one.other, now);
    }
  });
}

}  // namespace cleangate::dam
