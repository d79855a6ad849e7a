// SPDX-License-Identifier: Apache-2.0
// The real worker in the real sandbox.
#include <gmock/gmock.h>

#include <cmath>

#include "pipeline/worker/wire.h"
#include "tests/pipeline/worker/worker_fixture.h"
#include "tests/support/shared_media.h"

namespace cleangate::worker {
namespace {

using probes::Status;
using ::testing::HasSubstr;

class CleangateAvTest : public WorkerFixture {
 protected:
  void SetUp() override {
    WorkerFixture::SetUp();
    use(CLEANGATE_AV_WORKER);
    options.address_space_bytes = 4ull << 30;
    request.threads = 4;
  }
  // Two seconds of a 997 Hz stereo sine, 48 kHz, 16 bit [RIFF WAVE, PCM].
  void write_wave() {
    constexpr std::uint32_t kSamples = 96'000, kBytes = kSamples * 4;
    WireWriter wave;
    const auto tag = [&wave](const char(&text)[5]) { wave.raw(std::as_bytes(std::span(text, 4))); };
    tag("RIFF");
    wave.u32(36 + kBytes);
    tag("WAVE");
    tag("fmt ");
    wave.u32(16);
    wave.u16(1);
    wave.u16(2);
    wave.u32(48'000);
    wave.u32(48'000 * 4);
    wave.u16(4);
    wave.u16(16);
    tag("data");
    wave.u32(kBytes);
    for (std::uint32_t i = 0; i < kSamples; ++i) {
      const double value = 8192 * std::sin(2 * 3.14159265358979 * 997 * i / 48'000);
      const auto sample = static_cast<std::uint16_t>(static_cast<std::int16_t>(value));
      wave.u16(sample);
      wave.u16(sample);
    }
    media = directory / "tone.wav";
    std::ofstream(media, std::ios::binary)
        .write(reinterpret_cast<const char*>(wave.bytes().data()),
               static_cast<std::streamsize>(wave.bytes().size()));
  }
  WorkerOutcome measured(Isolation isolation, test::RecordingSink& into) {
    options.isolation = isolation;
    return measure(media.string(), request, options, into, {});
  }
  // The same facts and rows with the sandbox and without.
  void expect_same_everywhere() {
    test::RecordingSink with, without;
    const WorkerOutcome shut_in = measured(Isolation::automatic, with);
    EXPECT_EQ(shut_in.status, Status::measured) << message(shut_in);
    if (shut_in.isolation.level == "off") GTEST_SKIP() << "no sandbox here";
    EXPECT_EQ(measured(Isolation::off, without).status, Status::measured);
    EXPECT_EQ(with.final_facts, without.final_facts);
    EXPECT_EQ(with.series, without.series);
    EXPECT_FALSE(with.series.empty());
  }

  probes::MeasureRequest request;
};

TEST_P(CleangateAvTest, StartsWithOneThread) {
  const auto report = probe_isolation(options);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->single_threaded_at_start) << report->missing;
}

TEST_P(CleangateAvTest, SoundMeasuresTheSameInTheSandbox) {
  write_wave();
  expect_same_everywhere();
}

TEST_P(CleangateAvTest, PictureMeasuresTheSameInTheSandbox) {
  CLEANGATE_SHARED_MEDIA(shared);
  media = shared / "containers/debian-libopenshot/run.mp4";
  if (!std::filesystem::exists(media)) GTEST_SKIP() << media << " is missing";
  expect_same_everywhere();
}

TEST_P(CleangateAvTest, EveryDepthWorks) {
  write_wave();
  for (const auto depth : {probes::Depth::header, probes::Depth::packets, probes::Depth::decode}) {
    request.depth = depth;
    test::RecordingSink into;
    const WorkerOutcome outcome = measured(Isolation::automatic, into);
    EXPECT_EQ(outcome.status, Status::measured) << message(outcome);
    ASSERT_TRUE(into.final_facts);
    EXPECT_EQ(into.final_facts->depth, depth);
    ASSERT_EQ(into.final_facts->streams.size(), 1u);
    EXPECT_EQ(into.final_facts->content_id.is_known(), depth != probes::Depth::header);
  }
}

TEST_P(CleangateAvTest, TextIsNotMedia) {
  test::RecordingSink into;
  const WorkerOutcome outcome = measured(Isolation::automatic, into);
  EXPECT_EQ(outcome.status, Status::not_media) << message(outcome);
  EXPECT_THAT(message(outcome), HasSubstr(media.string()));
  EXPECT_FALSE(into.final_facts);
}

TEST_P(CleangateAvTest, TooLittleMemoryIsTold) {
  CLEANGATE_NEEDS_MEMORY_LIMIT();
  write_wave();
  options.address_space_bytes = 100ull << 20;  // less than the libraries already take
  test::RecordingSink into;
  const WorkerOutcome outcome = measured(Isolation::automatic, into);
  EXPECT_EQ(outcome.status, Status::out_of_memory) << message(outcome);
}

INSTANTIATE_TEST_SUITE_P(Worker, CleangateAvTest, ::testing::Values(Birth::started, Birth::forked),
                         name_of);

}  // namespace
}  // namespace cleangate::worker
