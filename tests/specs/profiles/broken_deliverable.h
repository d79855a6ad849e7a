// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>

#include <functional>
#include <string>
#include <vector>

#include "probes/picture/frame_time_row.h"
#include "probes/picture/luma.h"
#include "specs/requirement.h"
#include "tests/probes/picture/made_frame.h"
#include "tests/specs/profile_text.h"
#include "tests/specs/quantities/sound_evidence.h"

// A made deliverable that conforms to a built-in profile, and what breaks one thing of it.
namespace cleangate::test {

using namespace specs;
using testing::ElementsAreArray;

inline Profile built_in(const std::string& id) {
  auto profile = SpecLibrary({}).load(id);
  EXPECT_TRUE(profile) << (profile ? "" : profile.error().message);
  return profile ? *profile : Profile{};
}

// "requirement outcome" of everything that is not pass, not_applicable or manual, in profile order.
inline std::vector<std::string> told(const RowEvidence& evidence, const std::string& id,
                                     const OrderData& order = {}) {
  std::vector<std::string> lines;
  for (const Finding& finding : judge(evidence, built_in(id), order).findings)
    if (finding.outcome == Outcome::fail || finding.outcome == Outcome::inconclusive)
      lines.push_back(finding.requirement + " " + outcome(finding));
  return lines;
}

using Made = RowEvidence (*)();
struct Break {
  const char* what;
  std::function<void(RowEvidence&)> make;
  std::vector<std::string> told;  // the complete list
};

// Each breaks one thing of the conforming deliverable.
inline void check_breaks(const std::string& id, Made conforming, const std::vector<Break>& breaks) {
  for (const Break& one : breaks) {
    RowEvidence broken = conforming();
    one.make(broken);
    EXPECT_THAT(told(broken, id), ElementsAreArray(one.told)) << id << ": " << one.what;
  }
}

inline probes::StreamFacts& picture(RowEvidence& evidence) { return evidence.facts_.streams[0]; }
inline probes::StreamFacts& sound(RowEvidence& evidence) { return evidence.facts_.streams[1]; }
inline void no_sound(RowEvidence& evidence) {
  evidence.facts_.streams.pop_back();
  evidence.facts_.soundfields.clear();
}

// Frames of stream `stream`, 25 a second: black and picture in turns, black first.
inline void set_picture(RowEvidence& evidence, int stream, const std::vector<int>& turns) {
  probes::FrameSweep sweep;
  const auto row_of = [&](const auto& luma) {
    const auto made = luma_frame(64, 36, 8, luma);
    sweep.run(made->frame);
    return probes::analyze_luma(sweep);
  };
  const auto black = row_of([](int, int) { return 16u; });
  const auto scene = row_of([](int x, int y) { return 40u + static_cast<std::uint32_t>(x + y); });
  std::vector<probes::LumaRow> rows;
  for (std::size_t i = 0; i < turns.size(); ++i)
    rows.insert(rows.end(), static_cast<std::size_t>(turns[i]), i % 2 == 0 ? black : scene);
  std::vector<probes::FrameTimeRow> times(rows.size());
  for (std::size_t i = 0; i < times.size(); ++i) {
    times[i].pts = static_cast<std::int64_t>(i) * 512;
    times[i].duration = 512;
  }
  evidence.set(RowEvidence::id<probes::LumaRow>(stream), rows);
  evidence.set(RowEvidence::id<probes::FrameTimeRow>(stream), times);
}

}  // namespace cleangate::test
