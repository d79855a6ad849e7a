// SPDX-License-Identifier: Apache-2.0
// Streams whose headers change what they say midway, made bit by bit after the syntax tables of the
// standards: each form is told where it begins, and nothing else is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probes/bitstream/stream_probe.h"
#include "tests/probes/bitstream/bit_writer.h"

namespace cleangate::probes {
namespace {

using test::BitWriter;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using Bytes = std::vector<std::byte>;

constexpr ColorDescription kSdr{ColorPrimaries::bt709, TransferCharacteristics::bt709,
                                MatrixCoefficients::bt709, SignalRange::narrow};
constexpr ColorDescription kPq{ColorPrimaries::bt2020, TransferCharacteristics::smpte2084,
                               MatrixCoefficients::bt2020nc, SignalRange::narrow};

// What a made header says; no aspect and no color: there is no VUI (no display extension).
struct Said {
  std::optional<ColorDescription> color;
  int aspect_idc = 0;
  int profile = 0, id = 0;
};

class Stream {
 public:
  explicit Stream(const char* codec, Bytes configuration = {}, std::uint32_t tag = 0) {
    StreamDescription description;
    description.kind = StreamKind::video;
    description.codec = codec;
    description.codec_tag = tag;
    description.configuration = configuration;
    probe_ = make_stream_probe(description);
  }
  PacketClass feed(const std::vector<Bytes>& parts) {
    Bytes packet;
    for (const Bytes& part : parts) test::append(packet, part);
    PacketView view;
    view.pts = view.dts = next_++;
    view.bytes = packet;
    return probe_->observe(view);
  }
  [[nodiscard]] std::vector<PictureFormat> formats() const { return probe_->picture_formats(); }

