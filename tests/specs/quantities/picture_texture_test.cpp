// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::specs {
namespace {

using test::frames_of;
using test::Noise;
using test::PictureStream;
using test::Runs;

class Texture : public testing::Test {
 protected:
  Texture() : stream_(8, 320, 240) {}
  // Slopes, an edge and a little noise: what a camera sees.
  static double scene(int x, int y) {
    return 60 + 0.2 * x + 0.1 * y + (x > 150 && y > 60 ? 50 : 0);
  }
  void clean(int frames) {
    for (int i = 0; i < frames; ++i)
      stream_.add(
          [this](int x, int y) { return static_cast<std::uint32_t>(scene(x, y) + noise_() % 3); });
  }
  // Every block is its mean.
  void blocks(int frames) {
    stream_.add([](int x, int y) { return static_cast<std::uint32_t>(scene(x & ~7, y & ~7)); },
                frames);
  }
  // Steps of four code values.
  void bands(int frames) {
    stream_.add([](int x, int y) { return static_cast<std::uint32_t>(scene(x, y)) & ~3u; }, frames);
  }
  // The edge is drawn out over a dozen samples.
  void blur(int frames) {
    for (int i = 0; i < frames; ++i)
      stream_.add([this](int x, int y) {
        const double edge = 90 * std::clamp((x - 144) / 12.0, 0.0, 1.0);
        return static_cast<std::uint32_t>(60 + 0.2 * x + 0.1 * y + edge + noise_() % 2);
      });
  }
  Spans read(std::string_view id,
             std::initializer_list<std::pair<std::string_view, std::string_view>> written = {}) {
    const Reading reading = stream_.read(id, written);
    if (const auto* absent = std::get_if<Absent>(&reading.value))
      throw std::runtime_error("absent: " + absent->because);
    return std::get<Spans>(reading.value);
  }
  Runs runs(std::string_view id,
            std::initializer_list<std::pair<std::string_view, std::string_view>> written = {}) {
    return frames_of(read(id, written).runs);
  }
  PictureStream stream_;
  Noise noise_{3};
};

TEST_F(Texture, EachDefectIsFoundWhereItIsAndNotAsAnother) {
  clean(4);
  blocks(3);
  clean(4);
  bands(2);
  clean(4);
  EXPECT_EQ(runs("picture.blockiness"), (Runs{{4, 7}}));
  EXPECT_EQ(runs("picture.banding"), (Runs{{11, 13}}));
}

TEST_F(Texture, ABlurIsFoundByItsSharpestEdges) {
  clean(3);
  blur(5);
  clean(3);
  EXPECT_EQ(runs("picture.blur", {{"area", "0.5 %"}}), (Runs{{3, 8}}));
  const Reading little = stream_.read("picture.blur", {{"area", "50 %"}});
  ASSERT_TRUE(std::holds_alternative<Absent>(little.value));  // too little contrast to tell
  EXPECT_EQ(std::get<Absent>(little.value).kind, AbsenceKind::undecided);
}

TEST_F(Texture, BlackAndEvenPicturesAreNoneOfThem) {
  stream_.add_flat(16, 3).add_flat(120, 3);
  for (const char* id : {"picture.blockiness", "picture.banding"})
    EXPECT_EQ(runs(id), Runs{}) << id;
  const Reading blur = stream_.read("picture.blur");
  ASSERT_TRUE(std::holds_alternative<Absent>(blur.value));
  EXPECT_EQ(std::get<Absent>(blur.value).kind, AbsenceKind::undecided);
  const Reading noise = stream_.read("picture.noise");
  ASSERT_TRUE(std::holds_alternative<Absent>(noise.value));
  EXPECT_EQ(std::get<Absent>(noise.value).kind, AbsenceKind::undecided);
}

TEST_F(Texture, BlackBetweenSharpPicturesIsNoBlur) {
  clean(2);
  stream_.add_flat(16, 3);
  clean(2);
  for (const char* area : {"0.5 %", "0 %"})
    EXPECT_EQ(runs("picture.blur", {{"area", area}}), Runs{}) << area;
}

TEST_F(Texture, BlackAloneIsNoBlurWhateverTheArea) {
  stream_.add_flat(16, 3);
  const Reading blur = stream_.read("picture.blur", {{"area", "0 %"}});
  ASSERT_TRUE(std::holds_alternative<Absent>(blur.value));
  EXPECT_EQ(std::get<Absent>(blur.value).kind, AbsenceKind::undecided);
}

TEST_F(Texture, NoiseBesideDamageIsTainted) {
  clean(4);
  stream_.add_damaged();
  EXPECT_TRUE(stream_.read("picture.noise").tainted_because);
}

TEST_F(Texture, DamageIsUndecided) {
  blocks(2);
  stream_.add_damaged();
  clean(2);
  const Spans found = read("picture.blockiness");
  EXPECT_EQ(frames_of(found.runs), (Runs{{0, 2}}));
  EXPECT_EQ(frames_of(found.undecided), (Runs{{2, 3}}));
}

// Gaussian noise of known deviation, at two depths.
TEST_F(Texture, NoiseIsItsStandardDeviation) {
  for (const int bits : {8, 10})
    for (const double deviation : {1.5, 3.0, 6.0}) {  // of 8 bits
      PictureStream stream(bits, 640, 360);
      Noise noise(11);
      for (int i = 0; i < 3; ++i)
        stream.add([&](int x, int) {
          double sum = -6;
          for (int k = 0; k < 12; ++k) sum += (noise() % 4096) / 4096.0;
          const double code = (100 + 0.02 * x + deviation * sum) * (1 << (bits - 8));
          return static_cast<std::uint32_t>(std::lround(code));
        });
      const Reading reading = stream.read("picture.noise");
      const auto* value = std::get_if<Scalar>(&reading.value);
      ASSERT_TRUE(value);
      EXPECT_NEAR(std::get<Rational>(*value).to_double(), deviation / 219 * 100,
                  deviation / 219 * 100 * 0.06)
          << bits << " " << deviation;
    }
}

}  // namespace
}  // namespace cleangate::specs
