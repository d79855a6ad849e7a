// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

namespace cleangate::dam {

// "2026-11-21T09:30:00.125Z": UTC, always milliseconds and Z, so that texts sort as times.
[[nodiscard]] std::string utc_text(std::chrono::system_clock::time_point time);
[[nodiscard]] std::string utc_now();

}  // namespace cleangate::dam
