// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fmt/core.h>

#include "app/commands.h"

namespace cleangate::app {

ExitStatus usage_error(const std::string& message) {
  std::fprintf(stderr, "cleangate: %s\n", message.c_str());
  return ExitStatus::usage;
}

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);  // a failure stays in ferror
}

void print_now(const std::string& text) {
  print(text);
  std::fflush(stdout);  // a failure stays in ferror
}

ExitStatus finish_output(ExitStatus status) {
  errno = 0;
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
  return usage_error(fmt::format("Standard output could not be written{}.",
                                 errno ? fmt::format(" ({})", std::strerror(errno)) : ""));
}

}  // namespace cleangate::app
