// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "core/rational.h"

namespace cleangate::dam::query {

// "1:30:00", "2:05.5" (hours and minutes before seconds) and "1h30min", "2min5s": seconds. Nothing
// when the text is written in none of these ways.
[[nodiscard]] std::optional<Rational> clock_time(std::string_view text);

}  // namespace cleangate::dam::query
