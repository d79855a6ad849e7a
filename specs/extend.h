// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "specs/yaml_tree.h"

namespace cleangate::specs {

// The text of a profile by id, sought beside `from_file` first; empty when there is none.
using FindProfile =
    std::function<std::optional<YamlText>(const std::string& id, const std::string& from_file)>;

// The tree of a profile with `extends` applied (docs/profile-grammar.md, 11). Every node keeps the
// file and line it was written at. `known_ids` are for "did you mean".
[[nodiscard]] YamlNode resolve_extends(const YamlText& text, const FindProfile& find,
                                       const std::vector<std::string>& known_ids,
                                       std::vector<ProfileProblem>& problems);

}  // namespace cleangate::specs
