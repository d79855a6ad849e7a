// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/signal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "tests/probes/picture/made_frame.h"

namespace cleangate::probes {
namespace {

struct Form {
  int width, height, bits, across, down;
  ColorModel model = ColorModel::ycbcr;
};

PixelLayout layout_of(const Form& form) {
  PixelLayout layout;
  layout.model = form.model;
  layout.component_count = form.model == ColorModel::gray ? 1 : 3;
  layout.log2_chroma_w = static_cast<std::uint8_t>(form.across);
  layout.log2_chroma_h = static_cast<std::uint8_t>(form.down);
  const auto bytes = static_cast<std::uint16_t>(form.bits > 8 ? 2 : 1);
  for (std::uint8_t i = 0; i < layout.component_count; ++i)
    layout.components[i] = {i, 0, bytes, 0, static_cast<std::uint8_t>(form.bits)};
  return layout;
}

using Code = std::function<std::uint32_t(int component, int x, int y)>;

std::unique_ptr<test::MadeFrame> make(const Form& form, const Code& code) {
  auto made = std::make_unique<test::MadeFrame>(form.width, form.height, layout_of(form),
                                                test::planar_stride(form.width, form.bits), 3);
  for (int i = 0; i < made->frame.layout.component_count; ++i) {
    const bool chroma = form.model == ColorModel::ycbcr && i > 0;
    const int w = chroma ? (form.width + (1 << form.across) - 1) >> form.across : form.width;
    const int h = chroma ? (form.height + (1 << form.down) - 1) >> form.down : form.height;
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x) made->put(i, x, y, code(i, x, y));
  }
  return made;
}

Code noise(int bits, std::uint32_t seed) {
  auto source = std::make_shared<test::Noise>(seed);
  return [source, bits](int, int, int) { return (*source)() >> (31 - bits); };
}

SignalRow row_of(const VideoFrame& frame, CpuLevel level = best_cpu_level()) {
  FrameSweep::Options options;
  options.cpu = level;
  FrameSweep sweep(options);
  sweep.run(frame);
  return analyze_signal(sweep);
}

// The same measurement written down once more, sample by sample, in floating point.
struct Slow {
  const Form& form;
  const VideoFrame& frame;
  bool fields;

