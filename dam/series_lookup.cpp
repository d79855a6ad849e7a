// SPDX-License-Identifier: Apache-2.0
#include "dam/series_lookup.h"

#include <optional>

#include "dam/files.h"
#include "dam/series_key.h"
#include "dam/series_store.h"
#include "dam/sqlite.h"

namespace cleangate::dam {

Expected<std::unique_ptr<Series>> stored_series(Catalog& catalog, const probes::AssetFacts& facts,
                                                const probes::SeriesId& id) {
  const auto key = series_key(facts, id);
  if (!key) return nullptr;
  std::optional<Sha256> digest;
  auto found = catalog.read([&](Database& database) {
    const Query query = database.query(
        "SELECT digest FROM series WHERE owner = ?1 AND channel = ?2 AND other_owner = "
        "coalesce(?3, "
        "x'') AND other_channel = ?4 AND pair_offset = ?5 AND row = ?6 AND version = ?7 AND "
        "parameters = ?8 ORDER BY epoch DESC LIMIT 1",
        key->owner, key->channel, key->other_owner, key->other_channel, key->pair_offset, key->row,
        key->version, key->parameters);
    if (query->step()) digest = query->digest(0);
  });
  if (!found) return tl::unexpected(found.error());
  if (!digest) return nullptr;
  const auto file = guarded([&] { return read_file(catalog.series().path_of(*digest)); });
  if (!file) return tl::unexpected(file.error());
  return Series::decode(*file);
}

}  // namespace cleangate::dam
