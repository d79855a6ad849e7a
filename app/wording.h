// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/rational.h"
#include "probes/facts.h"
#include "specs/quantity.h"

namespace cleangate::app {

// Numbers as people read them.
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);      // "812 B", "7.8 MB" (10^6)
[[nodiscard]] std::string bit_rate_text(std::int64_t rate);     // "320 kb/s", "52.4 Mb/s"
[[nodiscard]] std::string duration_text(const Rational& time);  // "52.208 s", "1:02:03.040"
[[nodiscard]] std::string count_text(std::int64_t count, std::string_view one,
                                     std::string_view many);  // "1 frame", "3 frames"

// First and one-past-last timecode of a run by the asset's primary timecode; nothing where there is
// none, where its labels jump before the run ends, or where the run has no constant rate to count
// by.
struct SpanLabels {
  std::optional<std::string> in, out;
};
[[nodiscard]] SpanLabels labels_of(const probes::AssetFacts& facts, const specs::Span& span);

// Where a run is, for people: "at 00:00:08:00 for 4.000 s (frames 192 to 287)".
[[nodiscard]] std::string where_text(const probes::AssetFacts& facts, const specs::Span& span);

}  // namespace cleangate::app
