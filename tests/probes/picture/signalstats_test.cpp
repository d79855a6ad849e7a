// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "probes/picture/luma.h"
#include "probes/picture/signal.h"
#include "tests/probes/picture/made_frame.h"

// Agreement with the signalstats filter of the ffmpeg program, an independent reader of the same
// samples.
namespace cleangate::probes {
namespace {

namespace fs = std::filesystem;

struct Scratch {
  fs::path path;
  explicit Scratch(const std::string& name)
      : path(fs::temp_directory_path() /
             fmt::format("cleangate-{}-{}-{}", name, ::getpid(), std::rand())) {
    fs::create_directories(path);
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
};

bool have_ffmpeg() { return std::system("ffmpeg -version >/dev/null 2>&1") == 0; }

// "lavfi.signalstats.YMIN=16" lines, one map a frame.
std::vector<std::map<std::string, double>> read_statistics(const fs::path& file) {
  std::vector<std::map<std::string, double>> frames;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("frame:")) frames.emplace_back();
    const std::string prefix = "lavfi.signalstats.";
    if (!line.starts_with(prefix) || frames.empty()) continue;
    const auto equals = line.find('=');
    frames.back()[line.substr(prefix.size(), equals - prefix.size())] =
        std::strtod(line.c_str() + equals + 1, nullptr);
  }
  return frames;
}

struct Clip {
  const char* source;  // a lavfi graph
  const char* format;
  int width, height, bits;
  int down;  // log2 of chroma's subsampling down; across it is 1
};

// Luma and two planes of chroma, as they follow each other in a raw file.
VideoFrame frame_in(const Clip& clip, const char* bytes) {
  VideoFrame frame;
  frame.width = clip.width;
  frame.height = clip.height;
  frame.layout = test::planar_luma(clip.bits);
  frame.layout.component_count = 3;
  frame.layout.log2_chroma_w = 1;
  frame.layout.log2_chroma_h = static_cast<std::uint8_t>(clip.down);
  for (std::uint8_t i = 0; i < 3; ++i) {
    frame.layout.components[i] = frame.layout.components[0];
    frame.layout.components[i].plane = i;
    const auto stride = test::planar_stride(i == 0 ? clip.width : clip.width / 2, clip.bits);
    frame.planes[i] = {reinterpret_cast<const std::byte*>(bytes),
                       static_cast<std::ptrdiff_t>(stride)};
    bytes += stride * static_cast<std::size_t>(i == 0 ? clip.height : clip.height >> clip.down);
  }
  return frame;
}

using Quantiles = std::array<std::uint16_t, kLumaQuantiles>;

void expect_levels(const std::map<std::string, double>& theirs, const std::string& component,
                   const Quantiles& quantiles, std::uint32_t mean) {
  EXPECT_EQ(quantiles[0], theirs.at(component + "MIN")) << component;
  EXPECT_EQ(quantiles[3], theirs.at(component + "LOW")) << component;
  EXPECT_EQ(quantiles[5], theirs.at(component + "HIGH")) << component;
  EXPECT_EQ(quantiles[8], theirs.at(component + "MAX")) << component;
  // Printed with six digits.
  const double average = theirs.at(component + "AVG");
  EXPECT_NEAR(mean / 65536.0, average, average * 6e-6 + 2e-5) << component;
}

void expect_agreement(const Clip& clip) {
  const Scratch scratch("signalstats");
  const fs::path raw = scratch.path / "raw", text = scratch.path / "text";
  const std::string command = fmt::format(
      "ffmpeg -nostdin -v error -f lavfi -i '{}' -frames:v 4 -vf 'format={},signalstats,"
      "metadata=mode=print:file={}' -f rawvideo '{}'",
      clip.source, clip.format, text.string(), raw.string());
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
  const auto frames = read_statistics(text);
  ASSERT_EQ(frames.size(), 4u);
  std::ifstream in(raw, std::ios::binary);
  const std::vector<char> bytes((std::istreambuf_iterator<char>(in)), {});
  const std::size_t luma =
      test::planar_stride(clip.width, clip.bits) * static_cast<std::size_t>(clip.height);
  const std::size_t frame_bytes = luma + (luma >> clip.down);
  ASSERT_EQ(bytes.size(), 4 * frame_bytes);
  FrameSweep sweep;
  for (std::size_t i = 0; i < 4; ++i) {
    sweep.run(frame_in(clip, bytes.data() + i * frame_bytes));
    const LumaRow row = analyze_luma(sweep);
    const SignalRow signal = analyze_signal(sweep);
    expect_levels(frames[i], "Y", row.quantiles, row.mean);
    expect_levels(frames[i], "U", signal.cb, signal.cb_mean);
    expect_levels(frames[i], "V", signal.cr, signal.cr_mean);
  }
}

// Sizes whose tenth is a whole number of samples: the filter rounds its ranks to even.
TEST(Signalstats, AgreesOnEightBit420) {
  if (!have_ffmpeg()) GTEST_SKIP() << "the ffmpeg program is not installed";
  expect_agreement(
      {"testsrc2=size=320x240:rate=25,noise=alls=30:allf=t", "yuv420p", 320, 240, 8, 1});
  expect_agreement({"mandelbrot=size=640x360:rate=25", "yuv420p", 640, 360, 8, 1});
}

TEST(Signalstats, AgreesOnTenBit422) {
  if (!have_ffmpeg()) GTEST_SKIP() << "the ffmpeg program is not installed";
  expect_agreement({"mandelbrot=size=1280x720:rate=25", "yuv422p10le", 1280, 720, 10, 0});
  expect_agreement({"testsrc2=size=320x240:rate=25", "yuv422p10le", 320, 240, 10, 0});
}

}  // namespace
}  // namespace cleangate::probes
