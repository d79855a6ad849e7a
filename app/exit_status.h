// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "specs/judge.h"

namespace cleangate::app {

// The exit status of the public contract.
enum class ExitStatus : int {
  pass = 0,          // every verdict is pass; without a judgement: every input was read
  fail = 1,          // at least one asset fails a spec
  usage = 2,         // wrong usage, unknown spec, invalid profile: nothing was judged
  inconclusive = 3,  // no failure, but something is undecided or could not be read
  interrupted = 130
};

// What a run has met so far; the exit status follows from it and from nothing else.
struct Tally {
  int judged = 0, failed = 0, undecided = 0, unread = 0;

  void add(specs::VerdictKind verdict) {
    ++judged;
    if (verdict == specs::VerdictKind::fail) ++failed;
    if (verdict == specs::VerdictKind::inconclusive) ++undecided;
  }
  Tally& operator+=(const Tally& other) {
    judged += other.judged;
    failed += other.failed;
    undecided += other.undecided;
    unread += other.unread;
    return *this;
  }
  [[nodiscard]] ExitStatus status() const {
    if (failed > 0) return ExitStatus::fail;
    return undecided > 0 || unread > 0 ? ExitStatus::inconclusive : ExitStatus::pass;
  }
};

}  // namespace cleangate::app
