// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "specs/profile.h"

namespace cleangate::specs {

// The text of a new profile, commented; it has no problem of grammar as it stands.
[[nodiscard]] std::string scaffold_new(const std::string& id);
[[nodiscard]] std::string scaffold_extending(const std::string& id, const Profile& base);

}  // namespace cleangate::specs
