// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/measurements.h"
#include "app/terminal.h"
#include "app/told_asset.h"

namespace cleangate::app {

// The facts and measurements of one asset as a compact table for people; ends with a newline.
[[nodiscard]] std::string asset_text(const Layout& layout, const ToldAsset& asset,
                                     const Measurements& measurements);

// What could not be measured, in one line without newline: "clip.mov: partial: …"; empty when
// whole.
[[nodiscard]] std::string trouble_text(const ToldAsset& asset);

}  // namespace cleangate::app
