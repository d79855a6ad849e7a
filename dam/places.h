// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "dam/catalog.h"
#include "dam/record.h"

// Moves. A place that an asset left for another is history (`show` tells it); a copy that vanished
// without one is missing, and `verify` says so.
namespace cleangate::dam {

struct WriteContext;

// Places that this asset may have left for `to`: those of the same file (volume and inode) and,
// where it was not known at `to`, 64 others at most, first those not seen for longest. Who asks
// looks which of them are empty now, and records that with the new place.
[[nodiscard]] Expected<std::vector<Place>> places_before(Catalog& catalog, AssetNumber asset,
                                                         const Location& to);

// `gone`: nothing is there any more. All that were this very file are marked moved; where there is
// none of them and the asset has `arrived` at a place it was not known at, one other: one copy more
// stands for one that is gone, not for two. Inside a write.
void write_moves(const WriteContext& to, AssetNumber asset, const Location& at, bool arrived,
                 std::span<const Place> gone);

// A place whose file has other bytes than were measured: its stat says nothing any more. Inside a
// write.
void write_mismatch(const WriteContext& to, AssetNumber asset, const Place& place);

// Whose places these are, where the file had bytes when it was seen; for files that are empty now.
struct PlaceOf {
  AssetNumber asset = 0;
  Place place;
};
[[nodiscard]] Expected<std::vector<PlaceOf>> filled_places(Catalog& catalog,
                                                           std::span<const std::string> paths);

}  // namespace cleangate::dam
