// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/bars.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <functional>

#include "tests/probes/picture/made_frame.h"

namespace cleangate::probes {
namespace {

using Code = std::array<std::uint32_t, 3>;

// Code values of 10 bits as the documents print them.
// SMPTE EG 1 (BT.601): white, yellow, cyan, green, magenta, red, blue of 75 %.
constexpr std::array<Code, 7> kSd75{{{721, 512, 512},
                                     {646, 176, 567},
                                     {525, 625, 176},
                                     {450, 289, 231},
                                     {335, 735, 793},
                                     {260, 399, 848},
                                     {139, 848, 457}}};
// SMPTE RP 219-1 table B.1 (BT.709).
constexpr std::array<Code, 7> kHd75{{{721, 512, 512},
                                     {674, 176, 543},
                                     {581, 589, 176},
                                     {534, 253, 207},
                                     {251, 771, 817},
                                     {204, 435, 848},
                                     {111, 848, 481}}};
// EBU Tech 3373 tables 3, 4, 5 (BT.2100, non-constant luminance): 100 %, 75 %, BT.709 by display
// light. RP 219-2 has the same 75 % for BT.2020.
constexpr std::array<Code, 7> kHlg100{{{940, 512, 512},
                                       {888, 64, 548},
                                       {710, 637, 64},
                                       {658, 189, 100},
                                       {346, 835, 924},
                                       {294, 387, 960},
                                       {116, 960, 476}}};
constexpr std::array<Code, 7> kHlg75{{{721, 512, 512},
                                      {682, 176, 539},
                                      {548, 606, 176},
                                      {509, 270, 203},
                                      {276, 754, 821},
                                      {237, 418, 848},
                                      {103, 848, 485}}};
constexpr std::array<Code, 7> kHlgDisplay{{{602, 512, 512},
                                           {578, 331, 523},
                                           {544, 543, 418},
                                           {515, 358, 424},
                                           {329, 656, 654},
                                           {292, 428, 672},
                                           {171, 746, 523}}};
constexpr Code kGray{414, 512, 512}, kBlack{64, 512, 512}, kWhite{940, 512, 512};

using Picture = std::function<Code(int x, int y)>;  // 10 bits

struct Form {
  int width = 480, height = 270, across = 1, down = 0, bits = 10;
  ColorModel model = ColorModel::ycbcr;
};

std::unique_ptr<test::MadeFrame> make(const Form& form, const Picture& picture) {
  PixelLayout layout;
  layout.model = form.model;
  layout.component_count = 3;
  layout.log2_chroma_w = static_cast<std::uint8_t>(form.across);
  layout.log2_chroma_h = static_cast<std::uint8_t>(form.down);
  const auto bytes = static_cast<std::uint16_t>(form.bits > 8 ? 2 : 1);
  for (std::uint8_t i = 0; i < 3; ++i)
    layout.components[i] = {i, 0, bytes, 0, static_cast<std::uint8_t>(form.bits)};
  auto made = std::make_unique<test::MadeFrame>(form.width, form.height, layout,
                                                test::planar_stride(form.width, form.bits), 3);
  for (int i = 0; i < 3; ++i) {
    const int across = i > 0 ? form.across : 0, down = i > 0 ? form.down : 0;
    for (int y = 0; y < (form.height + (1 << down) - 1) >> down; ++y)
      for (int x = 0; x < (form.width + (1 << across) - 1) >> across; ++x) {
        const std::uint32_t code = picture(x << across, y << down)[static_cast<std::size_t>(i)];
        made->put(i, x, y, form.bits >= 10 ? code << (form.bits - 10) : (code + 2) >> 2);
      }
  }
  return made;
}

// Seven bars between panels of an eighth, row after row down to the part of the height given; below
// them something else.
struct Row {
  double end;
  std::array<Code, 7> bars;
};
Picture panels(const Form& form, std::vector<Row> rows, Code panel = kGray) {
  return [=](int x, int y) -> Code {
    for (const Row& row : rows) {
      if (y >= form.height * row.end) continue;
      const double bar = (8.0 * x / form.width - 1) * 7 / 6;
      return bar < 0 || bar >= 7 ? panel : row.bars[static_cast<std::size_t>(bar)];
    }
    return x % 64 < 32 ? kBlack : kWhite;
  };
}
Picture seven(const Form& form, const std::array<Code, 7>& bars) {
  return [=](int x, int y) -> Code {
    if (y >= form.height * 2 / 3) return kBlack;
    return bars[static_cast<std::size_t>(x * 7 / form.width)];
  };
}
Picture eight(const Form& form, Code white, const std::array<Code, 7>& bars) {
  return [=](int x, int) -> Code {
    const auto bar = static_cast<std::size_t>(x * 8 / form.width);
    return bar == 7 ? kBlack : bar == 0 ? white : bars[bar];
  };
}

BarsRow row_of(const VideoFrame& frame, FrameSweep::Options options = {}) {
  FrameSweep sweep(options);
  sweep.run(frame);
  return analyze_bars(sweep);
}
BarsRow row_of(const Form& form, const Picture& picture) {
  return row_of(make(form, picture)->frame);
}

void expect_bars(const BarsRow& row, BarsPattern pattern, const std::vector<Code>& bars) {
  EXPECT_EQ(bars_name(static_cast<BarsPattern>(row.pattern)), bars_name(pattern));
  EXPECT_GE(row.score, 995);
  EXPECT_EQ(row.unevenness, 0);
  for (std::size_t i = 0; i < row.bars.size(); ++i)
    EXPECT_EQ(row.bars[i], i / 3 < bars.size() ? bars[i / 3][i % 3] << 6 : 0u) << i;
}
std::vector<Code> all(const std::array<Code, 7>& bars) { return {bars.begin(), bars.end()}; }

// The documents' tables against what the patterns expect: half a code of 10 bits, and rounding.
TEST(Bars, ExpectedLevelsAreThoseOfTheDocuments) {
  struct Table {
    BarsPattern pattern;
    BarsBand band;
    LumaWeights weights;
    const std::array<Code, 7>& codes;
  };
  const LumaWeights sd{2990, 1140}, hd{2126, 722}, uhd{2627, 593};
  const Table tables[] = {{BarsPattern::smpte, BarsBand::main, sd, kSd75},
                          {BarsPattern::rp219, BarsBand::main, hd, kHd75},
                          {BarsPattern::rp219, BarsBand::top, uhd, kHlg75},
                          {BarsPattern::bt2111_hlg, BarsBand::top, uhd, kHlg100},
                          {BarsPattern::bt2111_hlg, BarsBand::main, uhd, kHlg75},
                          {BarsPattern::tech3373, BarsBand::main, uhd, kHlg75},
                          {BarsPattern::tech3373, BarsBand::low, uhd, kHlgDisplay}};
  for (const Table& table : tables)
    for (int bar = 0; bar < 7; ++bar) {
      const BarLevel level = ycbcr_of(bar_rgb(table.pattern, table.band, bar), table.weights);
      const Code& code = table.codes[static_cast<std::size_t>(bar)];
      EXPECT_NEAR(64 + level[0] * 0.0876, code[0], 0.7) << bars_name(table.pattern) << bar;
      EXPECT_NEAR(512 + level[1] * 0.0896, code[1], 0.8) << bars_name(table.pattern) << bar;
      EXPECT_NEAR(512 + level[2] * 0.0896, code[2], 0.8) << bars_name(table.pattern) << bar;
      for (std::size_t i = 0; i < 3; ++i)
        EXPECT_NEAR(bar_level(code[i] << 6, i > 0 ? BarComponent::chroma : BarComponent::level,
                              SignalRange::narrow, 10),
                    level[i], 10);
    }
  // BT.2111 PQ: 572 narrow, 593 full; gray 414, 409.
  EXPECT_NEAR(bar_rgb(BarsPattern::bt2111_pq, BarsBand::main, 0)[0] * 0.0876 + 64, 572, 0.5);
  EXPECT_NEAR(bar_rgb(BarsPattern::bt2111_pq, BarsBand::main, 0)[0] * 0.1023, 593, 0.5);
  EXPECT_NEAR(kBarsPanel[0] * 0.0876 + 64, 414, 0.5);
}

TEST(Bars, PatternsAreToldApart) {
  const Form hd, sd{360, 288};
  expect_bars(row_of(sd, seven(sd, kSd75)), BarsPattern::smpte, all(kSd75));
  expect_bars(row_of(hd, panels(hd, {{7.0 / 12, kHd75}})), BarsPattern::rp219, all(kHd75));
  expect_bars(row_of(hd, panels(hd, {{7.0 / 12, kHlg75}})), BarsPattern::rp219, all(kHlg75));
  expect_bars(row_of(hd, panels(hd, {{1.0 / 12, kHlg100}, {7.0 / 12, kHlg75}})),
              BarsPattern::bt2111_hlg, all(kHlg75));
  const std::vector<Row> tech{
      {100 / 1080.0, kHlg100}, {380 / 1080.0, kHlg75}, {580 / 1080.0, kHlgDisplay}};
  expect_bars(row_of(hd, panels(hd, tech)), BarsPattern::tech3373, all(kHlg75));
  std::vector<Code> ebu = all(kSd75);
  ebu[0] = kWhite;
  ebu.push_back(kBlack);
  expect_bars(row_of(sd, eight(sd, kWhite, kSd75)), BarsPattern::ebu75, ebu);
  ebu = all(kHlg100);
  ebu.push_back(kBlack);
  expect_bars(row_of(hd, eight(hd, kWhite, kHlg100)), BarsPattern::ebu100, ebu);
}

TEST(Bars, PqInRgbOfEitherRange) {
  Form form;
  form.across = 0;
  form.model = ColorModel::rgb;
  for (const bool full : {false, true}) {
    const std::uint32_t low = full ? 0 : 64, high = full ? 1023 : 940, level = full ? 593 : 572;
    const std::uint32_t gray = full ? 409 : 414;
    std::array<Code, 7> top{}, main{};
    for (std::size_t bar = 0; bar < 7; ++bar)
      for (std::size_t i = 0; i < 3; ++i) {
        const bool on = bar_rgb(BarsPattern::ebu100, BarsBand::main, static_cast<int>(bar))[i] > 0;
        top[bar][i] = on ? high : low;
        main[bar][i] = on ? level : low;
      }
    auto made = make(form, panels(form, {{1.0 / 12, top}, {7.0 / 12, main}}, {gray, gray, gray}));
    made->frame.color.range = full ? SignalRange::full : SignalRange::narrow;
    const BarsRow row = row_of(made->frame);
    expect_bars(row, BarsPattern::bt2111_pq, all(main));
    EXPECT_EQ(row.flags, BarsRow::kRgb | (full ? BarsRow::kFull : 0));
    EXPECT_EQ(row.fit_kr, 0);
  }
}

TEST(Bars, MatrixIsTheOneThatFitsBesideTheOneStated) {
  const Form form;
  auto made = make(form, panels(form, {{7.0 / 12, kHd75}}));
  EXPECT_EQ(row_of(made->frame).fit_kr, 2126);
  EXPECT_EQ(row_of(made->frame).stated_kr, 0);
  EXPECT_EQ(row_of(made->frame).flags, BarsRow::kNoRange);
  made->frame.color.matrix = MatrixCoefficients::smpte170m;
  made->frame.color.range = SignalRange::narrow;
  const BarsRow row = row_of(made->frame);
  EXPECT_EQ(row.fit_kr, 2126);
  EXPECT_EQ(row.stated_kr, 2990);
  EXPECT_EQ(row.stated_kb, 1140);
  EXPECT_EQ(row.flags, 0);
  EXPECT_EQ(row_of(form, panels(form, {{7.0 / 12, kHlg75}})).fit_kr, 2627);
}

TEST(Bars, EverySubsamplingDepthAndFieldOrder) {
  for (const int across : {0, 1, 2})
    for (const int down : {0, 1})
      for (const int bits : {8, 10, 12, 16}) {
        const Form form{401, 227, across, down, bits};
        auto made = make(form, panels(form, {{7.0 / 12, kHd75}}));
        made->frame.structure = PictureStructure::top_field_first;
        const BarsRow row = row_of(made->frame);
        EXPECT_EQ(row.pattern, static_cast<int>(BarsPattern::rp219)) << across << down << bits;
        EXPECT_GE(row.score, 990);
      }
}

TEST(Bars, BetweenBlack) {
  const Form form{640, 360};
  struct Inner {
    int x, y, width, height;
  };
  for (const Inner in : {Inner{0, 45, 640, 270}, {80, 0, 480, 360}, {80, 45, 480, 270}})
    for (const int pattern : {1, 2, 4}) {
      const Form small{in.width, in.height};
      const Picture inner = pattern == 1   ? seven(small, kSd75)
                            : pattern == 2 ? panels(small, {{7.0 / 12, kHd75}})
                                           : eight(small, kWhite, kHlg100);
      const BarsRow row = row_of(form, [&](int x, int y) -> Code {
        const bool inside = x >= in.x && x < in.x + in.width && y >= in.y && y < in.y + in.height;
        return inside ? inner(x - in.x, y - in.y) : kBlack;
      });
      EXPECT_EQ(row.pattern, pattern) << in.x << ' ' << in.y;
      EXPECT_GE(row.score, 990) << in.x << ' ' << in.y;
      EXPECT_EQ(row.x, in.x);
      // What is black below the bars of `seven` is no picture.
      if (pattern != 1) {
        EXPECT_EQ(row.y, in.y);
      }
    }
}

TEST(Bars, TextNoiseAndWrongLevels) {
  const Form form;
  const Picture bars = panels(form, {{7.0 / 12, kHd75}});
  const BarsRow text = row_of(form, [&](int x, int y) {
    return (y > 60 && y < 68 && x > 90 && x < 400) || y > 160 ? kWhite : bars(x, y);
  });
  EXPECT_EQ(text.pattern, static_cast<int>(BarsPattern::rp219));
  EXPECT_GE(text.score, 990);
  for (std::size_t i = 0; i < 21; ++i) EXPECT_EQ(text.bars[i], kHd75[i / 3][i % 3] << 6);

  test::Noise random(3);
  const BarsRow noisy = row_of(form, [&](int x, int y) {
    Code code = bars(x, y);
    for (auto& each : code) each = std::max(4u, each + random() % 81 - 40);
    return code;
  });
  EXPECT_EQ(noisy.pattern, static_cast<int>(BarsPattern::rp219));
  EXPECT_GE(noisy.score, 950);
  for (std::size_t i = 0; i < 21; ++i)
    EXPECT_NEAR(noisy.bars[i] / 64.0, kHd75[i / 3][i % 3], 4) << i;

  // 100 % where 75 % should be: the row on top is that of BT.2111, the rest is 25 % off.
  const BarsRow strong = row_of(form, panels(form, {{7.0 / 12, kHlg100}}));
  EXPECT_EQ(strong.pattern, static_cast<int>(BarsPattern::bt2111_hlg));
  EXPECT_GE(strong.score, 800);
  EXPECT_LT(strong.score, 950);
  EXPECT_EQ(strong.bars[0], 940 << 6);
}

TEST(Bars, WhatLooksLikeThemIsNone) {
  const Form form;
  const auto none = [&](const Picture& picture) {
    const BarsRow row = row_of(form, picture);
    EXPECT_LT(row.score, 800);
    return row;
  };
  const Picture bars = eight(form, kWhite, kHlg100), hd = panels(form, {{7.0 / 12, kHd75}});
  EXPECT_EQ(none([&](int x, int y) { return bars(form.width - 1 - x, y); }).score, 0);
  EXPECT_EQ(none([&](int x, int y) { return hd(form.width - 2 - x, y); }).score, 0);
  none([&](int x, int y) { return Code{bars(x, y)[0], 512, 512}; });  // without color
  none([&](int x, int y) { return Code{hd(x, y)[0], 512, 512}; });
  none([&](int x, int y) {  // C'b and C'r exchanged
    const Code code = bars(x, y);
    return Code{code[0], code[2], code[1]};
  });
  none([](int x, int) { return Code{940 - static_cast<std::uint32_t>(x * 876 / 480), 512, 512}; });
  none([](int x, int) { return x % 60 < 30 ? kBlack : kWhite; });
  none([](int x, int) { return x < 160 ? Code{200, 700, 400} : x < 320 ? kWhite : kHd75[5]; });
  none([](int, int) { return kGray; });
  test::Noise random(5);
  none([&](int, int) { return Code{random() % 1024, random() % 1024, random() % 1024}; });
  // Only the upper quarter: the rest is another picture.
  none([&](int x, int y) { return y < 70 ? bars(x, y) : Code{200, 600, 300}; });
}

TEST(Bars, WhatCannotBeMeasuredSaysSo) {
  const Form form;
  auto made = make(form, eight(form, kWhite, kHlg100));
  const auto flags = [&] { return row_of(made->frame).flags; };
  made->frame.color.matrix = MatrixCoefficients::ictcp;
  EXPECT_EQ(flags(), BarsRow::kNotMeasured);
  made->frame.color.matrix = MatrixCoefficients::bt2020c;
  EXPECT_EQ(flags(), BarsRow::kNotMeasured);
  made->frame.color.matrix = MatrixCoefficients::bt709;
  made->frame.layout.kind = SampleKind::ieee_float;
  EXPECT_EQ(flags(), BarsRow::kNotMeasured);
  made->frame.layout.kind = SampleKind::unsigned_integer;
  made->frame.layout.component_count = 1;
  EXPECT_EQ(flags(), BarsRow::kNoChroma);
  made->frame.layout.component_count = 3;
  made->frame.height = kBarsHeight - 1;
  EXPECT_EQ(flags(), BarsRow::kTooSmall);
  EXPECT_EQ(BarsRow::damaged().flags, BarsRow::kDamaged);
  const std::pair<int, int> sizes[] = {{1, 1}, {127, 72}, {128, 72}, {4096, 8}, {131, 1000}};
  for (const auto& [width, height] : sizes) {
    const Form odd{width, height, 2, 1, 8};
    const BarsRow row = row_of(odd, eight(odd, kWhite, kHlg100));
    const bool small = width < kBarsWidth || height < kBarsHeight;
    EXPECT_EQ((row.flags & BarsRow::kTooSmall) != 0, small) << width;
    EXPECT_EQ(row.pattern, small ? 0 : 4) << width;
  }
}

TEST(Bars, RowsAreTheSameOnEveryMachineAndForEveryCut) {
  const Form form{480, 270, 1, 1, 10};
  test::Noise random(9);
  const Picture bars = panels(form, {{7.0 / 12, kHd75}});
  const auto made = make(form, [&](int x, int y) {
    Code code = bars(x, y);
    for (auto& each : code) each += random() % 30;
    return code;
  });
  const BarsRow row = row_of(made->frame);
  EXPECT_EQ(row.pattern, static_cast<int>(BarsPattern::rp219));
  for (const CpuLevel level : {CpuLevel::baseline, CpuLevel::x86_64_v3, CpuLevel::x86_64_v4}) {
    if (level > best_cpu_level()) continue;
    for (const int lines : {1, 7, 16, 400}) {
      const BarsRow other = row_of(made->frame, {lines, level});
      EXPECT_EQ(std::memcmp(&row, &other, sizeof(row)), 0);
    }
  }
  // Nothing stays from the frames before.
  FrameSweep sweep;
  sweep.run(make({640, 360}, eight({640, 360}, kWhite, kHlg100))->frame);
  sweep.run(made->frame, &made->frame);
  const BarsRow later = analyze_bars(sweep);
  EXPECT_EQ(std::memcmp(&row, &later, sizeof(row)), 0);
}

}  // namespace
}  // namespace cleangate::probes
