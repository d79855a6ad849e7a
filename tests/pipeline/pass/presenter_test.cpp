// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/presenter.h"

#include <gtest/gtest.h>

#include "tests/pipeline/pass/recording.h"

namespace cleangate::test {
namespace {

using pass::FrameRecord;
using pass::PacketNote;
using probes::FrameTimeRow;
using probes::RandomAccess;

// I P B B P B B … with time in frames: decode order 0 3 1 2 6 4 5 …
struct Stream {
  explicit Stream(int count) {
    for (int i = 0; i < count; ++i) {
      PacketNote note;
      note.pts = i == 0 ? 0 : (i % 3 == 1 ? i + 2 : i - 1);
      note.duration = 1;
      note.expects_frame = true;
      note.referenced = i == 0 || i % 3 == 1;
      if (i == 0) note.access = RandomAccess::closed;
      notes.push_back(note);
    }
  }
  // The frames in presentation order without those of `lost` packets.
  [[nodiscard]] std::vector<FrameRecord> frames(const std::vector<std::int64_t>& lost) const {
    std::map<std::int64_t, FrameRecord> by_time;
    for (std::size_t i = 0; i < notes.size(); ++i) {
      const auto ordinal = static_cast<std::int64_t>(i);
      if (std::find(lost.begin(), lost.end(), ordinal) != lost.end()) continue;
      FrameRecord frame;
      frame.packet = ordinal;
      frame.geometry = 16 << 16 | 8;
      by_time[*notes[i].pts] = std::move(frame);
    }
    std::vector<FrameRecord> all;
    for (auto& [pts, frame] : by_time) all.push_back(std::move(frame));
    return all;
  }
  std::vector<PacketNote> notes;
};

struct Presented {
  std::vector<FrameTimeRow> rows;
  pass::Presenter::Outcome outcome;
};

Presented present(const Stream& stream, const std::vector<std::int64_t>& lost,
                  const std::vector<av::DecodeError>& errors = {},
                  std::size_t packets_first = 1000) {
  Recording recording;
  const probes::MeasureRequest request;
  pass::SinkGate gate(recording, request, 1);
  pass::Presenter presenter(gate, 0, {});
  auto frames = stream.frames(lost);
  std::size_t given = 0;
  for (std::size_t i = 0; i < stream.notes.size(); ++i) {
    presenter.expect(stream.notes[i]);
    if (i < packets_first) continue;
    // The decoder follows some way behind.
    std::vector<FrameRecord> some;
    while (given < frames.size() && frames[given].packet + 3 < static_cast<std::int64_t>(i))
      some.push_back(std::move(frames[given++]));
    presenter.append(std::move(some), {});
  }
  std::vector<FrameRecord> rest;
  while (given < frames.size()) rest.push_back(std::move(frames[given++]));
  presenter.append(std::move(rest), errors);
  presenter.finish();
  return {recording.rows_of<FrameTimeRow>(), presenter.outcome()};
}

TEST(Presenter, EveryFrameHasItsRowInTimeOrder) {
  const Presented got = present(Stream(100), {});
  ASSERT_EQ(got.rows.size(), 100u);
  for (std::size_t i = 0; i + 2 < got.rows.size(); ++i) {
    EXPECT_EQ(got.rows[i].pts, static_cast<std::int64_t>(i));
    EXPECT_EQ(got.rows[i].flags & FrameTimeRow::kDamaged, 0u);
  }
}

TEST(Presenter, ALostFrameGetsADamagedRowInItsPlace) {
  const Presented got = present(Stream(100), {50});  // a B picture: packet 50 is presented at 49
  ASSERT_EQ(got.rows.size(), 100u);
  EXPECT_EQ(got.rows[49].pts, 49);
  EXPECT_EQ(got.rows[49].flags & FrameTimeRow::kDamaged, FrameTimeRow::kDamaged);
  EXPECT_EQ(got.rows[49].geometry, 0u);
  EXPECT_EQ(got.outcome.damaged, 1);
  ASSERT_EQ(got.outcome.errors.size(), 1u);
  EXPECT_EQ(got.outcome.errors[0].frame, 49);
}

TEST(Presenter, DamageSpreadsToWhatIsPredictedFromItUpToTheNextAccessPoint) {
  Stream stream(120);
  stream.notes[60].access = RandomAccess::closed;
  const Presented got = present(stream, {}, {{40, "h264: bad"}});  // a reference
  for (std::size_t i = 0; i < got.rows.size(); ++i) {
    const bool damaged = got.rows[i].flags & FrameTimeRow::kDamaged;
    const auto pts = got.rows[i].pts;
    const auto ordinal = pts == 0 ? 0 : (pts % 3 == 0 ? pts - 2 : pts + 1);
    EXPECT_EQ(damaged, ordinal >= 40 && ordinal < 60) << "pts " << pts;
  }
  ASSERT_EQ(got.outcome.errors.size(), 1u);
  EXPECT_EQ(got.outcome.errors[0].message, "h264: bad");
}

TEST(Presenter, DoesNotDependOnHowFarDecodingHasCome) {
  const Stream stream(200);
  const Presented late = present(stream, {31, 32, 77, 150});
  const Presented early = present(stream, {31, 32, 77, 150}, {}, 0);
  ASSERT_EQ(early.rows.size(), late.rows.size());
  EXPECT_EQ(
      std::memcmp(early.rows.data(), late.rows.data(), late.rows.size() * sizeof(FrameTimeRow)), 0);
}

TEST(Presenter, LeadingPicturesOfTheFirstAccessPointAreNoFrames) {
  Stream stream(40);
  stream.notes[0].access = RandomAccess::open;
  stream.notes[0].pts = 2;  // packets 1 and 2 lead it
  stream.notes[1].pts = 0;
  stream.notes[2].pts = 1;
  stream.notes[3].pts = 3;
  const Presented got = present(stream, {1, 2});
  EXPECT_EQ(got.rows.size(), 38u);
  EXPECT_EQ(got.outcome.damaged, 0);
}

TEST(Presenter, AClockThatStartsAgainLosesNothing) {
  Stream stream(100);
  std::vector<std::int64_t> order(100);
  for (std::size_t i = 0; i < 100; ++i) order[i] = *stream.notes[i].pts;
  for (const std::size_t from : {50u, 61u}) {
    Stream again(100);
    auto frames = [&] {
      auto all = again.frames({});
      for (std::size_t i = from; i < 100; ++i) again.notes[i].pts = order[i] - 1000;
      return all;
    }();
    Recording recording;
    const probes::MeasureRequest request;
    pass::SinkGate gate(recording, request, 1);
    pass::Presenter presenter(gate, 0, {});
    for (const PacketNote& note : again.notes) presenter.expect(note);
    presenter.append(std::move(frames), {});
    presenter.finish();
    EXPECT_EQ(recording.rows_of<FrameTimeRow>().size(), 100u);
    EXPECT_EQ(presenter.outcome().damaged, 0);
    EXPECT_EQ(presenter.outcome().errors_total, 0);
  }
}

TEST(Presenter, OneWildTimeLosesNothing) {
  Stream stream(100);
  const auto frames = [&] { return stream.frames({}); };
  auto given = frames();
  for (const std::size_t wild : {30u, 31u, 32u}) stream.notes[wild].pts = -5000;
  Recording recording;
  const probes::MeasureRequest request;
  pass::SinkGate gate(recording, request, 1);
  pass::Presenter presenter(gate, 0, {});
  for (const PacketNote& note : stream.notes) presenter.expect(note);
  presenter.append(std::move(given), {});
  presenter.finish();
  EXPECT_EQ(recording.rows_of<FrameTimeRow>().size(), 100u);
  EXPECT_EQ(presenter.outcome().damaged, 0);
}

// PAFF: one packet a field, the frame comes out of the first.
TEST(Presenter, SecondFieldsAreNoFrames) {
  Recording recording;
  const probes::MeasureRequest request;
  pass::SinkGate gate(recording, request, 1);
  pass::Presenter presenter(gate, 0, {});
  std::vector<FrameRecord> frames;
  for (int i = 0; i < 200; ++i) {
    PacketNote note;
    note.pts = i;
    note.duration = 1;
    note.second_field = i % 2;
    note.expects_frame = i % 2 == 0;
    note.referenced = false;
    if (i == 0) note.access = RandomAccess::closed;
    presenter.expect(note);
    if (i % 2 || i == 60) continue;  // the frame of packet 60 is lost
    frames.emplace_back();
    frames.back().packet = i;
  }
  presenter.append(std::move(frames), {});
  presenter.finish();
  const auto rows = recording.rows_of<FrameTimeRow>();
  ASSERT_EQ(rows.size(), 100u);
  EXPECT_EQ(presenter.outcome().errors_total, 1);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].pts, static_cast<std::int64_t>(2 * i));
    EXPECT_EQ(rows[i].duration, 2);
  }
}

