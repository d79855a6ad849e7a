// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/packet_index.h"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

namespace cleangate::probes {
namespace {

constexpr std::size_t kBytes = 1000;
const std::vector<std::byte> kPayload(100 * kBytes);

struct Made {
  std::optional<std::int64_t> pts, dts;
  PacketClass type{};
  std::size_t size = kBytes;
  bool discard = false;
  std::int64_t duration = 1;
};

PacketIndex index_of(const std::vector<Made>& packets, Rational base = Rational(1, 25),
                     StreamKind kind = StreamKind::video) {
  PacketIndex index(kind, base);
  for (const Made& made : packets) {
    PacketView view;
    view.pts = made.pts;
    view.dts = made.dts;
    view.duration = made.duration;
    view.discard = made.discard;
    view.bytes = std::span(kPayload).first(made.size);
    index.add(view, made.type);
  }
  return index;
}

PacketClass type_of(char picture, RandomAccess access = RandomAccess::none) {
  return {access, picture, false, false};
}

// "I!BBPBB": pictures in decode order; '!' a closed, 'o' an open access point. Presentation times
// as an encoder gives them: B pictures before the reference that precedes them in the file.
std::vector<Made> stream_of(std::string_view pictures) {
  std::vector<Made> made;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    Made packet;
    packet.type = type_of(pictures[i]);
    if (i + 1 < pictures.size() && (pictures[i + 1] == '!' || pictures[i + 1] == 'o')) {
      packet.type.access = pictures[++i] == '!' ? RandomAccess::closed : RandomAccess::open;
    }
    packet.dts = static_cast<std::int64_t>(made.size()) - 1;
    made.push_back(packet);
  }
  std::int64_t next = 0;
  for (std::size_t i = 0; i < made.size();) {
    std::size_t end = i + 1;
    while (end < made.size() && made[end].type.picture == 'B') ++end;
    for (std::size_t b = i + 1; b < end; ++b) made[b].pts = next++;
    made[i].pts = next++;
    i = end;
  }
  return made;
}

TEST(PacketIndex, CountsPresentedFramesOnly) {
  std::vector<Made> packets;
  for (int i = 0; i < 10; ++i) packets.push_back({i, i, type_of('I', RandomAccess::closed)});
  packets[3].type.hidden = true;
  packets[5].type.second_field = true;
  packets[9].discard = true;
  const auto timing = index_of(packets).timing({}, {});
  EXPECT_EQ(*timing.frame_count, 7);
  EXPECT_EQ(timing.first_pts, 0);
}

TEST(PacketIndex, FieldPairsAreFrames) {
  // 25 frames of two field packets each, 50 packets a second.
  std::vector<Made> packets;
  for (int i = 0; i < 50; ++i) {
    PacketClass type =
        type_of(i % 2 ? 'P' : 'I', i % 2 ? RandomAccess::none : RandomAccess::closed);
    type.second_field = i % 2 == 1;
    packets.push_back({i, i, type});
  }
  const PacketIndex index = index_of(packets, Rational(1, 50));
  const auto timing = index.timing({}, Rational(50));
  EXPECT_EQ(*timing.frame_count, 25);
  EXPECT_EQ(*timing.frame_rate, Rational(25));
  EXPECT_EQ(*timing.mode, RateMode::constant);
  EXPECT_EQ(index.gop()->length_max, 1);
}

TEST(PacketIndex, TheEditListsWindow) {
  const PacketIndex index = index_of(stream_of("I!PBBPBBPBBPBB"));
  const auto timing = index.timing(PacketIndex::Window{2, 9}, {});
  EXPECT_EQ(*timing.frame_count, 7);
  EXPECT_EQ(timing.first_pts, 2);
  EXPECT_EQ(timing.end_pts, 9);
}

TEST(PacketIndex, MissingPresentationTimesFallBackToDecodingTimes) {
  auto packets = stream_of("I!PBBPBBPBB");
  for (Made& made : packets) made.pts.reset();
  const auto timing = index_of(packets).timing({}, {});
  EXPECT_TRUE(timing.missing_pts);
  EXPECT_EQ(*timing.frame_count, 10);
  EXPECT_EQ(*timing.frame_rate, Rational(25));
  EXPECT_EQ(*timing.mode, RateMode::constant);
  for (Made& made : packets) made.dts.reset();
  const auto blind = index_of(packets).timing({}, Rational(24));
  EXPECT_EQ(*blind.frame_count, 10);
  EXPECT_TRUE(blind.mode.is_unknown());
  EXPECT_EQ(*blind.frame_rate, Rational(24)) << "the nominal rate is all there is";
  EXPECT_TRUE(index_of(packets).timing({}, {}).frame_rate.is_unknown());
}

// MPEG-4 in AVI: I P B B P B B, only B pictures have a pts, their dts; every picture is shown one
// step behind the earliest it could be.
TEST(PacketIndex, PicturesWithoutPtsAreShownBehindThoseThatHaveOne) {
  std::vector<Made> made;
  for (std::int64_t i = 0; i < 31; ++i) {
    const bool b = i > 0 && i % 3 != 1;
    Made packet;
    packet.dts = i;
    if (b) packet.pts = i;
    packet.type = type_of(i == 0 ? 'I' : b ? 'B' : 'P');
    made.push_back(packet);
  }
  const auto timing = index_of(made).timing(std::nullopt, Rational(25));
  EXPECT_EQ(timing.first_pts, 1);
  EXPECT_EQ(timing.end_pts, 32);
  EXPECT_EQ(*timing.frame_rate, Rational(25));
  EXPECT_EQ(*timing.mode, RateMode::constant);
  EXPECT_TRUE(timing.missing_pts);
}

// H.264 in AVI: the clock counts fields, the durations say one field.
// ASF: the first picture alone has a pts. It is no B picture between others.
TEST(PacketIndex, APtsOfTheFirstFrameAloneTellsNoOrder) {
  auto made = stream_of("I!PBBPBB");
  for (std::size_t i = 0; i < made.size(); ++i) {
    made[i].dts = static_cast<std::int64_t>(i);
    made[i].pts = i == 0 ? std::optional<std::int64_t>(0) : std::nullopt;
  }
  const auto timing = index_of(made).timing(std::nullopt, std::nullopt);
  EXPECT_EQ(*timing.mode, RateMode::constant);
  EXPECT_EQ(timing.first_pts, 0);
}

TEST(PacketIndex, WithoutPtsTheLastFrameLastsAsLongAsTheOthers) {
  std::vector<Made> made;
  for (std::int64_t i = 0; i < 48; ++i) made.push_back({std::nullopt, 2 * i, type_of('P')});
  const auto timing = index_of(made, Rational(1, 48)).timing(std::nullopt, std::nullopt);
  EXPECT_EQ(*timing.frame_rate, Rational(24));
  EXPECT_EQ(timing.end_pts, 96);
}

TEST(PacketIndex, TellsGapsOfSound) {
  const auto sound = [](const std::vector<std::int64_t>& times, std::int64_t duration) {
    std::vector<Made> made;
    for (const std::int64_t pts : times) made.push_back({pts, pts, {}, kBytes, false, duration});
    return index_of(made, Rational(1, 1000), StreamKind::audio).timing(std::nullopt, std::nullopt);
  };
  const auto lost = sound({0, 32, 64, 128, 160}, 32);
  EXPECT_EQ(lost.gap_ticks, 32);
  EXPECT_EQ(lost.first_gap, 96);
  EXPECT_EQ(sound({0, 21, 43, 64, 85, 107}, 21).gap_ticks, 0);  // rounded
  EXPECT_EQ(sound({0, 32, 60, 100, 128}, 32).gap_ticks, 0);     // jitter of less than a packet
  EXPECT_EQ(sound({0, 1, 3, 4}, 1).gap_ticks, 0);               // too coarse a clock
  EXPECT_EQ(sound({0, 32, 96, 64, 128}, 32).gap_ticks, 64);     // out of order: no samples are lost
  EXPECT_EQ(sound({0, 110, 142, 174}, 32).gap_ticks, 0);        // the first is held: no edit list
  EXPECT_EQ(sound({0, 21, 43, 64, 85, 128, 149}, 0).gap_ticks, 22);  // nobody states how long
  EXPECT_EQ(sound({0, 21, 43, 64, 85, 107, 128}, 0).gap_ticks, 0);
  EXPECT_EQ(sound({INT64_MIN + 1, INT64_MAX, 0, INT64_MAX / 2}, INT64_MAX / 2).gap_ticks, 0);
}

TEST(PacketIndex, CountsSoundThatIsDroppedForItsTime) {
  PacketIndex index(StreamKind::audio, Rational(1, 48000));
  for (const auto& [pts, discard] : std::vector<std::pair<std::int64_t, bool>>{
           {-1024, true}, {0, false}, {2048, false}, {2048, true}, {4096, false}, {4096, true}}) {
    PacketView view;
    view.pts = view.dts = pts;
    view.duration = 1024;
    view.discard = discard;
    index.add(view, {});
  }
  EXPECT_EQ(index.timing(std::nullopt, std::nullopt).dropped, 2);  // priming is none
}

// As MP4 stretches the packet before a hole: its own header knows better.
TEST(PacketIndex, StretchedDurationsHideNoGap) {
  const auto gap = [](const std::vector<std::array<std::int64_t, 2>>& packets,
                      std::optional<Rational> own) {
    PacketIndex index(StreamKind::audio, Rational(1, 48000));
    for (const auto& [pts, duration] : packets) {
      PacketClass kind;
      kind.sound = own;
      PacketView view;
      view.pts = view.dts = pts;
      view.duration = duration;
      index.add(view, kind);
    }
    return index.timing(std::nullopt, std::nullopt).gap_ticks;
  };
  const Rational own(1024, 48000);
  EXPECT_EQ(gap({{0, 1024}, {1024, 5120}, {6144, 1024}, {7168, 1024}}, own), 4096);
  EXPECT_EQ(gap({{0, 1024}, {1024, 5120}, {6144, 1024}, {7168, 1024}}, std::nullopt), 0);
  EXPECT_EQ(gap({{0, 1024}, {1024, 1024}, {2048, 300}, {2348, 1024}}, own), 0);  // a short last one
  EXPECT_EQ(gap({{0, 0}, {1024, 0}, {4096, 0}}, own), 2048);
  EXPECT_EQ(gap({{0, 1024}, {1024, 5120}}, Rational(1, INT64_MAX)), 0);
}

// Else a hole at the end would be taken for a long last frame.
TEST(PacketIndex, TheLastSoundLastsNoLongerThanAnyOther) {
  const auto last = [](std::int64_t duration) {
    PacketIndex index(StreamKind::audio, Rational(1, 48000));
    for (std::int64_t i = 0; i < 4; ++i) {
      PacketView view;
      view.pts = view.dts = i * 1024;
      view.duration = i == 3 ? duration : 1024;
      index.add(view, PacketClass{});
    }
    return index.timing(std::nullopt, std::nullopt).last_ticks;
  };
  EXPECT_EQ(last(1024), 1024);
  EXPECT_EQ(last(300), 300);
  EXPECT_EQ(last(480'000), 1024);
}

TEST(PacketIndex, VariableWithoutNominalIsUnknown) {
  std::vector<Made> packets;
  std::int64_t t = 0;
  for (int i = 0; i < 40; ++i) packets.push_back({t += 10 + i * i % 17, t, type_of('P')});
  const auto timing = index_of(packets, Rational(1, 1000)).timing({}, {});
  EXPECT_EQ(*timing.mode, RateMode::variable);
  EXPECT_TRUE(timing.frame_rate.is_unknown());
  EXPECT_FALSE(timing.deviations.empty());
  EXPECT_EQ(*index_of(packets, Rational(1, 1000)).timing({}, Rational(30)).frame_rate,
            Rational(30));
}

TEST(PacketIndex, TellsBackwardDecodingTimes) {
  std::vector<Made> packets{{0, 0, type_of('I')}, {1, 1, type_of('P')}, {2, 2, type_of('P')}};
  EXPECT_FALSE(index_of(packets).timing({}, {}).backward_dts);
  packets[2].dts = 0;
  EXPECT_TRUE(index_of(packets).timing({}, {}).backward_dts);
}

TEST(PacketIndex, TheEndIsTheLastFramesEnd) {
  auto packets = stream_of("I!PBB");
  for (Made& made : packets) made.duration = 0;
  EXPECT_EQ(index_of(packets).timing({}, {}).end_pts, 4) << "one step of the grid";
  for (Made& made : packets) made.duration = 3;
  EXPECT_EQ(index_of(packets).timing({}, {}).end_pts, 6);
}

TEST(PacketIndex, Gop) {
  const auto closed = index_of(stream_of("I!PBBPBBI!PBBPBBPI!P")).gop();
  EXPECT_EQ(closed->length_max, 8);
  EXPECT_EQ(closed->length_mean, Rational(17, 3));
  EXPECT_EQ(closed->b_frames_max, 2);
  EXPECT_TRUE(closed->closed);
  EXPECT_FALSE(closed->intra_only);

  EXPECT_FALSE(index_of(stream_of("I!PBBIoBBPBBIoBBPBB")).gop()->closed);
  EXPECT_TRUE(index_of(stream_of("I!PPIoPPIoPP")).gop()->closed) << "open in name only";
  EXPECT_TRUE(index_of(stream_of("I!I!I!")).gop()->intra_only);
  EXPECT_TRUE(index_of({{0, 0, type_of('?', RandomAccess::closed)}}).gop().is_unknown());
  EXPECT_TRUE(index_of({{0, 0, type_of('P')}}).gop().is_unknown()) << "no access point";
  EXPECT_TRUE(index_of({}, Rational(1, 25), StreamKind::audio).gop().is_absent());
}

TEST(PacketIndex, OpenGopWithoutPresentationTimes) {
  for (const auto& [pictures, closed] :
       {std::pair{"I!PBBIoBBPBB", false}, std::pair{"I!PBBIoPBBPBB", true}}) {
    auto packets = stream_of(pictures);
    for (Made& made : packets) made.pts.reset();
    EXPECT_EQ(index_of(packets).gop()->closed, closed) << pictures;
  }
}

TEST(PacketIndex, ConstantBitRateIsExact) {
  // 32 ms packets of 448 kbit/s: no whole number of them makes a second.
  std::vector<Made> packets;
  for (int i = 0; i < 100; ++i) packets.push_back({i * 1536, i * 1536, {}, 1792, false, 1536});
  const auto rate = index_of(packets, Rational(1, 48000), StreamKind::audio).bit_rate();
  EXPECT_EQ(rate->mean, 448000);
  EXPECT_EQ(*rate->max_1s, 448000);
  EXPECT_EQ(*rate->mode, BitRateMode::constant);
}

TEST(PacketIndex, TheLargestSecondSlides) {
  // 25 frames/s of 1,000 bytes; 25 frames of 3,000 bytes begin in the middle of a second.
  std::vector<Made> packets;
  for (int i = 0; i < 100; ++i)
    packets.push_back({i, i, type_of('I'), i >= 37 && i < 62 ? 3 * kBytes : kBytes});
  const auto rate = index_of(packets).bit_rate();
  EXPECT_EQ(rate->mean, (75 * 1000 + 25 * 3000) * 8 / 4);
  EXPECT_EQ(*rate->max_1s, 25 * 3000 * 8);
  EXPECT_EQ(*rate->mode, BitRateMode::variable);
}

// Files put behind one another: decoding times begin again. A step back of less is jitter.
TEST(PacketIndex, TimesThatBeginAgain) {
  const auto restart = [](std::initializer_list<std::int64_t> times) {
    PacketIndex index(StreamKind::video, Rational(1, 25));
    for (const std::int64_t time : times) {
      PacketView packet;
      packet.pts = packet.dts = time;
      packet.duration = 1;
      index.add(packet, {RandomAccess::closed, 'I', false, false});
    }
    return index.timing(std::nullopt, std::nullopt).restart;
  };
  EXPECT_EQ(restart({0, 1, 2, 3, 4}), std::nullopt);
  EXPECT_EQ(restart({20, 21, 22, 0, 23}), std::nullopt);
  EXPECT_EQ(restart({98, 99, 100, 0, 1, 2}), 3);
}

TEST(PacketIndex, ShortStreamsHaveNoLargestSecond) {
  std::vector<Made> packets;
  for (int i = 0; i < 24; ++i) packets.push_back({i, i, type_of('I')});
  EXPECT_TRUE(index_of(packets).bit_rate()->max_1s.is_unknown());
  packets.push_back({24, 24, type_of('I')});
  EXPECT_EQ(*index_of(packets).bit_rate()->max_1s, 25 * 1000 * 8);
  EXPECT_TRUE(index_of(packets).bit_rate()->mode.is_unknown());
  EXPECT_TRUE(index_of({}).bit_rate().is_unknown());
}

TEST(PacketIndex, HostileTimes) {
  std::vector<Made> packets;
  for (const std::int64_t t : {INT64_MAX, INT64_MIN, std::int64_t{0}, INT64_MAX - 1, INT64_MIN + 1})
    packets.push_back({t, -(t / 2), type_of('I', RandomAccess::open), 10, false, INT64_MAX});
  for (const Rational base : {Rational(1, 25), Rational(INT64_MAX, 3), Rational(1, INT64_MAX)}) {
    const PacketIndex index = index_of(packets, base);
    EXPECT_EQ(*index.timing({}, Rational(INT64_MAX, 3)).frame_count, 5);
    (void)index.timing(PacketIndex::Window{INT64_MIN, INT64_MAX}, {});
    (void)index.bit_rate();
    (void)index.gop();
  }
}

}  // namespace
}  // namespace cleangate::probes
