// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/format_join.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cleangate::pass {
namespace {

using ::testing::ElementsAre;
using Format = FormatJoin::Format;

constexpr ColorDescription kSdr{ColorPrimaries::bt709, TransferCharacteristics::bt709,
                                MatrixCoefficients::bt709, SignalRange::narrow};
constexpr ColorDescription kPq{ColorPrimaries::bt2020, TransferCharacteristics::smpte2084,
                               MatrixCoefficients::bt2020nc, SignalRange::narrow};

Format decoded(const ColorDescription& color, std::optional<Rational> aspect) {
  return {0, 720, 576, "4:2:0", 8, std::nullopt, color, aspect};
}

std::shared_ptr<const Format> headers(const char* profile, std::optional<ColorDescription> color,
                                      std::optional<Rational> aspect) {
  return std::make_shared<const Format>(
      Format{0, 1, 1, std::nullopt, std::nullopt, profile, color, aspect});
}

TEST(FormatJoin, HeadersOutrankTheDecoderButForTheSize) {
  FormatJoin join;
  const auto sd = headers("Main", kSdr, Rational(16, 15)), pq = headers("High", kPq, std::nullopt);
  join.see(decoded(kPq, Rational(1)), sd, 0);
  join.see(decoded(kSdr, std::nullopt), sd, 1);
  join.see(decoded(kSdr, std::nullopt), nullptr, 2);  // a packet that told nothing
  join.see(decoded(kSdr, Rational(16, 15)), pq, 3);   // the decoder holds on to what it heard
  EXPECT_THAT(join.formats(),
              ElementsAre(Format{0, 720, 576, "4:2:0", 8, "Main", kSdr, Rational(16, 15)},
                          Format{3, 720, 576, "4:2:0", 8, "High", kPq, std::nullopt}));
}

TEST(FormatJoin, WhereHeadersTellNoColorTheDecoderDoes) {
  FormatJoin join;
  const auto told = headers("DNxHD", std::nullopt, std::nullopt);
  join.see(decoded(kSdr, Rational(1)), told, 0);
  join.see(decoded(kPq, Rational(1)), told, 7);
  EXPECT_THAT(join.formats(),
              ElementsAre(Format{0, 720, 576, "4:2:0", 8, "DNxHD", kSdr, Rational(1)},
                          Format{7, 720, 576, "4:2:0", 8, "DNxHD", kPq, Rational(1)}));
}

TEST(FormatJoin, SilenceOfADecoderTakesNothingBack) {
  FormatJoin join;
  join.see(decoded({}, std::nullopt), nullptr, 0);
  join.see(decoded(kSdr, Rational(16, 15)), nullptr, 1);
  join.see(decoded({}, std::nullopt), nullptr, 2);
  ColorDescription full;
  full.range = SignalRange::full;
  join.see(decoded(full, std::nullopt), nullptr, 3);
  ColorDescription both = kSdr;
  both.range = SignalRange::full;
  EXPECT_THAT(join.formats(),
              ElementsAre(decoded({}, std::nullopt),
                          Format{1, 720, 576, "4:2:0", 8, std::nullopt, kSdr, Rational(16, 15)},
                          Format{3, 720, 576, "4:2:0", 8, std::nullopt, both, Rational(16, 15)}));
}

TEST(FormatJoin, ButTheWordOfOneThatTellsAnew) {
  FormatJoin join;
  join.decoder_tells_anew();
  join.see(decoded(kSdr, Rational(1)), nullptr, 0);
  join.see(decoded({}, Rational(1)), nullptr, 1);
  EXPECT_THAT(join.formats(),
              ElementsAre(decoded(kSdr, Rational(1)), Format{1, 720, 576, "4:2:0", 8, std::nullopt,
                                                             ColorDescription{}, Rational(1)}));
}

TEST(FormatJoin, AFrameOfNoSizeSaysNothing) {
  FormatJoin join;
  join.see({}, headers("Main", kSdr, std::nullopt), 0);
  EXPECT_TRUE(join.formats().empty());
}

}  // namespace
}  // namespace cleangate::pass
