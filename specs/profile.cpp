// SPDX-License-Identifier: Apache-2.0
#include "specs/profile.h"

#include <fmt/format.h>

namespace cleangate::specs {

std::string_view to_string(Severity severity) {
  constexpr std::string_view kNames[] = {"reject", "warn", "info"};
  return kNames[static_cast<std::size_t>(severity)];
}

std::string_view to_string(Grade grade) {
  constexpr std::string_view kNames[] = {"primary", "excerpt", "secondary", "community", "own"};
  return kNames[static_cast<std::size_t>(grade)];
}

std::string_view to_string(ProfileStatus status) {
  constexpr std::string_view kNames[] = {"ship", "beta", "draft", "base"};
  return kNames[static_cast<std::size_t>(status)];
}

std::string to_string(const ProfileProblem& problem) {
  return fmt::format("{}:{}: {}{}{}", problem.file, problem.line, problem.key,
                     problem.key.empty() ? "" : ": ", problem.message);
}

}  // namespace cleangate::specs
