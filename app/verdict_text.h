// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/documents.h"
#include "app/terminal.h"
#include "app/told_asset.h"
#include "probes/facts.h"
#include "specs/judge.h"

namespace cleangate::app {

// One sentence that says no more than the evidence does: what fails, what is undecided, what is
// left to human eyes.
[[nodiscard]] std::string verdict_sentence(const specs::Verdict& verdict);

// One verdict with its findings for people; ends with a newline. A remembered one tells the ids of
// its findings (what `cleangate waive` takes) and their waivers.
[[nodiscard]] std::string verdict_text(const Layout& layout, const probes::AssetFacts& facts,
                                       const specs::Verdict& verdict, FindingsShown shown,
                                       const Remembered* remembered = nullptr);

// The verdict alone on one line: "FAIL  roku-channel-vod  2 requirements fail …".
[[nodiscard]] std::string verdict_line(const Layout& layout, const specs::Verdict& verdict);

}  // namespace cleangate::app
