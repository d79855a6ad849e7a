// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace cleangate::specs {

// The profiles of specs/profiles/, compiled in: no path is needed at run time.
struct BuiltinProfile {
  std::string_view id, text;
};
[[nodiscard]] std::span<const BuiltinProfile> builtin_profiles();

}  // namespace cleangate::specs
