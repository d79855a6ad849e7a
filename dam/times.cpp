// SPDX-License-Identifier: Apache-2.0
#include "dam/times.h"

#include <fmt/format.h>

#include <ctime>

namespace cleangate::dam {

std::string utc_text(std::chrono::system_clock::time_point time) {
  const auto since = std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
  const auto milliseconds = (since % 1000 + 1000) % 1000;
  const std::time_t seconds = (since - milliseconds) / 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900,
                     parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                     milliseconds);
}

std::string utc_now() { return utc_text(std::chrono::system_clock::now()); }

}  // namespace cleangate::dam
