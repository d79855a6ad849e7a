// SPDX-License-Identifier: Apache-2.0
#include "pipeline/media/av/demuxer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cleangate::test {
namespace {

// 100 ms of 16-bit mono at 48 kHz.
std::string wave() {
  const auto number = [](std::uint32_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text.push_back(static_cast<char>(value >> (8 * i)));
    return text;
  };
  const std::string samples(9600, '\1');
  const std::string format = number(1, 2) + number(1, 2) + number(48000, 4) + number(96000, 4) +
                             number(2, 2) + number(16, 2);
  const std::string chunks = "WAVEfmt " + number(16, 4) + format + "data" +
                             number(static_cast<std::uint32_t>(samples.size()), 4) + samples;
  return "RIFF" + number(static_cast<std::uint32_t>(chunks.size()), 4) + chunks;
}

TEST(Demuxer, ReadsThroughTheByteSourceAlone) {
  const std::string file = wave();
  const auto source = memory_source(std::as_bytes(std::span(file)));
  std::uint64_t end = 0;
  auto opened = av::Demuxer::open(*source, {}, [&](std::uint64_t at, std::span<const std::byte> b) {
    end = std::max<std::uint64_t>(end, at + b.size());
  });
  ASSERT_TRUE(opened) << opened.error().message;
  av::Demuxer& demuxer = **opened;
  EXPECT_EQ(demuxer.format(), "wav");
  ASSERT_EQ(demuxer.stream_count(), 1);
  EXPECT_EQ(demuxer.stream(0).codec, "pcm_s16le");
  EXPECT_TRUE(demuxer.stream(0).pcm);
  EXPECT_EQ(demuxer.stream(0).audio.sample_rate, 48000);
  std::size_t bytes = 0;
  for (;;) {
    const auto packet = demuxer.next();
    ASSERT_TRUE(packet);
    if (!*packet) break;
    bytes += (*packet)->bytes();
  }
  EXPECT_EQ(bytes, 9600u);
  EXPECT_EQ(end, file.size());
}

TEST(Demuxer, AReadErrorIsTheSourcesOwn) {
  struct Failing final : ByteSource {
    [[nodiscard]] std::uint64_t size() const override { return 100'000; }
    [[nodiscard]] Expected<std::size_t> read_at(std::uint64_t, std::span<std::byte>) override {
      return fail(ErrorCode::io, "The disk is gone.");
    }
    [[nodiscard]] std::uint64_t bytes_read() const override { return 0; }
  } source;
  const auto opened = av::Demuxer::open(source, {}, nullptr);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error(), (Error{ErrorCode::io, "The disk is gone."}));
}

TEST(Demuxer, SaysInLibavsWordsWhyTablesCannotBeRead) {
  std::string file = wave();
  file.resize(20);  // the format chunk is cut
  const auto source = memory_source(std::as_bytes(std::span(file)));
  const auto opened = av::Demuxer::open(*source, {}, nullptr);
  ASSERT_FALSE(opened);
  EXPECT_TRUE(opened.error().code == ErrorCode::damaged ||
              opened.error().code == ErrorCode::not_media);
}

}  // namespace
}  // namespace cleangate::test
