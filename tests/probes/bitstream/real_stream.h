// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/packet_view.h"
#include "probes/bitstream/packet_index.h"
#include "probes/bitstream/stream_probe.h"

namespace cleangate::test {

// One stream of a file as the ffprobe program shows it: an independent reader's facts, and the
// packets our probes are fed.
struct RealStream {
  std::map<std::string, std::string> facts;  // ffprobe's stream section
  std::vector<std::byte> configuration;
  probes::StreamDescription description;
  struct Packet {
    std::optional<std::int64_t> pts, dts;
    std::int64_t duration = 0;
    bool key = false, discard = false;
    std::vector<std::byte> bytes;
  };
  std::vector<Packet> packets;

  [[nodiscard]] PacketView view(std::size_t i) const;
  [[nodiscard]] std::string fact(const std::string& name) const;  // "" when absent
};

struct RealFrame {
  std::string picture;  // "I" "P" "B"
  bool key = false, interlaced = false, top_first = false;
};

// A probe and an index that have seen the whole stream.
struct Observed {
  std::unique_ptr<probes::StreamProbe> probe;
  std::vector<probes::PacketClass> classes;
  std::unique_ptr<probes::PacketIndex> index;
};

[[nodiscard]] bool have_ffmpeg();  // the ffmpeg and ffprobe programs
// Runs ffmpeg with these arguments and an output file of this name in the test's own directory
// (made once a name). Empty when ffmpeg refuses (an encoder is missing).
[[nodiscard]] std::optional<std::filesystem::path> made_with_ffmpeg(const std::string& name,
                                                                    const std::string& arguments);
[[nodiscard]] std::optional<RealStream> read_stream(const std::filesystem::path& file,
                                                    const std::string& which,
                                                    const std::string& options = "");
[[nodiscard]] std::vector<RealFrame> read_frames(const std::filesystem::path& file,
                                                 const std::string& which,
                                                 const std::string& options = "");
[[nodiscard]] Observed observe(const RealStream& stream);

}  // namespace cleangate::test

// In a TEST: skips, and says so, without the ffmpeg program.
#define CLEANGATE_FFMPEG() \
  if (!::cleangate::test::have_ffmpeg()) GTEST_SKIP() << "no ffmpeg and ffprobe programs here"
