// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "probes/picture/luma_row.h"

// What rows tell of a component's counts of code values.
namespace cleangate::probes {

// Quantiles (kLumaQuantileShares) and the mean, times 65536 and rounded down.
void fill_levels(std::span<const std::uint32_t> counts,
                 std::array<std::uint16_t, kLumaQuantiles>& quantiles, std::uint32_t& mean);

}  // namespace cleangate::probes