 private:
  std::unique_ptr<StreamProbe> probe_;
  std::int64_t next_ = 0;
};

// Annex E of H.264 and HEVC up to chroma_loc_info.
void common_vui(BitWriter& w, const Said& said) {
  w.u(1, said.aspect_idc != 0);
  if (said.aspect_idc) w.u(8, static_cast<unsigned>(said.aspect_idc));
  w.u(1, 0);
  w.u(1, said.color.has_value());
  if (said.color)
    w.u(3, 5)
        .u(1, said.color->range == SignalRange::full)
        .u(1, 1)
        .u(8, static_cast<unsigned>(said.color->primaries))
        .u(8, static_cast<unsigned>(said.color->transfer))
        .u(8, static_cast<unsigned>(said.color->matrix));
  w.u(1, 0);
}

bool has_vui(const Said& said) { return said.color || said.aspect_idc != 0; }

namespace avc {

Bytes unit(int header, const BitWriter& rbsp) {
  Bytes bytes = test::bytes_of(0, 0, 0, 1, header);
  test::append(bytes, test::escaped(rbsp.bytes()));
  return bytes;
}

Bytes sps(const Said& said) {
  const int profile = said.profile ? said.profile : 77;
  BitWriter w;
  w.u(8, static_cast<unsigned>(profile)).u(8, 0).u(8, 30).ue(static_cast<unsigned>(said.id));
  if (profile == 100) w.ue(1).ue(0).ue(0).u(1, 0).u(1, 0);
  w.ue(0).ue(0).ue(2).ue(4).u(1, 0).ue(44).ue(35).u(1, 1).u(1, 1).u(1, 0);
  w.u(1, has_vui(said));
  if (has_vui(said)) {
    common_vui(w, said);
    w.u(1, 0).u(1, 0).u(1, 0).u(1, 0).u(1, 0);
  }
  return unit(0x67, w.trail());
}

Bytes pps(int sps_id = 0) {
  return unit(0x68,
              BitWriter().ue(0).ue(static_cast<unsigned>(sps_id)).u(1, 0).u(1, 1).ue(0).trail());
}

Bytes slice(bool idr, unsigned frame_num) {
  BitWriter w;
  w.ue(0).ue(idr ? 7 : 5).ue(0).u(4, frame_num);
  if (idr) w.ue(0);
  return unit(idr ? 0x65 : 0x61, w.u(6, frame_num * 2).trail());
}

// An IDR picture with its sets and two that follow it.
void group(Stream& stream, const Said& said) {
  stream.feed({sps(said), pps(said.id), slice(true, 0)});
  stream.feed({slice(false, 1)});
  stream.feed({slice(false, 2)});
}

PictureFormat form(std::int64_t at, const char* profile, ColorDescription color,
                   std::optional<Rational> aspect) {
  return {at, 720, 576, "4:2:0", 8, profile, color, aspect};
}

}  // namespace avc

TEST(FormatsMidway, H264ColorAspectAndProfile) {
  Stream stream("h264");
  avc::group(stream, {kSdr, 2});
  avc::group(stream, {kPq, 2});
  avc::group(stream, {kPq, 4});
  avc::group(stream, {kPq, 4, 100});
  avc::group(stream, {std::nullopt, 4, 100});  // silence is another statement
  avc::group(stream, {kSdr, 0, 100});
  EXPECT_THAT(stream.formats(), ElementsAre(avc::form(0, "Main", kSdr, Rational(12, 11)),
                                            avc::form(3, "Main", kPq, Rational(12, 11)),
                                            avc::form(6, "Main", kPq, Rational(16, 11)),
                                            avc::form(9, "High", kPq, Rational(16, 11)),
                                            avc::form(12, "High", {}, Rational(16, 11)),
                                            avc::form(15, "High", kSdr, std::nullopt)));
}

TEST(FormatsMidway, H264SetsThatSayTheSame) {
  Bytes head = avc::sps({kSdr, 2});
  test::append(head, avc::pps());
  Stream stream("h264", head);
  stream.feed({avc::slice(true, 0)});
  avc::group(stream, {kSdr, 2});
  avc::group(stream, {kSdr, 2, 0, 3});  // another number
  avc::group(stream, {kSdr, 2});
  // Repeated within a coded video sequence, without what it is not needed for.
  stream.feed({avc::sps({}), avc::pps(), avc::slice(false, 3)});
  stream.feed({avc::slice(false, 4)});
  avc::group(stream, {kSdr, 2});
  EXPECT_THAT(stream.formats(), SizeIs(1));
  stream.feed({avc::sps({}), avc::pps(), avc::slice(true, 0)});  // before an IDR picture it counts
  ASSERT_THAT(stream.formats(), SizeIs(2));
  EXPECT_EQ(stream.formats()[1], avc::form(15, "Main", {}, std::nullopt));
}

TEST(FormatsMidway, H264PicturesTellTheirForm) {
  Stream stream("h264");
  const auto first = stream.feed({avc::sps({kSdr, 2}), avc::pps(), avc::slice(true, 0)});
  ASSERT_TRUE(first.format);
  EXPECT_EQ(*first.format, avc::form(0, "Main", kSdr, Rational(12, 11)));
  EXPECT_EQ(stream.feed({avc::slice(false, 1)}).format, first.format) << "the same object";
  const auto other = stream.feed({avc::sps({kPq, 2}), avc::pps(), avc::slice(true, 0)});
  ASSERT_TRUE(other.format);
  EXPECT_EQ(other.format->color, kPq);
  EXPECT_FALSE(stream.feed({}).format);
}

// An SEI message alone (147, alternative_transfer_characteristics) is no change.
TEST(FormatsMidway, SeiMessagesAreNoFormat) {
  Stream stream("h264");
  avc::group(stream, {kSdr, 2});
  const auto hlg = avc::unit(0x06, BitWriter().u(8, 147).u(8, 1).u(8, 18).trail());
  stream.feed({hlg, avc::sps({kSdr, 2}), avc::pps(), avc::slice(true, 0)});
  EXPECT_THAT(stream.formats(), SizeIs(1));
}

namespace hvc {

Bytes unit(int type, const BitWriter& rbsp) {
  Bytes bytes = test::bytes_of(0, 0, 0, 1, type << 1, 1);
  test::append(bytes, test::escaped(rbsp.bytes()));
  return bytes;
}

Bytes sps(const Said& said) {
  const unsigned profile = said.profile ? static_cast<unsigned>(said.profile) : 1;
  BitWriter w;
  w.u(4, 0).u(3, 0).u(1, 1);
  w.u(2, 0).u(1, 0).u(5, profile).u(32, 0).u(4, 9).u(43, 0).u(1, 0).u(8, 93);
  w.ue(0).ue(1).ue(1280).ue(720).u(1, 0).ue(0).ue(0).ue(4).u(1, 1).ue(4).ue(0).ue(0);
  w.ue(0).ue(3).ue(0).ue(3).ue(0).ue(0).u(1, 0).u(1, 0).u(1, 0).u(1, 0).ue(0).u(1, 0);
  w.u(1, 0).u(1, 0).u(1, has_vui(said));
  if (has_vui(said)) {
    common_vui(w, said);
    w.u(1, 0).u(1, 0).u(1, 0).u(1, 0).u(1, 0).u(1, 0);
  }
  return unit(33, w.u(1, 0).trail());
}

Bytes pps() { return unit(34, BitWriter().ue(0).ue(0).u(1, 0).u(1, 0).u(3, 0).u(8, 0).trail()); }

Bytes slice(bool idr) {
  BitWriter w;
  w.u(1, 1);
  if (idr) w.u(1, 0);
  return unit(idr ? 19 : 1, w.ue(0).ue(idr ? 2 : 1).u(8, 0).trail());
}

}  // namespace hvc

TEST(FormatsMidway, Hevc) {
  Stream stream("hevc");
  const auto form = [](std::int64_t at, const char* profile, ColorDescription color,
                       std::optional<Rational> aspect) {
    return PictureFormat{at, 1280, 720, "4:2:0", 8, profile, color, aspect};
  };
  for (const Said& said : {Said{kSdr, 1}, Said{kSdr, 1}, Said{kPq, 1}, Said{kPq, 14, 2}, Said{}}) {
    stream.feed({hvc::sps(said), hvc::pps(), hvc::slice(true)});
    stream.feed({hvc::slice(false)});
    stream.feed({hvc::sps({std::nullopt, 0, said.profile}), hvc::pps(), hvc::slice(false)});
  }
  EXPECT_THAT(
      stream.formats(),
      ElementsAre(form(0, "Main", kSdr, Rational(1)), form(6, "Main", kPq, Rational(1)),
                  form(9, "Main 10", kPq, Rational(4, 3)), form(12, "Main", {}, std::nullopt)));
}

namespace mpeg2 {

Bytes code(int value, const BitWriter& body) {
  Bytes out = test::bytes_of(0, 0, 1, value);
  test::append(out, body.bytes());
  return out;
}

// 6.2.2.1, 6.2.2.3 and, where there is a color, 6.2.2.4; aspect_idc: aspect_ratio_information.
Bytes sequence(const Said& said) {
  const unsigned aspect = static_cast<unsigned>(said.aspect_idc);
  const unsigned profile = said.profile ? static_cast<unsigned>(said.profile) : 0x48;
  BitWriter header, extension, display;
  header.u(12, 720).u(12, 576).u(4, aspect).u(4, 3).u(18, 1).u(1, 1).u(10, 1).u(3, 0).align();
  extension.u(4, 1).u(8, profile).u(1, 1).u(2, 1).u(4, 0).u(12, 1).u(1, 1).u(8, 0).u(8, 0).align();
  Bytes out = code(0xb3, header);
  test::append(out, code(0xb5, extension));
  if (!said.color) return out;
  display.u(4, 2).u(3, 5).u(1, 1);
  display.u(8, static_cast<unsigned>(said.color->primaries));
  display.u(8, static_cast<unsigned>(said.color->transfer));
  display.u(8, static_cast<unsigned>(said.color->matrix));
  test::append(out, code(0xb5, display.u(14, 720).u(1, 1).u(14, 576).align()));
  return out;
}

Bytes picture(unsigned reference, unsigned type) {
  Bytes out = code(0x00, BitWriter().u(10, reference).u(3, type).u(16, 0xffff).u(3, 0).align());
  test::append(
      out, code(0xb5,
                BitWriter().u(4, 8).u(16, 0x1111).u(2, 0).u(2, 3).u(8, 0).u(1, 1).u(3, 0).align()));
  test::append(out, test::bytes_of(0, 0, 1, 1, 0xff));
  return out;
}

}  // namespace mpeg2

TEST(FormatsMidway, Mpeg2) {
  Stream stream("mpeg2video");
  const auto form = [](std::int64_t at, const char* profile, ColorDescription color,
                       Rational aspect) {
    color.range = SignalRange::narrow;
    return PictureFormat{at, 720, 576, "4:2:0", 8, profile, color, aspect};
  };
  for (const Said& said : {Said{kSdr, 2}, Said{kSdr, 2}, Said{kSdr, 3}, Said{kPq, 3},
                           Said{kPq, 3, 0x14}, Said{std::nullopt, 3, 0x14}}) {
    stream.feed({mpeg2::sequence(said), mpeg2::picture(0, 1)});
    stream.feed({mpeg2::picture(1, 2)});
  }
  EXPECT_THAT(
      stream.formats(),
      ElementsAre(form(0, "Main", kSdr, Rational(16, 15)), form(4, "Main", kSdr, Rational(64, 45)),
                  form(6, "Main", kPq, Rational(64, 45)), form(8, "High", kPq, Rational(64, 45)),
                  form(10, "High", {}, Rational(64, 45))));
}

// A sequence header whose extension is lost would be one of MPEG-1.
TEST(FormatsMidway, Mpeg2WithoutItsExtensionIsNoOtherForm) {
  Stream stream("mpeg2video");
  stream.feed({mpeg2::sequence({kSdr, 2}), mpeg2::picture(0, 1)});
  Bytes header = mpeg2::sequence({std::nullopt, 3});
  header.resize(12);
  EXPECT_EQ(stream.feed({header, mpeg2::picture(0, 1)}).format->pixel_aspect, Rational(16, 15));
  stream.feed({mpeg2::sequence({kSdr, 2}), mpeg2::picture(0, 1)});
  EXPECT_THAT(stream.formats(), SizeIs(1));
}

// SMPTE RDD 36, 5.1.1: a frame header tells its own color.
TEST(FormatsMidway, ProRes) {
  constexpr std::uint32_t kApch = 'a' | 'p' << 8 | 'c' << 16 | 'h' << 24;
  Stream stream("prores", {}, kApch);
  const auto frame = [](const ColorDescription& color) {
    BitWriter w;
    w.u(32, 400).u(32, 0x69637066).u(16, 148).u(16, 0).u(32, 0).u(16, 1920).u(16, 1080);
    w.u(8, 0x80).u(8, 0x13).u(8, static_cast<unsigned>(color.primaries));
    w.u(8, static_cast<unsigned>(color.transfer)).u(8, static_cast<unsigned>(color.matrix));
    return w.u(8, 0).u(16, 0).bytes();
  };
  for (const ColorDescription& color : {kSdr, kSdr, kPq, kSdr}) stream.feed({frame(color)});
  const auto form = [](std::int64_t at, const ColorDescription& color) {
    return PictureFormat{at, 1920, 1080, "4:2:2", std::nullopt, std::nullopt, color, std::nullopt};
  };
  EXPECT_THAT(stream.formats(), ElementsAre(form(0, kSdr), form(2, kPq), form(3, kSdr)));
}

// SMPTE ST 2019-1: the compression ID names the profile.
TEST(FormatsMidway, Dnx) {
  Stream stream("dnxhd");
  const auto frame = [](unsigned id) {
    Bytes bytes(0x280, std::byte{0});
    const auto put = [&](std::size_t at, unsigned value) {
      bytes[at] = static_cast<std::byte>(value >> 8);
      bytes[at + 1] = static_cast<std::byte>(value);
    };
    bytes[2] = std::byte{2};
    put(0x18, 1080);
    put(0x1a, 1920);
    put(0x2a, id);
    return bytes;
  };
  for (const unsigned id : {1272U, 1272U, 1273U}) stream.feed({frame(id)});
  const auto formats = stream.formats();
  ASSERT_THAT(formats, SizeIs(2));
  EXPECT_EQ(formats[0].profile, "DNxHR HQ");
  EXPECT_EQ(formats[1].profile, "DNxHR SQ");
  EXPECT_EQ(formats[1].first_frame, 2);
  EXPECT_FALSE(formats[1].color) << "not looked for: the decoder's word stands";
}

// ISO/IEC 14496-2: who begins at an I picture of MPEG-4 must know which layer is in force.
TEST(FormatsMidway, Mpeg4LayersAreParameterSets) {
  const auto layer = [](int par) { return test::bytes_of(0, 0, 1, 0x20, 0x08, 0xd0 + par, 0x11); };
  const Bytes intra = test::bytes_of(0, 0, 1, 0xb6, 0x10, 0x60),
              predicted = test::bytes_of(0, 0, 1, 0xb6, 0x50, 0x60);
  Stream stream("mpeg4", layer(1));
  const auto same = stream.feed({layer(1), intra});
  EXPECT_EQ(same.access, RandomAccess::open);
  EXPECT_EQ(same.picture, 'I');
  EXPECT_TRUE(same.restates_sets);
  EXPECT_FALSE(same.changes_sets);
  EXPECT_FALSE(stream.feed({predicted}).restates_sets);
  EXPECT_TRUE(stream.feed({layer(2), intra}).changes_sets);
  EXPECT_FALSE(stream.feed({layer(2), intra}).changes_sets);
  EXPECT_TRUE(stream.feed({}).hidden);
}

}  // namespace
}  // namespace cleangate::probes
