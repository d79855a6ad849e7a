// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/texture.h"

#include <algorithm>

#include "probes/picture/luma_ladder.h"

namespace cleangate::probes {
namespace {

std::uint16_t mean(std::uint64_t sum, std::uint64_t count, std::uint64_t unit) {
  const std::uint64_t mean = count == 0 ? 0 : sum * unit / count;
  return static_cast<std::uint16_t>(std::min<std::uint64_t>(mean, 0xffff));
}

}  // namespace

TextureRow analyze_texture(const FrameSweep& sweep) {
  TextureRow row;
  const TextureMeasure& texture = sweep.texture();
  if (sweep.unmeasured() != Unmeasured::measured || !texture.measured) {
    row.flags = TextureRow::kNotMeasured;
    return row;
  }
  row.cells = texture.cells;
  const std::uint64_t to_10_bits = 1ull << (10 - texture.bits), unit = 64 * to_10_bits;
  const std::uint64_t column = std::uint64_t{texture.cells} * kTextureCell;
  for (std::size_t i = 0; i < kTextureCell; ++i) {
    row.across[i] = mean(texture.sums.across[i], column, unit);
    row.down[i] =
        mean(texture.sums.down[i], std::uint64_t{texture.lines[i]} * texture.samples_across, unit);
  }
  row.across_two = mean(texture.sums.across_two, column * kTextureCell, unit);
  row.flat = share_code(texture.flat);
  for (std::size_t i = 0; i < kRoughShares; ++i)
    row.rough[i] = mean(texture.rough[i], kTextureCell * kTextureCell, 16 * to_10_bits);
  for (std::size_t i = 0; i < kContourRungs; ++i) row.contours[i] = share_code(texture.contours[i]);
  if (texture.fields) row.flags = TextureRow::kFields;
  return row;
}

}  // namespace cleangate::probes
