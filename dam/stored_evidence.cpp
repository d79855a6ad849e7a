// SPDX-License-Identifier: Apache-2.0
#include "dam/stored_evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "core/text.h"
#include "dam/evidence_rows.h"
#include "dam/files.h"
#include "dam/reading_memo.h"
#include "dam/series_store.h"
#include "dam/sqlite.h"
#include "dam/stored_series.h"

namespace cleangate::dam {

struct StoredEvidence::State {
  EvidenceRows rows;
  SeriesStore store{""};
  std::mutex mutex;
  std::map<probes::SeriesId, std::unique_ptr<specs::ColumnReader>> open;
  ReadingMemo memo;
  std::span<const probes::OldRow> marks;

  // The series of the newest epoch there is: an older one stays good until it is said not to be.
  [[nodiscard]] const SeriesRow* find(const probes::SeriesId& id) const {
    auto key = series_key(rows.facts, id);
    if (!key) return nullptr;
    const SeriesRow* newest = nullptr;
    key->epoch = 0;
    for (auto at = rows.series.lower_bound(*key); at != rows.series.end(); ++at) {
      SeriesKey same = at->first;
      same.epoch = 0;
      if (same != *key) break;
      newest = &at->second;
    }
    return newest;
  }

  // Of this version or, where there are none, of the newest one before it.
  [[nodiscard]] std::unique_ptr<specs::ColumnReader> reader(probes::SeriesId id) const {
    const SeriesRow* row = find(id);
    while (!row && id.version > 1) {
      --id.version;
      row = find(id);
    }
    const probes::RowType* type = row ? probes::find_row_type(id.row, id.version) : nullptr;
    if (!type) return nullptr;
    if (const std::string_view why = probes::wrong_with(marks, rows.facts, id); !why.empty())
      return std::make_unique<DamagedSeries>(*type, row->rows,
                                             Error{ErrorCode::refused, std::string(why)});
    auto opened = StoredSeries::open(store.path_of(row->digest));
    if (!opened) return std::make_unique<DamagedSeries>(*type, row->rows, opened.error());
    if (&(*opened)->type() == type && (*opened)->row_count() == row->rows)
      return std::move(*opened);
    return std::make_unique<DamagedSeries>(
        *type, row->rows,
        Error{ErrorCode::damaged, fmt::format("{} holds other rows than the catalog says.",
                                              readable(store.path_of(row->digest)))});
  }
};

namespace {

// Rows that have been marked wrong since are other evidence: nothing folded from them before holds.
Sha256 marked(const EvidenceRows& rows, std::span<const probes::OldRow> marks) {
  std::string wrong;
  for (const probes::OldRow& one : marks)
    for (const auto& [key, row] : rows.series)
      if (one.mark == probes::OldRowMark::wrong && key.row == one.row && key.version == one.version)
        wrong += fmt::format("{} {} {} wrong\n", key.row, key.version, to_hex(row.digest));
  return wrong.empty() ? rows.digest : sha256_of(to_hex(rows.digest) + "\n" + wrong);
}

}  // namespace

StoredEvidence::StoredEvidence(std::unique_ptr<State> state) : state_(std::move(state)) {}
StoredEvidence::~StoredEvidence() = default;

Expected<std::unique_ptr<StoredEvidence>> StoredEvidence::load(
    Catalog& catalog, AssetNumber number, std::span<const probes::OldRow> marks) {
  auto state = std::make_unique<State>();
  state->marks = marks;
  state->store = SeriesStore(catalog.series().directory());
  auto loaded = catalog.read([&](Database& database) {
    state->rows = load_evidence_rows(database, number);
    state->rows.digest = marked(state->rows, marks);
    for (Memo& memo : load_memos(database, number, state->rows.digest))
      state->memo.add(std::move(memo));
  });
  if (!loaded) return tl::unexpected(loaded.error());
  return std::unique_ptr<StoredEvidence>(new StoredEvidence(std::move(state)));
}

const std::string& StoredEvidence::path() const { return state_->rows.path; }
const probes::AssetFacts& StoredEvidence::facts() const { return state_->rows.facts; }
probes::Status StoredEvidence::status() const { return state_->rows.status; }
const std::vector<std::string>& StoredEvidence::paths() const { return state_->rows.paths; }
AssetNumber StoredEvidence::number() const { return state_->rows.number; }
bool StoredEvidence::pruned() const { return state_->rows.pruned; }

bool StoredEvidence::lacks(const std::optional<std::set<std::string>>& rows) const {
  // Of each series the newest there is: what an older version measured is not measured again.
  std::map<SeriesKey, std::pair<std::pair<int, int>, const SeriesRow*>> newest;
  for (const auto& [key, row] : state_->rows.series) {
    if (rows && !rows->contains(key.row)) continue;
    SeriesKey any = key;
    any.version = any.epoch = 0;
    auto& best = newest[any];
    const std::pair age(key.version, key.epoch);
    if (!best.second || age > best.first) best = {age, &row};
  }
  return std::any_of(newest.begin(), newest.end(), [&](const auto& one) {
    const SeriesRow& row = *one.second.second;
    return !row.lost && file_size(state_->store.path_of(row.digest)) != row.bytes;
  });
}

const std::string& StoredEvidence::isolation() const { return state_->rows.isolation; }
const Sha256& StoredEvidence::digest() const { return state_->rows.digest; }

specs::ReadingMemory* StoredEvidence::memory() const { return &state_->memo; }

std::vector<Memo> StoredEvidence::new_readings() const {
  const std::lock_guard lock(state_->mutex);
  for (const auto& [id, reader] : state_->open) {
    const auto* stored = dynamic_cast<const StoredSeries*>(reader.get());
    if (reader && (!stored || stored->failed())) return {};
  }
  return state_->memo.fresh();
}

const specs::ColumnReader* StoredEvidence::rows(const probes::SeriesId& id) const {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->open.find(id);
  if (found != state_->open.end()) return found->second.get();
  return state_->open.emplace(id, state_->reader(id)).first->second.get();
}

}  // namespace cleangate::dam