TEST(Presenter, PacketsOfUnknownKindAreMissedOnlyWhenTheyFailed) {
  Stream stream(60);
  for (PacketNote& note : stream.notes) {
    note.expects_frame = false;
    note.unknown = true;
  }
  EXPECT_EQ(present(stream, {20, 21}).rows.size(), 58u);
  EXPECT_EQ(present(stream, {20, 21}, {{20, "vp9: bad"}}).rows.size(), 59u);
}

TEST(Presenter, FramesOutsideTheEditListAreMarked) {
  Stream stream(40);
  stream.notes[0].discard = true;
  const Presented got = present(stream, {});
  EXPECT_EQ(got.rows[0].flags & FrameTimeRow::kUnpresented, FrameTimeRow::kUnpresented);
  EXPECT_EQ(got.outcome.presented, 39);
  EXPECT_EQ(got.outcome.frames, 40);
}

// A cut open GOP: what leads it is never presented, and damages what is.
TEST(Presenter, InheritedDamageHasAReason) {
  Stream stream(40);
  stream.notes[0].access = RandomAccess::open;
  stream.notes[1].pts = -3;
  const Presented got = present(stream, {1}, {{1, "h264: no reference"}});
  EXPECT_EQ(got.rows.size(), 39u);
  EXPECT_EQ(got.outcome.damaged, 38);
  ASSERT_EQ(got.outcome.errors.size(), 1u);
  EXPECT_EQ(got.outcome.errors[0].message, "Pictures that this one is predicted from are damaged.");
}

