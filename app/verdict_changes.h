// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "dam/assets.h"

namespace cleangate::app {

// What one requirement said before, and says now: "pass", "fail" …, or "waived".
struct Change {
  std::string finding_id, requirement, before, after, because;
};

// `before`: with the waivers that held then (dam::as_confirmed); `today`: YYYY-MM-DD.
[[nodiscard]] std::vector<Change> changes(const dam::StoredJudgement& before,
                                          const dam::StoredJudgement& after,
                                          const std::string& today);

}  // namespace cleangate::app
