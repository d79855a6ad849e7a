// SPDX-License-Identifier: Apache-2.0
#include "pipeline/run/unopened.h"

#include <array>
#include <string_view>

#include "dam/files.h"
#include "dam/known.h"
#include "dam/places.h"

namespace cleangate::run {

std::optional<Unopened> find_unopened(Catalogs& catalogs, const std::string& path,
                                      const Error& why) {
  const bool empty = why.code == ErrorCode::empty_file;
  if (!empty && why.code != ErrorCode::permission) return std::nullopt;
  auto stat = dam::stat_at(path);
  if (!stat) return std::nullopt;
  Unopened found;
  found.location = {dam::absolute_place(path), std::move(*stat)};
  if (empty) {
    const std::array paths{found.location.path};
    const auto filled =
        catalogs.with([&](dam::Catalog& catalog) { return dam::filled_places(catalog, paths); });
    if (!filled || !filled->empty()) return std::nullopt;
    found.content_id = dam::sha256_of(std::string_view());
  }
  const auto before = catalogs.with(
      [&](dam::Catalog& catalog) { return dam::Known(catalog).by_stat(found.location.stat); });
  if (before && *before && (*before)->error && (*before)->error->code == why.code) {
    found.known = (*before)->number;
    return found;
  }
  probes::AssetFacts facts;
  facts.bytes = found.location.stat.bytes;
  if (found.content_id) facts.content_id = *found.content_id;
  found.evidence = std::make_unique<dam::MemoryEvidence>(found.location.path);
  found.evidence->facts(facts);
  return found;
}

}  // namespace cleangate::run
