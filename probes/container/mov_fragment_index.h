// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "probes/container/mov_boxes.h"
#include "probes/facts.h"

// What a fragmented movie says of its own fragments besides them: the index at its end (`mfra`,
// ISO/IEC 14496-12, 8.8.9 to 8.8.11) and those before the media (`sidx`, 8.16.3). Internal to the
// reader of MOV and MP4.
namespace cleangate::probes {

struct MovFragmentIndexes {
  std::vector<MovBox> segments;         // `sidx`
  std::optional<MovBox> random_access;  // `mfra`, the last one
};

// Damage: an index that lists more fragments, or more bytes of them, than there are. `fragments`:
// how many `moof` there are. Either may list fewer.
[[nodiscard]] std::vector<Damage> index_damage(TableReader& reader,
                                               const MovFragmentIndexes& indexes,
                                               std::size_t fragments);

}  // namespace cleangate::probes
