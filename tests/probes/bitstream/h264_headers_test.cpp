// SPDX-License-Identifier: Apache-2.0
// H.264: parameter sets, slices and messages made bit by bit after the syntax tables of the
// standard.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probes/bitstream/frame_num_track.h"
#include "probes/bitstream/h264_headers.h"
#include "probes/bitstream/packet_index.h"
#include "probes/bitstream/sei.h"
#include "tests/probes/bitstream/bit_writer.h"

namespace cleangate::probes {
namespace {

using test::BitWriter;

struct AvcSps {
  int profile = 100, constraints = 0, level = 41;
  int chroma = 1, depth = 8;
  bool frame_mbs_only = true, mbaff = false;
  int mb_width = 120, map_height = 68;
  int crop_bottom = 4;
  bool pic_struct = false;
};

// 7.3.2.1.1; VUI with 16:11 samples, full range BT.709, 50 fields a second.
BitWriter avc_sps(const AvcSps& sps) {
  BitWriter w;
  w.u(8, static_cast<unsigned>(sps.profile)).u(8, static_cast<unsigned>(sps.constraints));
  w.u(8, static_cast<unsigned>(sps.level)).ue(0);
  if (sps.profile != 66 && sps.profile != 77) {
    w.ue(static_cast<unsigned>(sps.chroma));
    if (sps.chroma == 3) w.u(1, 0);
    w.ue(static_cast<unsigned>(sps.depth - 8)).ue(static_cast<unsigned>(sps.depth - 8));
    w.u(1, 0).u(1, 0);
  }
  w.ue(0).ue(0).ue(2).ue(4).u(1, 0);  // frame_num 4 bits, POC type 0 with 6 bits
  w.ue(static_cast<unsigned>(sps.mb_width - 1)).ue(static_cast<unsigned>(sps.map_height - 1));
  w.u(1, sps.frame_mbs_only);
  if (!sps.frame_mbs_only) w.u(1, sps.mbaff);
  w.u(1, 1).u(1, 1).ue(0).ue(0).ue(0).ue(static_cast<unsigned>(sps.crop_bottom));
  w.u(1, 1);                                                  // VUI
  w.u(1, 1).u(8, 4).u(1, 0);                                  // 16:11
  w.u(1, 1).u(3, 5).u(1, 1).u(1, 1).u(8, 1).u(8, 1).u(8, 1);  // full range BT.709
  w.u(1, 1).ue(2).ue(2);                                      // chroma top left
  w.u(1, 1).u(32, 1).u(32, 50).u(1, 1);                       // 25 frames/s
  w.u(1, 0).u(1, 0).u(1, sps.pic_struct).u(1, 0);
  return w.trail();
}

BitWriter avc_pps() { return BitWriter().ue(0).ue(0).u(1, 0).u(1, 1).ue(0).trail(); }

TEST(H264Headers, SequenceParameterSet) {
  const auto sps = h264::parse_sps(avc_sps({}).bytes());
  ASSERT_TRUE(sps);
  EXPECT_EQ(sps->width, 1920);
  EXPECT_EQ(sps->height, 1080);
  EXPECT_EQ(sps->vui.pixel_aspect, Rational(16, 11));
  EXPECT_EQ(sps->vui.color, (ColorDescription{ColorPrimaries::bt709, TransferCharacteristics::bt709,
                                              MatrixCoefficients::bt709, SignalRange::full}));
  EXPECT_EQ(sps->vui.chroma_siting, "topleft");
  EXPECT_EQ(frame_rate_of(sps->vui, 2), Rational(25));
  // Fields: the crop unit is four lines.
  AvcSps fields;
  fields.frame_mbs_only = false;
  fields.map_height = 34;
  fields.crop_bottom = 2;
  EXPECT_EQ(h264::parse_sps(avc_sps(fields).bytes())->height, 1080);
}

// Annex A of H.264.
TEST(H264Headers, ProfilesAndLevelsByTheirNames) {
  const auto named = [](int profile, int constraints, int level) {
    h264::Sps sps;
    sps.profile_idc = profile;
    sps.constraints = constraints;
    sps.level_idc = level;
    return h264::profile_name(sps).value_or("-") + " " + h264::level_name(sps);
  };
  EXPECT_EQ(named(66, 0x00, 30), "Baseline 3");
  EXPECT_EQ(named(66, 0x40, 31), "Constrained Baseline 3.1");
  EXPECT_EQ(named(77, 0x10, 11), "Main 1b");
  EXPECT_EQ(named(77, 0x00, 11), "Main 1.1");
  EXPECT_EQ(named(100, 0x10, 11), "High 1.1");
  EXPECT_EQ(named(100, 0x00, 9), "High 1b");
  EXPECT_EQ(named(110, 0x00, 51), "High 10 5.1");
  EXPECT_EQ(named(110, 0x10, 41), "High 10 Intra 4.1");
  EXPECT_EQ(named(122, 0x00, 42), "High 4:2:2 4.2");
  EXPECT_EQ(named(122, 0x10, 41), "High 4:2:2 Intra 4.1");
  EXPECT_EQ(named(244, 0x00, 62), "High 4:4:4 Predictive 6.2");
  EXPECT_EQ(named(44, 0x10, 40), "CAVLC 4:4:4 Intra 4");
  EXPECT_EQ(named(200, 0, 40), "- 4");
}

std::vector<std::byte> avc_unit(int header, const BitWriter& rbsp) {
  std::vector<std::byte> unit = test::bytes_of(0, 0, 0, 1, header);
  test::append(unit, test::escaped(rbsp.bytes()));
  return unit;
}

BitWriter avc_slice(int type, unsigned frame_num, bool idr, int field /* 0 frame 1 top 2 bottom */,
                    unsigned poc) {
  BitWriter w;
  w.ue(0).ue(static_cast<unsigned>(type)).ue(0).u(4, frame_num);
  w.u(1, field != 0);
  if (field) w.u(1, field == 2);
  if (idr) w.ue(0);
  w.u(6, poc);
  if (!field) w.se(1);
  return w.trail();
}

class H264Stream : public ::testing::Test {
 protected:
  H264Stream() {
    AvcSps sps;
    sps.frame_mbs_only = false;
    sps.map_height = 34;
    sps.crop_bottom = 2;
    sps.pic_struct = true;
    test::append(head_, avc_unit(0x67, avc_sps(sps)));
    test::append(head_, avc_unit(0x68, avc_pps()));
    StreamDescription description;
    description.kind = StreamKind::video;
    description.codec = "h264";
    description.configuration = head_;
    probe_ = make_stream_probe(description);
  }
  PacketClass feed(const std::vector<std::vector<std::byte>>& units) {
    std::vector<std::byte> packet;
    for (const auto& unit : units) test::append(packet, unit);
    PacketView view;
    view.pts = view.dts = next_++;
    view.bytes = packet;
    return probe_->observe(view);
  }
  std::vector<std::byte> head_;
  std::unique_ptr<StreamProbe> probe_;
  std::int64_t next_ = 0;
};

TEST_F(H264Stream, TwoFieldPacketsAreOneFrame) {
  const auto first = feed({avc_unit(0x65, avc_slice(7, 0, true, 1, 0))});
  EXPECT_EQ(first.access, RandomAccess::closed);
  EXPECT_EQ(first.picture, 'I');
  EXPECT_FALSE(first.second_field);
  EXPECT_TRUE(feed({avc_unit(0x61, avc_slice(5, 0, false, 2, 1))}).second_field);
  EXPECT_FALSE(feed({avc_unit(0x61, avc_slice(5, 1, false, 1, 2))}).second_field);
  EXPECT_TRUE(feed({avc_unit(0x61, avc_slice(5, 1, false, 2, 3))}).second_field);
  EXPECT_FALSE(feed({avc_unit(0x61, avc_slice(5, 2, false, 0, 4))}).second_field);
  const VideoClaims claims = probe_->video();
  EXPECT_EQ(claims.scan, Scan::interlaced);
  EXPECT_EQ(claims.field_order, FieldOrder::top);
}

TEST_F(H264Stream, TwoFieldsInOnePacketAreOneFrame) {
  for (unsigned frame = 0; frame < 3; ++frame)
    EXPECT_FALSE(feed({avc_unit(frame ? 0x61 : 0x65, avc_slice(7, frame, frame == 0, 2, frame * 2)),
                       avc_unit(0x61, avc_slice(7, frame, false, 1, frame * 2 + 1))})
                     .second_field);
  EXPECT_EQ(probe_->video().field_order, FieldOrder::bottom);
}

TEST_F(H264Stream, AnUnpairedFieldIsAFrame) {
  EXPECT_FALSE(feed({avc_unit(0x65, avc_slice(7, 0, true, 1, 0))}).second_field);
  EXPECT_FALSE(feed({avc_unit(0x61, avc_slice(5, 1, false, 1, 2))}).second_field);
  EXPECT_FALSE(feed({avc_unit(0x61, avc_slice(5, 2, false, 2, 4))}).second_field);
}

// 7.3.2.3: type, size, payload. Recovery point: recovery_frame_cnt, exact_match, broken_link,
// group.
TEST_F(H264Stream, RecoveryPoints) {
  const auto recovery = [](unsigned count, bool exact) {
    const auto payload = BitWriter().ue(count).u(1, exact).u(1, 0).u(2, 0).align().bytes();
    BitWriter w;
    w.u(8, 6).u(8, payload.size());
    for (const std::byte b : payload) w.u(8, std::to_integer<unsigned>(b));
    return avc_unit(0x06, w.trail());
  };
  EXPECT_EQ(feed({recovery(0, true), avc_unit(0x61, avc_slice(7, 0, false, 0, 0))}).access,
            RandomAccess::open);
  EXPECT_EQ(feed({recovery(12, true), avc_unit(0x61, avc_slice(5, 1, false, 0, 2))}).access,
            RandomAccess::gradual);
  EXPECT_EQ(feed({avc_unit(0x61, avc_slice(7, 2, false, 0, 4))}).access, RandomAccess::none)
      << "an I picture alone is no access point";
  EXPECT_TRUE(feed({}).hidden);
}

// D.1.3 with a full clock timestamp, dropping counting type.
TEST_F(H264Stream, ClockTimestamps) {
  for (int frame = 0; frame < 30; ++frame) {
    BitWriter timing;
    timing.u(4, 3).u(1, 1).u(2, 1).u(1, 1).u(5, 0).u(1, 1).u(1, 0).u(1, 0);
    timing.u(8, static_cast<unsigned>(frame % 25)).u(6, static_cast<unsigned>(frame / 25));
    timing.u(6, 30).u(5, 9).u(24, 0).u(1, 0).align();
    BitWriter w;
    w.u(8, 1).u(8, timing.bytes().size());
    for (const std::byte b : timing.bytes()) w.u(8, std::to_integer<unsigned>(b));
    feed({avc_unit(0x06, w.trail()), avc_unit(0x65, avc_slice(7, 0, true, 0, 0))});
  }
  const auto timecodes = probe_->timecodes();
  ASSERT_EQ(timecodes.size(), 1U);
  EXPECT_EQ(*timecodes[0].start, "09:30:00:00");
  EXPECT_EQ(*timecodes[0].rate, Rational(25));
  EXPECT_TRUE(timecodes[0].discontinuities.empty());
  EXPECT_EQ(probe_->video().scan, Scan::interlaced) << "ct_type says so";
}

// frame_num as Rec. ITU-T H.264, 7.4.3 counts it.
TEST(H264FrameNum, AJumpTellsLostReferences) {
  h264::Sps sps;
  sps.poc_type = 2;
  struct Coded {
    std::uint32_t frame_num;
    int nal_ref_idc;
    bool idr = false, access = false;
  };
  const auto missing = [&](const std::vector<Coded>& pictures) {
    h264::FrameNumTrack track;
    std::vector<std::uint32_t> all;
    for (const Coded& coded : pictures) {
      h264::Slice slice;
      slice.nal_type = coded.idr ? 5 : 1;
      slice.nal_ref_idc = coded.nal_ref_idc;
      slice.frame_num = coded.frame_num;
      slice.poc_lsb = 8;
      all.push_back(track.missing_before(slice, sps, coded.idr || coded.access));
    }
    return all;
  };
  using All = std::vector<std::uint32_t>;
  EXPECT_EQ(missing({{0, 1, true}, {1, 1}, {2, 0}, {2, 0}, {2, 1}, {3, 1}}), All(6, 0));
  EXPECT_EQ(missing({{0, 1, true}, {1, 1}, {5, 1}, {6, 1}}), (All{0, 0, 3, 0}));
  EXPECT_EQ(missing({{0, 1, true}, {1, 1}, {5, 0}, {5, 1}, {6, 0}}), (All{0, 0, 3, 0, 0}));
  EXPECT_EQ(missing({{0, 1, true}, {15, 1, false, true}, {0, 1}, {3, 1}}), (All{0, 0, 0, 2}));
  EXPECT_EQ(missing({{5, 1}, {6, 1}, {0, 1, true}, {1, 1}}), All(4, 0));  // begins midway
  EXPECT_EQ(missing({{0, 1, true}, {3, 1, false, true}, {4, 1}}), All(3, 0));
  EXPECT_EQ(missing({{0, 1, true}, {1, 1}, {2, 1}, {1, 1}}), All(4, 0));  // counts anew
  sps.poc_type = 0;
  sps.log2_max_poc_lsb = 8;
  EXPECT_EQ(missing({{0, 1, true}, {1, 1}, {2, 1}, {1, 1}}), All(4, 0));
  sps.gaps_allowed = true;
  EXPECT_EQ(missing({{0, 1, true}, {1, 1}, {5, 1}}), All(3, 0));
}

}  // namespace
}  // namespace cleangate::probes
