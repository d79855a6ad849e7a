// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/error.h"
#include "specs/profile.h"

namespace cleangate::app {

class Command;

// Which specs to judge against, as given on the command line.
struct SpecChoice {
  std::vector<std::string> ids;
  bool all = false;
};

void add_spec_choice(Command command, SpecChoice& choice);

// `--spec a clip.mov` takes the clip for a second spec: what is a file or folder, no profile and no
// known id, is moved to `paths`.
void return_paths(SpecChoice& choice, const specs::SpecLibrary& library,
                  std::vector<std::string>& paths);

// Each spec once; unknown_spec and invalid_profile as the library has them. None chosen: empty.
[[nodiscard]] Expected<std::vector<specs::Profile>> load_profiles(
    const SpecChoice& choice, const specs::SpecLibrary& library);

}  // namespace cleangate::app
