// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/channel_weight.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cleangate::specs {
namespace {

std::vector<ChannelWeight> weights(const std::vector<std::string>& labels) {
  probes::Soundfield soundfield;
  for (const auto& label : labels) soundfield.channels.push_back({0, 0, label});
  std::vector<ChannelWeight> result;
  for (std::size_t i = 0; i < labels.size(); ++i) result.push_back(channel_weight(soundfield, i));
  return result;
}

std::vector<double> gains(const std::vector<std::string>& labels) {
  std::vector<double> result;
  for (const ChannelWeight& weight : weights(labels)) {
    EXPECT_TRUE(weight.known);
    EXPECT_EQ(weight.counts, weight.gain > 0);
    result.push_back(weight.gain);
  }
  return result;
}

using Gains = std::vector<double>;

TEST(ChannelWeight, MonoAndStereo) {
  EXPECT_EQ(gains({"M"}), (Gains{1}));
  EXPECT_EQ(gains({"L", "R"}), (Gains{1, 1}));
  EXPECT_EQ(gains({"Lt", "Rt"}), (Gains{1, 1}));
  EXPECT_EQ(gains({"", ""}), (Gains{1, 1}));
}

TEST(ChannelWeight, FivePointOne) {
  const Gains expected{1, 1, 1, 0, 1.41, 1.41};
  EXPECT_EQ(gains({"L", "R", "C", "LFE", "Ls", "Rs"}), expected);
  EXPECT_EQ(gains({"chL", "chR", "chC", "chLFE", "chLs", "chRs"}), expected);
  EXPECT_EQ(gains({"FL", "FR", "FC", "LFE", "BL", "BR"}), expected);
  EXPECT_EQ(gains({"FL", "FR", "FC", "LFE", "SL", "SR"}), expected);
  EXPECT_EQ(gains({"L", "R", "C", "LFE", "Lrs", "Rrs"}), expected);
}

// BS.1770-5 annex 3: rear channels stand at ±135 degrees, beyond the weighted sector.
TEST(ChannelWeight, SevenPointOne) {
  EXPECT_EQ(gains({"L", "R", "C", "LFE", "Lrs", "Rrs", "Lss", "Rss"}),
            (Gains{1, 1, 1, 0, 1, 1, 1.41, 1.41}));
  EXPECT_EQ(gains({"L", "R", "C", "LFE", "Ls", "Rs", "Lc", "Rc"}),
            (Gains{1, 1, 1, 0, 1.41, 1.41, 1, 1}));
}

TEST(ChannelWeight, CenterSurroundStandsBehind) {
  EXPECT_EQ(gains({"L", "R", "C", "Cs"}), (Gains{1, 1, 1, 1}));
  EXPECT_EQ(gains({"L", "R", "C", "LFE", "Cs", "Ls", "Rs"}), (Gains{1, 1, 1, 0, 1, 1.41, 1.41}));
}

TEST(ChannelWeight, HeightsWeighOne) {
  EXPECT_EQ(gains({"L", "R", "C", "LFE", "Lss", "Rss", "Lrs", "Rrs", "Ltf", "Rtf", "Ltr", "Rtr"}),
            (Gains{1, 1, 1, 0, 1.41, 1.41, 1, 1, 1, 1, 1, 1}));
}

TEST(ChannelWeight, WhatIsNoPartOfTheMix) {
  EXPECT_EQ(gains({"L", "R", "C", "LFE", "Ls", "Rs", "HI", "VIN"}),
            (Gains{1, 1, 1, 0, 1.41, 1.41, 0, 0}));
}

TEST(ChannelWeight, AnUnknownLabelIsTold) {
  const auto found = weights({"L", "R", "Zork"});
  EXPECT_TRUE(found[0].known);
  EXPECT_FALSE(found[2].known);
  EXPECT_TRUE(found[2].counts);
  EXPECT_EQ(found[2].gain, 1.0);
}

}  // namespace
}  // namespace cleangate::specs
