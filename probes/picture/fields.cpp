// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/fields.h"

#include <algorithm>

#include "probes/picture/luma_ladder.h"

namespace cleangate::probes {
namespace {

// The sum is below 2^48: at most 2^32 samples of at most 2^16; `doubled` ones below 2^49.
std::uint32_t mean(std::uint64_t sum, std::uint64_t count) {
  return count == 0 ? 0 : static_cast<std::uint32_t>((sum << 16) / count);
}
std::uint32_t half_mean(std::uint64_t doubled, std::uint64_t count) {
  return count == 0 ? 0 : static_cast<std::uint32_t>((doubled << 15) / count);
}

std::array<std::uint16_t, kFieldRungs> shares(const FrameFields::Ladder& ladder) {
  std::array<std::uint16_t, kFieldRungs> codes{};
  for (std::size_t i = 0; i < kFieldRungs; ++i) codes[i] = share_code(ladder[i]);
  return codes;
}

FieldsRow with_pair(FieldsRow row, const FrameFields& fields) {
  row = row.alone();
  if (!fields.paired) return row;
  row.flags = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    row.weave_before[i] = half_mean(fields.weave_before[i], fields.samples[i]);
    row.difference[i] = mean(fields.difference[i], fields.samples[i]);
  }
  row.difference_max = fields.difference_max;
  row.progressive = shares(fields.progressive);
  row.top_first = shares(fields.top_first);
  row.bottom_first = shares(fields.bottom_first);
  row.better_top = shares(fields.better[0]);
  row.better_bottom = shares(fields.better[1]);
  return row;
}

}  // namespace

FieldsRow analyze_fields(const FrameSweep& sweep) {
  FieldsRow row;
  const FrameFields& fields = sweep.fields();
  if (sweep.unmeasured() != Unmeasured::measured || !fields.measured) {
    row.flags = FieldsRow::kNotMeasured;
    return row;
  }
  for (std::size_t i = 0; i < 2; ++i) row.weave[i] = half_mean(fields.weave[i], fields.samples[i]);
  row.vertical = mean(fields.vertical, fields.samples[0] + fields.samples[1]);
  row.blocks = fields.blocks;
  row.combed = shares(fields.combed);
  row.bits = static_cast<std::uint16_t>(sweep.bits());
  return with_pair(row, fields);
}

FieldsRow join(const FrameSweep& compared, const FieldsRow& row) {
  if (row.flags & (FieldsRow::kDamaged | FieldsRow::kNotMeasured)) return row;
  return with_pair(row, compared.fields());
}

}  // namespace cleangate::probes
