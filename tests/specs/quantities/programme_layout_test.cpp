// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/programme_layout.h"

#include <gtest/gtest.h>

namespace cleangate::specs {
namespace {

using Is = ProgrammeBounds::Is;

// Sections of the lengths given, one behind the other.
std::vector<Section> laid_out(std::initializer_list<std::pair<Shows, std::int64_t>> lengths) {
  std::vector<Section> sections;
  std::int64_t at = 0;
  for (const auto& [shows, length] : lengths) {
    sections.push_back({shows, at, at + length});
    at += length;
  }
  return sections;
}

bool always(const Section&) { return true; }

TEST(ProgrammeLayout, BlackAndBarsAreNoProgramme) {
  const auto sections =
      laid_out({{Shows::bars, 100}, {Shows::black, 50}, {Shows::picture, 500}, {Shows::black, 25}});
  EXPECT_EQ(find_programme(sections), (ProgrammeBounds{Is::found, 150, 150, 650, 650}));
  EXPECT_EQ(describe_before(sections, 150), "bars, black");
  EXPECT_EQ(describe_after(sections, 650), "black");
}

TEST(ProgrammeLayout, AFileOfProgrammeAloneHasNeitherHeadNorTail) {
  const auto sections = laid_out({{Shows::picture, 500}});
  EXPECT_EQ(find_programme(sections), (ProgrammeBounds{Is::found, 0, 0, 500, 500}));
  EXPECT_EQ(describe_before(sections, 0), "none");
  EXPECT_EQ(describe_after(sections, 500), "none");
}

TEST(ProgrammeLayout, BehindBarsAStillBeforeBlackIsASlate) {
  const auto sections = laid_out(
      {{Shows::bars, 100}, {Shows::still, 175}, {Shows::black, 75}, {Shows::picture, 500}});
  EXPECT_EQ(find_programme(sections), (ProgrammeBounds{Is::found, 350, 350, 850, 850}));
  EXPECT_EQ(describe_before(sections, 350), "bars, still, black");
}

// A change from one to the next, and the white of a sync flash, between bars and programme.
TEST(ProgrammeLayout, BehindBarsFadesAndFlashesBelongToTheHead) {
  const auto sections = laid_out({{Shows::bars, 100},
                                  {Shows::unknown, 10},
                                  {Shows::black, 40},
                                  {Shows::plain, 2},
                                  {Shows::black, 70},
                                  {Shows::picture, 500}});
  EXPECT_EQ(find_programme(sections).start_low, 222);
  EXPECT_EQ(find_programme(sections).start_high, 222);
}

// It may be a slate, or the programme's title.
TEST(ProgrammeLayout, WithoutBarsNobodyKnowsWhatAStillIs) {
  const auto before_black =
      laid_out({{Shows::black, 25}, {Shows::still, 75}, {Shows::black, 25}, {Shows::picture, 500}});
  EXPECT_EQ(find_programme(before_black), (ProgrammeBounds{Is::found, 25, 125, 625, 625}));
  const auto at_once = laid_out({{Shows::still, 75}, {Shows::picture, 500}});
  EXPECT_EQ(find_programme(at_once), (ProgrammeBounds{Is::found, 0, 75, 575, 575}));
  const auto at_the_end = laid_out({{Shows::picture, 500}, {Shows::still, 75}, {Shows::black, 50}});
  EXPECT_EQ(find_programme(at_the_end), (ProgrammeBounds{Is::found, 0, 0, 500, 575}));
}

// Behind bars too: it stands next to the programme, or may be a scene.
TEST(ProgrammeLayout, AStillThatMeetsTheProgrammeAndACalmSceneStayOpen) {
  const auto still = laid_out({{Shows::bars, 100}, {Shows::still, 75}, {Shows::picture, 500}});
  EXPECT_EQ(find_programme(still), (ProgrammeBounds{Is::found, 100, 175, 675, 675}));
  const auto calm =
      laid_out({{Shows::bars, 100}, {Shows::calm, 250}, {Shows::black, 50}, {Shows::picture, 500}});
  EXPECT_EQ(find_programme(calm), (ProgrammeBounds{Is::found, 100, 400, 900, 900}));
}

TEST(ProgrammeLayout, BarsBehindTheProgrammeEndIt) {
  const auto sections =
      laid_out({{Shows::picture, 500}, {Shows::black, 25}, {Shows::bars, 100}, {Shows::still, 50}});
  EXPECT_EQ(find_programme(sections), (ProgrammeBounds{Is::found, 0, 0, 500, 500}));
  EXPECT_EQ(describe_after(sections, 500), "black, bars, still");
}

TEST(ProgrammeLayout, WhereNothingMovesThereIsNoProgrammeOrNobodyKnows) {
  EXPECT_EQ(find_programme(laid_out({{Shows::bars, 100}, {Shows::black, 50}})).is, Is::none);
  EXPECT_EQ(find_programme(laid_out({{Shows::black, 10}, {Shows::still, 50}, {Shows::black, 10}})),
            (ProgrammeBounds{Is::open, 0, 70, 0, 70}));
  EXPECT_EQ(find_programme(laid_out({{Shows::unknown, 50}})).is, Is::open);
  EXPECT_EQ(find_programme({}).is, Is::none);
}

TEST(ProgrammeLayout, DamageAtTheEdgeLeavesTheEdgeOpen) {
  const auto sections =
      laid_out({{Shows::black, 20}, {Shows::unknown, 5}, {Shows::black, 20}, {Shows::picture, 99}});
  EXPECT_EQ(find_programme(sections), (ProgrammeBounds{Is::found, 20, 45, 144, 144}));
}

TEST(ProgrammeLayout, PartsLieBetweenBlacks) {
  const auto sections = laid_out({{Shows::black, 50},
                                  {Shows::picture, 500},
                                  {Shows::black, 25},
                                  {Shows::picture, 300},
                                  {Shows::still, 50},
                                  {Shows::black, 10},
                                  {Shows::picture, 300}});
  const auto bounds = find_programme(sections);
  const auto all = find_parts(sections, bounds, always);
  EXPECT_EQ(all.parts, (std::vector<Section>{{Shows::picture, 50, 550},
                                             {Shows::picture, 575, 925},
                                             {Shows::picture, 935, 1235}}));
  EXPECT_TRUE(all.open.empty());
  const auto long_ones = find_parts(
      sections, bounds, [](const Section& black) { return black.end - black.first >= 25; });
  EXPECT_EQ(long_ones.parts.size(), 2u);
}

// The clock of the second part, or a part of one title; and a last part that ends with a still.
TEST(ProgrammeLayout, AStillBetweenBlacksMayBeAPart) {
  const auto sections = laid_out({{Shows::picture, 500},
                                  {Shows::black, 25},
                                  {Shows::still, 100},
                                  {Shows::black, 25},
                                  {Shows::picture, 300},
                                  {Shows::still, 50}});
  const auto found = find_parts(sections, find_programme(sections), always);
  EXPECT_EQ(found.parts,
            (std::vector<Section>{{Shows::picture, 0, 500}, {Shows::unknown, 650, 1000}}));
  EXPECT_EQ(found.open, (std::vector<Section>{{Shows::unknown, 525, 625}}));
}

}  // namespace
}  // namespace cleangate::specs
