// SPDX-License-Identifier: Apache-2.0
#include "tests/pipeline/pass/made_media.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

namespace cleangate::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSource =
    "-f lavfi -i testsrc2=size=320x180:rate=25:duration=4 "
    "-f lavfi -i aevalsrc='0.3*sin(880*t)|0.2*sin(1500*t)':s=48000:d=4 ";
const std::string kSmall = "-f lavfi -i testsrc2=size=320x180:rate=25:duration=2 ";
const std::string kLarge = "-f lavfi -i testsrc2=size=640x360:rate=25:duration=2 ";
const std::string kSdr =
    "-color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv ";
const std::string kPq =
    "-color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc -color_range tv ";
constexpr const char* kAudio8 =
    "-f lavfi -i testsrc2=size=320x180:rate=25:duration=2 "
    "-f lavfi -i aevalsrc='0.3*sin(880*t)':s=48000:d=2 -map 0:v -map 1:a -map 1:a -map 1:a -map "
    "1:a -map 1:a -map 1:a -map 1:a -map 1:a ";

std::string recipe(const std::string& name) {
  const std::string source(kSource);
  const std::map<std::string, std::string> recipes{
      {"prores.mov", source + "-c:v prores_ks -profile:v 3 -c:a pcm_s24le"},
      {"h264.mp4", source + "-c:v libx264 -pix_fmt yuv420p -g 25 -bf 3 -c:a aac"},
      {"h264_open.mp4", source + "-c:v libx264 -pix_fmt yuv420p -x264-params "
                                 "open-gop=1:keyint=25:bframes=3 -c:a aac -movflags +faststart"},
      {"h264_refresh.mp4", source + "-c:v libx264 -pix_fmt yuv420p -x264-params "
                                    "intra-refresh=1:keyint=25 -c:a aac"},
      {"h264_fragments.mp4", source + "-c:v libx264 -pix_fmt yuv420p -g 25 -c:a aac -movflags "
                                      "frag_keyframe+empty_moov"},
      {"h264.ts", source + "-c:v libx264 -pix_fmt yuv420p -g 25 -bf 2 -c:a aac"},
      {"h264_open.ts", source + "-map 0:v -c:v libx264 -pix_fmt yuv420p -x264-params "
                                "open-gop=1:keyint=25:bframes=3"},
      {"hevc_open.mp4", source + "-c:v libx265 -pix_fmt yuv420p10le -x265-params "
                                 "open-gop=1:keyint=25:log-level=0 -c:a aac"},
      {"mpeg2_open.mxf", source + "-c:v mpeg2video -pix_fmt yuv422p -b:v 8M -g 12 -bf 2 -flags "
                                  "+ildct+ilme -top 1 -c:a pcm_s16le"},
      {"mpeg2.mpg", source + "-c:v mpeg2video -g 12 -bf 2 -b:v 4M -c:a mp2"},
      {"v210.mov", source + "-c:v v210 -c:a pcm_s16le"},
      {"ffv1.mkv", source + "-c:v ffv1 -level 3 -slicecrc 1 -c:a flac"},
      {"vfr.mp4", source + "-vf \"select='not(eq(mod(n,5),3))'\" -fps_mode vfr -c:v libx264 "
                           "-pix_fmt yuv420p -g 20 -c:a aac"},
      {"mono8.mxf", std::string(kAudio8) + "-c:v mpeg2video -pix_fmt yuv422p -b:v 8M -c:a "
                                           "pcm_s24le"},
      // Parts to join: pictures of two sizes, 50 each.
      {"small.m2v", kSmall + "-c:v mpeg2video -bf 2 -g 12"},
      {"large.m2v", kLarge + "-c:v mpeg2video -bf 2 -g 12"},
      {"small.h264", kSmall + "-c:v libx264 -pix_fmt yuv420p -g 10 -bf 3"},
      {"large.h264", kLarge + "-c:v libx264 -pix_fmt yuv420p -g 10 -bf 3"},
      {"422.h264", kSmall + "-c:v libx264 -pix_fmt yuv422p -g 10 -bf 3"},
      {"small.hevc", kSmall + "-c:v libx265 -pix_fmt yuv420p -x265-params keyint=10:log-level=0"},
      {"large.hevc", kLarge + "-c:v libx265 -pix_fmt yuv420p -x265-params keyint=10:log-level=0"},
      {"cavlc.h264", kSmall + "-c:v libx264 -pix_fmt yuv420p -g 10 -bf 2 -refs 2 -coder 0"},
      // Parts whose headers say other things of the same picture.
      {"sdr.h264", kSmall + kSdr + "-c:v libx264 -pix_fmt yuv420p -g 10 -bf 3"},
      {"pq.h264", kSmall + kPq + "-c:v libx264 -pix_fmt yuv420p -g 10 -bf 3"},
      {"wide.h264", kSmall + kSdr +
                        "-vf setsar=64/45 -c:v libx264 -profile:v main -pix_fmt "
                        "yuv420p -g 10 -bf 3"},
      {"sdr.hevc", kSmall + kSdr +
                       "-c:v libx265 -pix_fmt yuv420p -x265-params "
                       "keyint=10:open-gop=1:log-level=0"},
      {"pq.hevc", kSmall + kPq +
                      "-c:v libx265 -pix_fmt yuv420p -x265-params "
                      "keyint=10:open-gop=1:log-level=0"},
      {"4_3.m2v", kSmall + "-aspect 4:3 -c:v mpeg2video -bf 2 -g 12"},
      {"16_9.m2v", kSmall + "-aspect 16:9 -c:v mpeg2video -bf 2 -g 12"},
      {"sdr_16_9.m2v", kSmall + kSdr + "-aspect 16:9 -c:v mpeg2video -bf 2 -g 12"},
      {"4_3.ts", kSmall + "-aspect 4:3 -c:v mpeg2video -bf 2 -g 12"},
      {"16_9.ts", kSmall + "-aspect 16:9 -c:v mpeg2video -bf 2 -g 12"},
      {"sdr.obu", kSmall + kSdr + "-c:v libaom-av1 -cpu-used 8 -b:v 200k -g 10"},
      {"pq.obu", kSmall + kPq + "-c:v libaom-av1 -cpu-used 8 -b:v 200k -g 10"},
      {"untold.obu", kSmall + "-c:v libaom-av1 -cpu-used 8 -b:v 200k -g 10"},
      {"4_3.m4v", kSmall + "-aspect 4:3 -c:v mpeg4 -bf 2 -g 10 -f m4v"},
      {"16_9.m4v", kSmall + "-aspect 16:9 -c:v mpeg4 -bf 2 -g 10 -f m4v"},
      {"small.ts", kSmall + "-c:v mpeg2video -bf 2 -g 12"},
      {"small_h264.ts", kSmall + "-c:v libx264 -pix_fmt yuv420p -g 10 -bf 3"},
      {"bare_open.h264", source + "-map 0:v -c:v libx264 -pix_fmt yuv420p -x264-params "
                                  "open-gop=1:keyint=25:bframes=3"},
      {"bare.avi", source + "-map 0:v -c:v libx264 -pix_fmt yuv420p -g 25 -bf 3"},
      {"mpeg4.avi", source + "-map 0:v -c:v mpeg4 -bf 2 -g 25"},
      {"pts_is_dts.mkv", source + "-map 0:v -c:v libx264 -pix_fmt yuv420p -g 25 -bf 2 -bsf:v "
                                  "setts=pts=DTS"},
      {"repeated.mkv", source + "-map 0:v -c:v libx264 -pix_fmt yuv420p -g 25 -bf 0 -bsf:v "
                                "'setts=pts=floor(PTS/160)*160:dts=DTS'"},
      {"wild.ts", source + "-map 0:v -c:v mpeg2video -bf 0 -bsf:v "
                           "'setts=pts=if(eq(mod(N\\,10)\\,3)\\,0\\,PTS)'"},
      {"vp9.webm", source + "-map 0:v -c:v libvpx-vp9 -b:v 300k -auto-alt-ref 1 -lag-in-frames 16 "
                            "-deadline realtime -cpu-used 8"},
      {"vp8.webm", source + "-map 0:v -c:v libvpx -b:v 300k -auto-alt-ref 1 -lag-in-frames 16 "
                            "-deadline realtime"},
      {"av1.mkv", source + "-map 0:v -c:v libaom-av1 -cpu-used 8 -b:v 300k -g 50"},
      {"long.mp4",
       "-f lavfi -i testsrc2=size=320x180:rate=25:duration=60 -f lavfi -i "
       "aevalsrc='0.3*sin(880*t)':s=48000:d=60 -c:v libx264 -preset veryfast -pix_fmt yuv420p -g "
       "25 "
       "-bf 2 -c:a aac"},
      {"tone.flac", "-f lavfi -i sine=1000:duration=1:sample_rate=48000 -c:a flac"},
      {"tone.dts", "-f lavfi -i sine=1000:duration=1:sample_rate=48000 -ac 2 -strict -2 -c:a dca"},
      {"frames_of_192.mp3",
       "-f lavfi -i sine=1000:duration=3:sample_rate=48000 -ac 1 -b:a 64k -id3v2_version 0 "
       "-write_xing 0"},
      // Over 50 MB.
      {"large.mov",
       "-f lavfi -i testsrc2=size=1280x720:rate=25:duration=1.2 -f lavfi -i "
       "anoisesrc=d=1.2:r=48000 -c:v v210 -c:a pcm_s24le"}};
  const auto found = recipes.find(name);
  if (found == recipes.end()) throw std::invalid_argument("no recipe for " + name);
  return found->second;
}