// Decode order 0 3 1 2 6 4 5 …, the container's clock runs in steps of `step` ticks.
Stream untimed(int count, std::int64_t step) {
  Stream stream(count);
  for (std::size_t i = 0; i < stream.notes.size(); ++i)
    stream.notes[i].dts = static_cast<std::int64_t>(i) * step;
  return stream;
}

// H.264 in AVI: no pts at all, and durations that are none. The frames are as far apart as the
// times at which they are decoded.
TEST(Presenter, WithoutPtsTheFramesComeInTheStepsOfTheDts) {
  for (const std::size_t ahead : {std::size_t{0}, std::size_t{1000}}) {
    Recording recording;
    const probes::MeasureRequest request;
    pass::SinkGate gate(recording, request, 1);
    pass::Presenter presenter(gate, 0, {});
    const Stream stream = untimed(100, 2);
    auto frames = stream.frames({});
    std::size_t given = 0;
    for (std::size_t i = 0; i < stream.notes.size(); ++i) {
      PacketNote note = stream.notes[i];
      note.pts.reset();
      presenter.expect(note);
      std::vector<FrameRecord> some;
      while (i >= ahead && given < frames.size() &&
             frames[given].packet + 3 < static_cast<std::int64_t>(i))
        some.push_back(std::move(frames[given++]));
      presenter.append(std::move(some), {});
    }
    std::vector<FrameRecord> rest;
    while (given < frames.size()) rest.push_back(std::move(frames[given++]));
    presenter.append(std::move(rest), {});
    presenter.finish();
    const auto rows = recording.rows_of<FrameTimeRow>();
    ASSERT_EQ(rows.size(), 100u);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(rows[i].pts, static_cast<std::int64_t>(2 * i));
      EXPECT_TRUE(rows[i].flags & FrameTimeRow::kNoPts);
    }
  }
}

// MPEG-4 in AVI: only B pictures have a pts, when they are decoded; the first picture is shown one
// step after it is.
TEST(Presenter, OneTimedFrameTellsTheDelayOfTheOthers) {
  Stream stream = untimed(100, 1);
  Recording recording;
  const probes::MeasureRequest request;
  pass::SinkGate gate(recording, request, 1);
  pass::Presenter presenter(gate, 0, {});
  auto frames = stream.frames({});
  for (std::size_t i = 0; i < stream.notes.size(); ++i) {
    PacketNote note = stream.notes[i];
    note.pts = note.referenced ? std::nullopt : note.dts;
    presenter.expect(note);
  }
  presenter.append(std::move(frames), {});
  presenter.finish();
  const auto rows = recording.rows_of<FrameTimeRow>();
  ASSERT_EQ(rows.size(), 100u);
  for (std::size_t i = 0; i + 2 < rows.size(); ++i)
    EXPECT_EQ(rows[i].pts, static_cast<std::int64_t>(i + 1));
}

TEST(Presenter, LostReferencesDamageWhatFollowsUpToTheNextAccessPoint) {
  Stream stream(120);
  stream.notes[41].lacks_references = true;  // a B picture: those behind it lack them too
  stream.notes[60].access = RandomAccess::closed;
  const Presented got = present(stream, {});
  for (const FrameTimeRow& row : got.rows) {
    const auto ordinal = row.pts == 0 ? 0 : (row.pts % 3 == 0 ? row.pts - 2 : row.pts + 1);
    EXPECT_EQ((row.flags & FrameTimeRow::kDamaged) != 0, ordinal >= 41 && ordinal < 60)
        << "pts " << row.pts;
  }
  ASSERT_EQ(got.outcome.errors.size(), 1u);
  EXPECT_EQ(got.outcome.errors[0].message, "Pictures that it is predicted from are missing.");
}

// A decoder that gives nothing out is not waited for for ever.
TEST(Presenter, WhatIsNeverAnsweredIsMissingAfterAWhile) {
  Recording recording;
  const probes::MeasureRequest request;
  pass::SinkGate gate(recording, request, 1);
  pass::Presenter presenter(gate, 0, {});
  PacketNote note;
  note.expects_frame = true;
  for (int i = 0; i < 100'100; ++i) {
    note.pts = i;
    presenter.expect(note);
  }
  EXPECT_EQ(presenter.outcome().frames, 100);
  presenter.finish();
  EXPECT_EQ(recording.rows_of<FrameTimeRow>().size(), 100'100u);
}

}  // namespace
}  // namespace cleangate::test
