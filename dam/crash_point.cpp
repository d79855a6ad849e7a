// SPDX-License-Identifier: Apache-2.0
#include "dam/crash_point.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <cstdlib>
#include <string>

namespace cleangate::dam {
namespace {

struct Target {
  std::string label;
  int times = 1;
};

Target target() {
  const char* text = std::getenv("CLEANGATE_CRASH_AT");
  if (!text) return {};
  Target parsed{text, 1};
  const auto colon = parsed.label.rfind(':');
  const std::string count = colon == std::string::npos ? "" : parsed.label.substr(colon + 1);
  int times = 0;
  const auto [end, error] = std::from_chars(count.data(), count.data() + count.size(), times);
  if (error == std::errc() && end == count.data() + count.size() && times > 0)
    parsed = {parsed.label.substr(0, colon), times};
  return parsed;
}

}  // namespace

void crash_point(const char* label) {
  static const Target wanted = target();
  static std::atomic<int> met{0};
  if (wanted.label.empty() || wanted.label != label) return;
  if (++met == wanted.times) kill(getpid(), SIGKILL);
}

}  // namespace cleangate::dam
