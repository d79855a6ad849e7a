// SPDX-License-Identifier: Apache-2.0
#include "tests/specs/quantities/ask.h"

namespace cleangate::test {
namespace {

TEST(CaptionsFacts, NoneIsOnlySaidBelowTheHeader) {
  auto evidence = made_evidence();
  EXPECT_FALSE(flag("captions.present", evidence));
  evidence.facts_.depth = probes::Depth::header;
  EXPECT_EQ(absence("captions.present", evidence), "not_measured");
}

TEST(CaptionsFacts, EachCarriage) {
  auto evidence = made_evidence();
  evidence.facts_.captions = {{"a53", 0, {}, {"cea608", "cea708"}, {}}};
  EXPECT_TRUE(flag("captions.present", evidence));
  EXPECT_EQ(text("captions.carriage", evidence), "a53");
  EXPECT_EQ(text("captions.standards", evidence), "cea608+cea708");
  evidence.facts_.captions[0].standards.clear();
  EXPECT_EQ(absence("captions.standards", evidence), "not_measured");
}

// A track of ancillary data may carry time code and AFD alone.
TEST(CaptionsFacts, AncillaryDataAreNotYetCaptions) {
  auto evidence = made_evidence();
  evidence.facts_.captions = {{"st436", 2, {}, {}, {}}};
  EXPECT_EQ(absence("captions.present", evidence), "not_measured");
  EXPECT_EQ(absence("captions.carriage", evidence), "not_measured");
  EXPECT_EQ(absence("captions.standards", evidence), "not_measured");
  evidence.facts_.captions[0].standards = {"cea608"};
  EXPECT_TRUE(flag("captions.present", evidence));
  EXPECT_EQ(text("captions.carriage", evidence), "st436");
}

}  // namespace
}  // namespace cleangate::test
