// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "specs/judge.h"

namespace cleangate::app {

// What became of the findings of one spec between two judgements: of two assets, or of one asset
// then and now. Findings are the same when requirement and subject are; what was measured may
// differ.
struct Comparison {
  std::string spec;
  specs::VerdictKind before = specs::VerdictKind::inconclusive;
  specs::VerdictKind now = specs::VerdictKind::inconclusive;
  struct Pair {
    specs::Finding before, now;
    bool changed = false;  // outcome or what was measured
  };
  std::vector<specs::Finding> fresh, gone;  // only now, only before
  std::vector<Pair> same;
};

// Of findings that fail or are undecided; the checklist for people is left out.
[[nodiscard]] Comparison compare(const specs::Verdict& before, const specs::Verdict& now);

}  // namespace cleangate::app
