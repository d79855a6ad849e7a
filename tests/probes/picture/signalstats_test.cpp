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
  double frame_bytes;  // bytes per luma sample, all planes
};

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
  const auto frame_bytes = static_cast<std::size_t>(clip.frame_bytes * clip.width * clip.height);
  ASSERT_EQ(bytes.size(), 4 * frame_bytes);
  FrameSweep sweep;
  for (std::size_t i = 0; i < 4; ++i) {
    VideoFrame frame;
    frame.width = clip.width;
    frame.height = clip.height;
    frame.layout = test::planar_luma(clip.bits);
    frame.planes[0] = {reinterpret_cast<const std::byte*>(bytes.data() + i * frame_bytes),
                       static_cast<std::ptrdiff_t>(test::planar_stride(clip.width, clip.bits))};
    sweep.run(frame);
    const LumaRow row = analyze_luma(sweep);
    EXPECT_EQ(row.quantiles[0], frames[i].at("YMIN"));
    EXPECT_EQ(row.quantiles[3], frames[i].at("YLOW"));
    EXPECT_EQ(row.quantiles[5], frames[i].at("YHIGH"));
    EXPECT_EQ(row.quantiles[8], frames[i].at("YMAX"));
    // Printed with six digits.
    EXPECT_NEAR(row.mean / 65536.0, frames[i].at("YAVG"), frames[i].at("YAVG") * 6e-6 + 2e-5);
  }
}

// Sizes whose tenth is a whole number of samples: the filter rounds its ranks to even.
TEST(Signalstats, AgreesOnEightBit420) {
  if (!have_ffmpeg()) GTEST_SKIP() << "the ffmpeg program is not installed";
  expect_agreement(
      {"testsrc2=size=320x240:rate=25,noise=alls=30:allf=t", "yuv420p", 320, 240, 8, 1.5});
  expect_agreement({"mandelbrot=size=650x362:rate=25", "yuv420p", 650, 362, 8, 1.5});
}

TEST(Signalstats, AgreesOnTenBit422) {
  if (!have_ffmpeg()) GTEST_SKIP() << "the ffmpeg program is not installed";
  expect_agreement({"mandelbrot=size=1280x720:rate=25", "yuv422p10le", 1280, 720, 10, 4});
  expect_agreement({"testsrc2=size=320x240:rate=25", "yuv422p10le", 320, 240, 10, 4});
}

}  // namespace
}  // namespace cleangate::probes
