// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "specs/profile.h"
#include "specs/yaml_tree.h"

namespace cleangate::specs {

// What follows the grammar and still makes no sense: requirements that contradict each other or
// themselves, sources and order data that nothing uses, order data used beside a declaration that
// lacks them. For a profile that has no problem of grammar.
[[nodiscard]] std::vector<ProfileProblem> find_contradictions(const YamlNode& tree,
                                                              const Profile& profile);

}  // namespace cleangate::specs
