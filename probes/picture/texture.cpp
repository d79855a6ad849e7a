// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/texture.h"

#include <algorithm>

#include "probes/picture/luma_ladder.h"

namespace cleangate::probes {
TextureRow analyze_texture(const FrameSweep& sweep) {
  TextureRow row;
  const TextureMeasure& texture = sweep.texture();
  if (sweep.unmeasured() != Unmeasured::measured || !texture.measured) {
    row.flags = TextureRow::kNotMeasured;
    return row;
  }
  row.cells = texture.cells;
  row.flat = share_code(texture.flat);
  row.contrasty = share_code(texture.contrasty);
  for (std::size_t i = 0; i < kContourRungs; ++i) row.contours[i] = share_code(texture.contours[i]);
  for (std::size_t i = 0; i < kTextureCell; ++i) row.edges[i] = share_code(texture.edges[i]);
  // The sum of a cell's 64 samples is its mean in 64ths.
  for (std::size_t i = 0; i < kRoughShares; ++i)
    row.rough[i] = static_cast<std::uint16_t>(
        std::min<std::uint32_t>(texture.rough[i] << (10 - texture.bits), 0xffff));
  for (std::size_t i = 0; i < kSharpShares; ++i)
    row.sharp[i] = static_cast<std::uint16_t>(texture.sharp[i]);
  if (texture.fields) row.flags = TextureRow::kFields;
  return row;
}

}  // namespace cleangate::probes
