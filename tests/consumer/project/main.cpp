// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "core/timecode.h"
#include "dam/memory_evidence.h"
#include "specs/judge.h"

// Judges an asset that was not measured against a built-in profile: the verdict must be
// inconclusive.
int main() {
  const cleangate::specs::SpecLibrary library({});
  const auto profile = library.load("ebu-r128");
  if (!profile) {
    std::puts(profile.error().message.c_str());
    return 1;
  }
  const cleangate::dam::MemoryEvidence evidence("nothing.mov");
  const auto verdict = cleangate::specs::judge(evidence, *profile, {});
  std::printf("%s\n", std::string(cleangate::specs::to_string(verdict.verdict)).c_str());
  return verdict.verdict == cleangate::specs::VerdictKind::inconclusive ? 0 : 1;
}