fs::path folder() {
  const fs::path path = fs::path(CLEANGATE_BINARY_DIR) / "tests" / "media";
  fs::create_directories(path);
  return path;
}

// Tests run side by side: whoever finishes a file renames it into place.
std::string make(const std::string& name, const std::string& arguments) {
  const fs::path path = folder() / name;
  if (fs::exists(path)) return path;
  const fs::path part = folder() / (std::to_string(::getpid()) + "." + name);
  const std::string command = "ffmpeg -nostdin -v error -y " + arguments + " " + part.string();
  if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
  fs::rename(part, path);
  return path;
}

}  // namespace

bool have_ffmpeg() {
  static const bool found = std::system("ffmpeg -version >/dev/null 2>&1") == 0 &&
                            std::system("ffprobe -version >/dev/null 2>&1") == 0;
  return found;
}

std::string made(const std::string& name) { return make(name, recipe(name)); }

std::string altered(const std::string& name, const std::string& as,
                    void (*edit)(std::vector<char>& bytes)) {
  std::ifstream in(made(name), std::ios::binary);
  std::vector<char> bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  edit(bytes);
  const fs::path path = folder() / as;
  const fs::path part = folder() / (std::to_string(::getpid()) + "." + as);
  std::ofstream(part, std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  fs::rename(part, path);
  return path;
}

std::string joined(const std::vector<std::string>& paths, const std::string& as) {
  const fs::path path = folder() / as;
  const fs::path part = folder() / (std::to_string(::getpid()) + "." + as);
  {
    std::ofstream out(part, std::ios::binary);
    for (const std::string& name : paths) out << std::ifstream(name, std::ios::binary).rdbuf();
  }
  fs::rename(part, path);
  return path;
}

std::string converted(const std::string& path, const std::string& as, const std::string& options,
                      const std::string& input_options) {
  return make(as, input_options + " -i " + path + " " + options);
}

std::string rewrapped(const std::string& name, const std::string& as, const std::string& options) {
  return make(as, "-i " + made(name) + " -map 0 -c copy " + options);
}

std::string output_of(const std::string& command) {
  std::string output;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (!pipe) return output;
  char buffer[4096];
  for (std::size_t count; (count = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;)
    output.append(buffer, count);
  ::pclose(pipe);
  return output;
}

}  // namespace cleangate::test
