// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "specs/judge.h"
#include "specs/requirement.h"

// Demands and measurements as a person reads them (house.md 7).
namespace cleangate::specs {

// "-23.0 LUFS ±0.5 LU", "at most -1.0 dBTP", "none longer than 2 s".
[[nodiscard]] Expectation expectation(const Condition& condition);
[[nodiscard]] Expectation expectation(const Requirement& requirement);  // one_of and manual too
// "programme loudness: -23.0 LUFS ±0.5 LU".
[[nodiscard]] std::string demand_text(const Condition& condition);
// The condition under which a rule applies: "frame height 1080 px and frame rate at most 30 fps".
[[nodiscard]] std::string when_text(const When& when);
// "each soundfield with role main"; empty without a selector.
[[nodiscard]] std::string selector_text(const Selector& selector);
[[nodiscard]] std::string region_text(const RegionRef& region);  // empty for the file

}  // namespace cleangate::specs
