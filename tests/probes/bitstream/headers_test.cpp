// SPDX-License-Identifier: Apache-2.0
// Parameter sets, headers and messages made bit by bit after the syntax tables of the standards;
// h264_headers_test.cpp has those of H.264.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probes/bitstream/hevc_headers.h"
#include "probes/bitstream/mpeg2_headers.h"
#include "probes/bitstream/packet_index.h"
#include "probes/bitstream/sei.h"
#include "tests/probes/bitstream/bit_writer.h"

namespace cleangate::probes {
namespace {

using test::BitWriter;

// Annex A.3 and table A.2 of H.265.
TEST(HevcHeaders, ProfilesAndLevelsByTheirNames) {
  hevc::ProfileTierLevel p;
  const auto named = [&] { return hevc::profile_name(p).value_or("-"); };
  p.profile_idc = 2;
  EXPECT_EQ(named(), "Main 10");
  p.profile_idc = 4;
  p.max_12bit = p.max_10bit = true;
  p.max_422 = true;
  EXPECT_EQ(named(), "Main 4:2:2 10");
  p.intra = true;
  EXPECT_EQ(named(), "Main 4:2:2 10 Intra");
  p.max_422 = p.max_10bit = p.intra = false;
  EXPECT_EQ(named(), "Main 4:4:4 12");
  p.max_10bit = p.max_8bit = true;
  EXPECT_EQ(named(), "Main 4:4:4");
  p.max_12bit = p.max_10bit = p.max_8bit = false;
  p.intra = true;
  EXPECT_EQ(named(), "Main 4:4:4 16 Intra");
  p.level_idc = 153;
  EXPECT_EQ(hevc::level_name(p), "5.1");
  p.high_tier = true;
  EXPECT_EQ(hevc::level_name(p), "5.1 High");
  p = {};
  p.level_idc = 120;
  EXPECT_EQ(hevc::level_name(p), "4");
}

// Tables 8-2, 8-3, 8-4 and 6-3 of 13818-2.
TEST(Mpeg2Headers, NamesAndAspects) {
  mpeg2::Sequence s;
  s.standard = mpeg2::Standard::mpeg2;
  const auto named = [&](int code) {
    s.profile_and_level = code;
    return mpeg2::profile_name(s).value_or("-") + "@" + mpeg2::level_name(s).value_or("-");
  };
  EXPECT_EQ(named(0x82), "4:2:2@High");
  EXPECT_EQ(named(0x85), "4:2:2@Main");
  EXPECT_EQ(named(0x44), "Main@High");
  EXPECT_EQ(named(0x46), "Main@High 1440");
  EXPECT_EQ(named(0x48), "Main@Main");
  EXPECT_EQ(named(0x4a), "Main@Low");
  EXPECT_EQ(named(0x58), "Simple@Main");
  EXPECT_EQ(named(0x14), "High@High");
  s.width = 720;
  s.height = 576;
  s.aspect = 3;
  EXPECT_EQ(mpeg2::pixel_aspect(s), Rational(64, 45));
  s.aspect = 2;
  EXPECT_EQ(mpeg2::pixel_aspect(s), Rational(16, 15));
  s.aspect = 1;
  EXPECT_EQ(mpeg2::pixel_aspect(s), Rational(1));
}

// A field-coded MPEG-2 stream: 6.3.10, two pictures a frame with one temporal reference.
TEST(Mpeg2Probe, FieldPicturesAndBrokenLeadingPictures) {
  const auto code = [](int value, const BitWriter& body) {
    std::vector<std::byte> out = test::bytes_of(0, 0, 1, value);
    test::append(out, body.bytes());
    return out;
  };
  const auto picture = [&](unsigned reference, unsigned type, unsigned structure) {
    std::vector<std::byte> out =
        code(0x00, BitWriter().u(10, reference).u(3, type).u(16, 0xffff).u(3, 0).align());
    test::append(
        out,
        code(0xb5, BitWriter().u(4, 8).u(16, 0x1111).u(2, 0).u(2, structure).u(12, 0).align()));
    test::append(out, test::bytes_of(0, 0, 1, 1, 0xff));
    return out;
  };
  std::vector<std::byte> head = code(0xb3, BitWriter()
                                               .u(12, 1920)
                                               .u(12, 1080)
                                               .u(4, 3)
                                               .u(4, 3)
                                               .u(18, 1)
                                               .u(1, 1)
                                               .u(10, 1)
                                               .u(3, 0)
                                               .align());
  test::append(head, code(0xb5, BitWriter()
                                    .u(4, 1)
                                    .u(8, 0x82)
                                    .u(1, 0)
                                    .u(2, 2)
                                    .u(4, 0)
                                    .u(12, 1)
                                    .u(1, 1)
                                    .u(8, 0)
                                    .u(1, 0)
                                    .u(7, 0)
                                    .align()));
  test::append(
      head,
      code(0xb8,
           BitWriter().u(1, 0).u(5, 10).u(6, 0).u(1, 1).u(6, 0).u(6, 0).u(1, 0).u(1, 0).align()));
  StreamDescription description;
  description.kind = StreamKind::video;
  description.codec = "mpeg2video";
  const auto probe = make_stream_probe(description);
  std::int64_t next = 0;
  auto* into = probe.get();
  const auto feed = [&](std::vector<std::byte> bytes) {
    PacketView view;
    view.pts = view.dts = next++;
    view.bytes = bytes;
    return into->observe(view);
  };
  std::vector<std::byte> first = head;
  test::append(first, picture(1, 1, 1));
  // A stream cut inside a GOP: what cannot be decoded is lost, not hidden.
  const auto cut = make_stream_probe(description);
  into = cut.get();
  for (const unsigned type : {3u, 2u, 3u, 2u}) EXPECT_FALSE(feed(picture(0, type, 3)).hidden);
  EXPECT_FALSE(feed(first).hidden);
  into = probe.get();
  const auto start = feed(first);
  EXPECT_EQ(start.access, RandomAccess::open);
  EXPECT_EQ(start.picture, 'I');
  EXPECT_TRUE(feed(picture(1, 2, 2)).second_field);
  const auto leading = feed(picture(0, 3, 1));
  EXPECT_TRUE(leading.hidden) << "a B picture whose past is not in the file";
  EXPECT_TRUE(feed(picture(0, 3, 2)).second_field);
  EXPECT_FALSE(feed(picture(3, 2, 1)).hidden);
  EXPECT_TRUE(feed(picture(3, 2, 2)).second_field);
  EXPECT_FALSE(feed(picture(2, 3, 1)).hidden);
  const VideoClaims claims = probe->video();
  EXPECT_EQ(claims.profile, "4:2:2");
  EXPECT_EQ(claims.level, "High");
  EXPECT_EQ(claims.chroma, "4:2:2");
  EXPECT_EQ(claims.scan, Scan::interlaced);
  EXPECT_EQ(claims.field_order, FieldOrder::top);
  EXPECT_EQ(*probe->timecodes().at(0).start, "10:00:00:01");
}

// 6.2 of the Theora specification; libav puts its length before it.
TEST(TheoraProbe, TheHeaderTellsTheRate) {
  BitWriter header;
  header.u(16, 42).u(8, 0x80);
  for (const char c : std::string_view("theora")) header.u(8, static_cast<unsigned char>(c));
  header.u(24, 0x030201).u(16, 20).u(16, 12).u(24, 320).u(24, 180).u(8, 0).u(8, 0);
  header.u(32, 30'000).u(32, 1'001).u(24, 1).u(24, 1).u(8, 0).u(24, 0).u(16, 0);
  StreamDescription description;
  description.kind = StreamKind::video;
  description.codec = "theora";
  description.configuration = header.bytes();
  EXPECT_EQ(make_stream_probe(description)->video().frame_rate, Rational(30'000, 1'001));
  description.configuration = std::span(header.bytes()).first(30);
  EXPECT_EQ(make_stream_probe(description)->video().frame_rate, std::nullopt);
}

// CTA-861.3 and ST 2086 in SEI messages; ST 2094-40 and AFD in registered user data.
TEST(UserData, WhatMessagesSay) {
  VideoClaims claims;
  UserData data(claims);
  data.sei(sei::kContentLight, BitWriter().u(16, 1000).u(16, 400).bytes(), {});
  BitWriter display;
  for (const unsigned v : {13250U, 34500U, 7500U, 3000U, 34000U, 16000U, 15635U, 16450U})
    display.u(16, v);
  data.sei(sei::kMasteringDisplay, display.u(32, 10000000).u(32, 50).bytes(), {});
  data.sei(sei::kRegisteredUserData, test::bytes_of(0xb5, 0, 0x3c, 0, 1, 4, 1), {});
  data.sei(sei::kRegisteredUserData, test::bytes_of(0xb5, 0, 0x31, 'D', 'T', 'G', '1', 0x41, 0xfa),
           {});
  EXPECT_EQ(claims.content_light, (ContentLight{1000, 400}));
  ASSERT_TRUE(claims.mastering);
  EXPECT_EQ(claims.mastering->red, (Chromaticity{34000, 16000}));
  EXPECT_EQ(claims.mastering->green, (Chromaticity{13250, 34500}));
  EXPECT_EQ(claims.mastering->blue, (Chromaticity{7500, 3000}));
  EXPECT_EQ(claims.mastering->luminance_max, 10000000U);
  EXPECT_EQ(claims.mastering->luminance_min, 50U);
  EXPECT_TRUE(claims.hdr10plus);
  EXPECT_EQ(claims.afd, 10);
  data.sei(sei::kAlternativeTransfer, test::bytes_of(18), {});
  data.apply_preferred_transfer(claims);
  EXPECT_EQ(claims.color.transfer, TransferCharacteristics::arib_std_b67);
}

}  // namespace
}  // namespace cleangate::probes