  double sample(int component, int x, int y) const {
    const ComponentLayout& c = frame.layout.components[static_cast<std::size_t>(component)];
    const bool chroma = form.model == ColorModel::ycbcr && component > 0;
    const int w = chroma ? (form.width + (1 << form.across) - 1) >> form.across : form.width;
    const int h = chroma ? (form.height + (1 << form.down) - 1) >> form.down : form.height;
    x = std::clamp(x, 0, w - 1);
    y = std::clamp(y, 0, h - 1);
    const std::byte* at =
        frame.planes[c.plane].bytes + frame.planes[c.plane].stride * y + x * c.step;
    std::uint16_t code = 0;
    std::memcpy(&code, at, c.step);
    return code;
  }
  // Of a luma position; chroma in between is interpolated across.
  double at(int component, int x, int y) const {
    const bool chroma = form.model == ColorModel::ycbcr && component > 0;
    if (!chroma) return sample(component, x, y);
    if (form.down == 1) y = fields ? (y >> 2) * 2 + (y & 1) : y >> 1;
    const int n = 1 << form.across, left = x >> form.across;
    const double part = (x & (n - 1)) / static_cast<double>(n);
    return sample(component, left, y) * (1 - part) + sample(component, left + 1, y) * part;
  }
  double filtered(int component, int x, int y) const {
    const int apart = fields ? 2 : 1;
    const int lines[3] = {y - apart >= 0 ? y - apart : y, y,
                          y + apart < form.height ? y + apart : y};
    const bool chroma = form.model == ColorModel::ycbcr && component > 0;
    double sum = 0;
    for (int i = 0; i < 3; ++i)
      for (int k = -3; k <= 3; ++k) {
        int from = x + k;
        if (!chroma) from = std::clamp(from, 0, form.width - 1);
        sum += (i == 1 ? 2 : 1) * (4 - std::abs(k)) * at(component, from, lines[i]);
      }
    return sum / 64;
  }
  // How far R'G'B' of BT.709, narrow, lies outside, in codes of 12 bits.
  double outside(double y, double cb, double cr) const {
    const double s = std::ldexp(1.0, form.bits - 8);
    const double luma = (y / s - 16) / 219, blue = (cb / s - 128) / 224, red = (cr / s - 128) / 224;
    const double r = luma + 1.5748 * red, b = luma + 1.8556 * blue;
    const double g = (luma - 0.2126 * r - 0.0722 * b) / 0.7152;
    const double most = std::max({r, g, b}), least = std::min({r, g, b});
    return std::max(most - 1, -least) * 3504;
  }
};

// Written down once more, as the pages have it.
int step_of(const Form& form) {
  int step = std::max(2, 1 << form.across);
  while (form.width >= 512 * step) step *= 2;
  return step;
}
int first_site(const Form& form, int y) {
  const int half = step_of(form) / 2;
  return y % 2 == 0 ? 0 : half - half % (1 << form.across);
}

// Sites that are within two codes of a rung may go either way.
void expect_outside(const SignalRow& row, const Slow& slow) {
  const int step = step_of(slow.form);
  std::array<std::uint32_t, kOutsideRungs> sure{}, maybe{}, sure_filtered{}, maybe_filtered{};
  std::uint32_t sites = 0;
  for (int y = 0; y < slow.form.height; ++y) {
    if (slow.form.height > 608 && (y & 7) != 0 && (y & 7) != 5) continue;
    for (int x = first_site(slow.form, y); x < slow.form.width; x += step, ++sites) {
      const double raw = slow.outside(slow.at(0, x, y), slow.at(1, x, y), slow.at(2, x, y));
      const double low =
          slow.outside(slow.filtered(0, x, y), slow.filtered(1, x, y), slow.filtered(2, x, y));
      for (std::size_t i = 0; i < kOutsideRungs; ++i) {
        sure[i] += raw > kOutside[i] + 2;
        maybe[i] += raw > kOutside[i] - 2;
        sure_filtered[i] += low > kOutside[i] + 6;
        maybe_filtered[i] += low > kOutside[i] - 6;
      }
    }
  }
  EXPECT_EQ(row.sites, sites);
  for (std::size_t i = 0; i < kOutsideRungs; ++i) {
    EXPECT_GE(share_high(row.outside[i]), sure[i]) << i;
    EXPECT_LE(share_low(row.outside[i]), maybe[i]) << i;
    EXPECT_GE(share_high(row.filtered[i]), sure_filtered[i]) << i;
    EXPECT_LE(share_low(row.filtered[i]), maybe_filtered[i]) << i;
  }
  EXPECT_GT(row.outside[0], 0);
}

TEST(Signal, OutsideIsWhatASlowReadingFinds) {
  const Form forms[] = {{64, 36, 8, 1, 0},    {63, 37, 10, 1, 1},   {40, 30, 12, 0, 0},
                        {42, 16, 10, 2, 0},   {34, 640, 8, 1, 1},   {34, 641, 10, 1, 0},
                        {1027, 22, 10, 1, 1}, {1090, 613, 8, 0, 0}, {2051, 16, 10, 1, 0},
                        {2100, 12, 12, 0, 0}, {2600, 8, 8, 2, 0},   {4099, 9, 10, 1, 0}};
  for (const Form& form : forms)
    for (const bool fields : {false, true}) {
      auto made = make(form, noise(form.bits, 5));
      made->frame.color.matrix = MatrixCoefficients::bt709;
      if (fields) made->frame.structure = PictureStructure::top_field_first;
      const SignalRow row = row_of(made->frame);
      SCOPED_TRACE(form.width);
      EXPECT_EQ((row.flags & SignalRow::kFields) != 0, fields);
      EXPECT_EQ(row.site_step, step_of(form));
      expect_outside(row, {form, made->frame, fields});
    }
}

TEST(Signal, EveryLevelMeasuresTheSame) {
  const Form forms[] = {{333, 37, 8, 1, 1},
                        {333, 700, 10, 1, 0},
                        {97, 33, 16, 0, 0},
                        {64, 64, 12, 0, 0, ColorModel::rgb},
                        {65, 64, 10, 0, 0, ColorModel::gray},
                        {1923, 650, 10, 1, 0},
                        {2179, 40, 8, 1, 1},
                        {1031, 40, 12, 0, 0, ColorModel::rgb},
                        {4117, 20, 16, 2, 1}};
  for (const Form& form : forms) {
    const auto made = make(form, noise(form.bits, 11));
    const SignalRow baseline = row_of(made->frame, CpuLevel::baseline);
    for (const CpuLevel level : {CpuLevel::x86_64_v3, CpuLevel::x86_64_v4}) {
      if (level > best_cpu_level()) continue;
      const SignalRow row = row_of(made->frame, level);
      EXPECT_EQ(std::memcmp(&row, &baseline, sizeof row), 0) << form.width;
    }
  }
}

// Bars of 100 % by BT.709: every one of R', G', B' is nominal black or white.
TEST(Signal, PureColorsAreWhereTheyBelong) {
  const Form form{64, 32, 8, 1, 0};
  const auto made = make(form, [](int component, int, int) {  // red: 63, 102, 240
    return component == 0 ? 63u : component == 1 ? 102u : 240u;
  });
  const SignalRow row = row_of(made->frame);
  EXPECT_NEAR(row.red[4] - 1024, 940, 2);
  EXPECT_NEAR(row.green[4] - 1024, 64, 4);
  EXPECT_NEAR(row.blue[4] - 1024, 64, 4);
  EXPECT_EQ(row.largest[4], row.red[4]);
  EXPECT_EQ(row.cb[0], 102);
  EXPECT_EQ(row.cr[8], 240);
  EXPECT_EQ(row.cb_mean, 102u << 16);
  EXPECT_EQ(row.cr_above[0], 0);
  EXPECT_EQ(row.saturation_max, static_cast<int>(std::sqrt(26.0 * 26 + 112 * 112)));
  EXPECT_EQ(row.outside[1], 0);
}

TEST(Signal, LightIsThatOfTheLargest) {
  const Form form{32, 16, 10, 1, 0};
  auto made = make(form, [](int component, int x, int) {
    return component == 0 ? (x < 16 ? 572u : 64u) : 512u;
  });
  made->frame.color.transfer = TransferCharacteristics::smpte2084;
  const SignalRow row = row_of(made->frame);
  EXPECT_TRUE(row.flags & SignalRow::kPq);
  EXPECT_NEAR(row.light_max / 1e4, 203, 2);
  EXPECT_NEAR(row.light_mean / 1e4, 101.5, 1);
}

TEST(Signal, WhatHasNoColorSaysSo) {
  const auto gray = make({16, 16, 8, 0, 0, ColorModel::gray}, [](int, int, int) { return 250u; });
  const SignalRow row = row_of(gray->frame);
  EXPECT_TRUE(row.flags & SignalRow::kNoChroma);
  EXPECT_EQ(row.cb_mean, 0u);
  EXPECT_EQ(row.red[0], row.blue[8]);
  EXPECT_EQ(share_low(row.outside[5]), row.sites);  // 250 is over EBU R 103's 246
  auto strange = make({16, 16, 8, 0, 0}, [](int, int, int) { return 128u; });
  strange->frame.color.matrix = MatrixCoefficients::ycgco;
  EXPECT_EQ(row_of(strange->frame).flags & (SignalRow::kNoRgb | SignalRow::kNoChroma),
            SignalRow::kNoRgb);
  auto shallow = make({16, 16, 5, 0, 0, ColorModel::rgb}, [](int, int, int) { return 3u; });
  EXPECT_EQ(row_of(shallow->frame).flags, SignalRow::kNotMeasured);
}

TEST(Signal, TinyPicturesAreMeasured) {
  for (const auto& [width, height] : {std::pair{1, 1}, {2, 1}, {1, 2}, {3, 3}, {5, 1}, {16384, 8}})
    for (const auto& [across, down] : {std::pair{0, 0}, {1, 0}, {1, 1}, {2, 0}, {0, 1}, {2, 2}}) {
      const Form form{width, height, 8, across, down};
      const auto made = make(form, noise(8, 3));
      const SignalRow row = row_of(made->frame);
      const int step = step_of(form);
      unsigned sites = 0;
      for (int y = 0; y < height; ++y)
        for (int x = first_site(form, y); x < width; x += step) ++sites;
      EXPECT_EQ(row.sites, sites) << width << ' ' << across;
    }
}

}  // namespace
}  // namespace cleangate::probes
