// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/format_join.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/media/av/decoder.h"
#include "pipeline/media/av/demuxer.h"
#include "tests/pipeline/pass/made_media.h"

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

// What the decoder says of the frames of packets `first` to before `end` of a bare H.264 stream.
std::vector<ColorDescription> told(av::VideoDecoder& decoder,
                                   const std::vector<av::Packet>& packets, std::size_t first,
                                   std::size_t end) {
  std::vector<av::Picture> pictures;
  for (std::size_t i = first; i < end; ++i)
    decoder.decode(packets[i], static_cast<std::int64_t>(i), pictures);
  decoder.drain(pictures);
  std::vector<ColorDescription> colors;
  for (const av::Picture& picture : pictures) colors.push_back(picture.frame.color);
  return colors;
}

// Or what a job's frames say would depend on the job that its decoder did before.
TEST(FormatJoin, ADecoderThatBeginsAnewForgetsWhatItHeard) {
  CLEANGATE_NEEDS_FFMPEG();
  const auto path = test::joined({test::made("small.h264"), test::made("pq.h264")}, "anew.h264");
  const auto source = open_path(path);
  ASSERT_TRUE(source);
  auto demuxer = av::Demuxer::open(**source, {}, [](std::uint64_t, std::span<const std::byte>) {});
  ASSERT_TRUE(demuxer);
  std::vector<av::Packet> packets;
  for (auto next = (*demuxer)->next(); next && *next; next = (*demuxer)->next())
    packets.push_back(std::move(**next));
  ASSERT_EQ(packets.size(), 100u);
  auto decoder = av::VideoDecoder::open((*demuxer)->stream(0), 1);
  ASSERT_TRUE(decoder);
  EXPECT_EQ(told(**decoder, packets, 50, 100), std::vector<ColorDescription>(50, kPq));
  (*decoder)->reset();
  EXPECT_EQ(told(**decoder, packets, 0, 50), std::vector<ColorDescription>(50));
}

}  // namespace
}  // namespace cleangate::pass
