// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/site_lattice.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <vector>

#include "tests/probes/picture/made_frame.h"

namespace cleangate::probes {
namespace {

TEST(SiteLattice, TheStepGrowsWithTheWidth) {
  const std::pair<int, int> steps[] = {
      {1, 2},    {720, 2},  {1023, 2},  {1024, 4},  {1280, 4},  {1920, 4},  {2047, 4},   {2048, 8},
      {3840, 8}, {4095, 8}, {4096, 16}, {7680, 16}, {8191, 16}, {8192, 32}, {65535, 128}};
  for (const auto& [width, step] : steps) {
    EXPECT_EQ(SiteLattice(width, 1080, 0).step(), step) << width;
    EXPECT_EQ(SiteLattice(width, 1080, 1).step(), step) << width;
    EXPECT_EQ(SiteLattice(width, 1080, 2).step(), std::max(step, 4)) << width;
  }
  EXPECT_EQ(SiteLattice(1920, 1080, 1).count(0), 480);
  EXPECT_EQ(SiteLattice(3840, 2160, 1).count(0), 480);
}

TEST(SiteLattice, LinesOfBothFieldsStartAtTwoPlaces) {
  for (const int height : {608, 609, 1080}) {
    const SiteLattice lattice(1920, height, 1);
    std::set<std::pair<int, int>> of_eight;  // line, first sample
    int lines = 0;
    for (int y = 0; y < height; ++y) {
      if (!lattice.has(y)) continue;
      ++lines;
      of_eight.insert({y % 8, lattice.first(y)});
    }
    if (height == 608) {
      EXPECT_EQ(lines, height);
    } else {
      EXPECT_EQ(of_eight, (std::set<std::pair<int, int>>{{0, 0}, {5, 2}})) << height;
    }
  }
  EXPECT_EQ(SiteLattice(1920, 1080, 0).first(5), 2);
  EXPECT_EQ(SiteLattice(640, 480, 0).first(5), 1);
  EXPECT_EQ(SiteLattice(640, 480, 1).first(5), 0);  // half a step is no whole chroma sample
  EXPECT_EQ(SiteLattice(1920, 1080, 2).first(5), 0);
  EXPECT_EQ(SiteLattice(3840, 2160, 2).first(5), 4);
}

TEST(SiteLattice, SitesLieInThePictureAndOnChroma) {
  for (int across = 0; across <= 2; ++across)
    for (int width = 1; width < 2200; width += width < 70 ? 1 : 61)
      for (const int y : {0, 5}) {
        const SiteLattice lattice(width, 1080, across);
        EXPECT_EQ(lattice.first(y) % (1 << across), 0) << width;
        const int next = lattice.first(y) + lattice.count(y) * lattice.step();
        EXPECT_GE(next, width) << width;  // none is left out
        EXPECT_LE(lattice.count(y), lattice.count(0)) << width;
        EXPECT_TRUE(lattice.count(y) == 0 || next - lattice.step() < width) << width;
      }
}

// Sites in a rectangle, of all sites, in parts of what the rectangle is of the picture.
double found(const SiteLattice& lattice, int width, int height, int x, int y, int w, int h) {
  std::int64_t inside = 0, all = 0;
  for (int line = 0; line < height; ++line) {
    if (!lattice.has(line)) continue;
    all += lattice.count(line);
    if (line < y || line >= y + h) continue;
    for (int i = 0, at = lattice.first(line); i < lattice.count(line); ++i, at += lattice.step())
      inside += at >= x && at < x + w;
  }
  const double share = static_cast<double>(w) * h / (static_cast<double>(width) * height);
  return static_cast<double>(inside) / static_cast<double>(all) / share;
}

// EBU R 103 allows 1 % of the picture to lie outside.
TEST(SiteLattice, OnePercentIsFoundWithinATenth) {
  test::Noise noise(7);
  for (const auto& [width, height] :
       {std::pair{1920, 1080}, {3840, 2160}, {1280, 720}, {720, 576}}) {
    const SiteLattice lattice(width, height, 1);
    for (const int w : {0, width / 64, width / 16, width / 10, width / 6}) {  // 0: of full height
      const double area = 0.01 * width * height;
      const int h = w == 0 ? height : static_cast<int>(area / w);
      const int across = w == 0 ? static_cast<int>(area / height) + 1 : w;
      for (int i = 0; i < 100; ++i) {
        const int x = static_cast<int>(noise()) % (width - across + 1);
        const int y = static_cast<int>(noise()) % (height - h + 1);
        const double part = found(lattice, width, height, x, y, across, h);
        EXPECT_NEAR(part, 1, 0.1) << width << ": " << across << 'x' << h << " at " << x << ',' << y;
      }
    }
  }
}

// Stripes half a step wide, anywhere: a lattice without turns would find all or nothing.
TEST(SiteLattice, StripesDoNotAlias) {
  for (const int width : {1920, 3840}) {
    const SiteLattice lattice(width, 1080, 1);
    for (int phase = 0; phase < lattice.step(); ++phase) {
      std::int64_t inside = 0, all = 0;
      for (int y = 0; y < 1080; ++y)
        for (int i = 0, x = lattice.first(y); lattice.has(y) && i < lattice.count(y);
             ++i, x += lattice.step(), ++all)
          inside += (x + phase) % lattice.step() < lattice.step() / 2;
      EXPECT_NEAR(static_cast<double>(inside) / static_cast<double>(all), 0.5, 0.01) << phase;
    }
  }
}

}  // namespace
}  // namespace cleangate::probes
