// SPDX-License-Identifier: Apache-2.0
#include "pipeline/media/av/formats.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/media/av/demuxer.h"

namespace cleangate::av {
namespace {

constexpr const char* kWhitelist =
    "3gp,aa,aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,ast,au,av1,avi,caf,cavsvideo,daud,dirac,dnxhd,"
    "dsf,dts,dtshd,dv,eac3,flac,flv,gxf,h261,h263,h264,hevc,iff,ipu,ivf,kux,loas,lxf,m4v,"
    "matroska,webm,mca,mjpeg,mlp,mov,mp4,m4a,3g2,mj2,mp3,mpc,mpc8,mpeg,mpegts,mpegvideo,mxf,nut,"
    "obu,ogg,pva,r3d,rm,sox,spdif,s337m,tak,truehd,tta,vc1,voc,w64,wav,wtv,wv,y4m,yuv4mpegpipe";

// libav's scale ends at 100; a demuxer that recognizes a run of frames without a header gives 25
// or more, a chance hit 1 to 6.
constexpr int kLowestScore = 11;
constexpr std::size_t kFirstProbe = 4096, kLastProbe = 1 << 20;

bool contains(std::string_view list, std::string_view name) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    if (list.substr(0, comma) == name) return true;
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return false;
}

// Our words where libav's name is another. One word may stand for two of its demuxers.
struct Word {
  std::string_view ours, libavs;
};
constexpr Word kWords[] = {
    {"mp4", "mov"},       {"heif", "mov"}, {"webm", "matroska"}, {"mpegps", "mpeg"},
    {"wav", "wav"},       {"wav", "w64"},  {"mov", "mov"},       {"matroska", "matroska"},
    {"mpegts", "mpegts"}, {"mp3", "mp3"},  {"aiff", "aiff"},     {"avi", "avi"},
    {"mxf", "mxf"},       {"ogg", "ogg"},  {"flac", "flac"},     {"caf", "caf"}};

struct Guess {
  const AVInputFormat* format = nullptr;
  int score = 0;
};

Guess guess(std::vector<unsigned char>& bytes, std::size_t count) {
  AVProbeData data{};
  data.filename = "";
  data.buf = bytes.data();
  data.buf_size = static_cast<int>(count);
  Guess found;
  found.format = av_probe_input_format3(&data, 1, &found.score);
  return found;
}

}  // namespace

const char* format_whitelist() { return kWhitelist; }

bool is_allowed(const char* demuxer_names) {
  std::string_view names(demuxer_names ? demuxer_names : "");
  while (!names.empty()) {
    const auto comma = names.find(',');
    if (contains(kWhitelist, names.substr(0, comma))) return true;
    if (comma == std::string_view::npos) break;
    names.remove_prefix(comma + 1);
  }
  return false;
}

Expected<const AVInputFormat*> recognize(ByteSource& source) {
  std::vector<unsigned char> bytes;
  Guess best;
  for (std::size_t want = kFirstProbe; want <= kLastProbe; want *= 4) {
    bytes.assign(want + AVPROBE_PADDING_SIZE, 0);
    const auto count = source.read_at(0, std::as_writable_bytes(std::span(bytes.data(), want)));
    if (!count) return tl::unexpected(count.error());
    best = guess(bytes, *count);
    if (best.score > AVPROBE_SCORE_RETRY || *count < want) break;
  }
  if (!best.format || best.score < kLowestScore)
    return fail(ErrorCode::not_media, "No media format is recognized in this file.");
  // libav takes its samples for little-endian ones.
  if (std::equal(bytes.begin(), bytes.begin() + 4, "RIFX"))
    return fail(ErrorCode::unsupported, "This is a RIFX (big-endian WAV), which is not opened.");
  if (!is_allowed(best.format->name))
    return fail(ErrorCode::unsupported,
                fmt::format("This looks like \"{}\", which is not opened.", best.format->name));
  return best.format;
}

Expected<const AVInputFormat*> demuxer_for(std::string_view format) {
  for (const Word& word : kWords)
    if (word.ours == format)
      if (const AVInputFormat* found = av_find_input_format(std::string(word.libavs).c_str()))
        return found;
  return fail(ErrorCode::unsupported, fmt::format("There is no demuxer for {}.", format));
}

bool reads_format(std::string_view demuxer_names, std::string_view format) {
  bool known = false;
  for (const Word& word : kWords) {
    if (word.ours != format) continue;
    if (contains(demuxer_names, word.libavs)) return true;
    known = true;
  }
  return !known;
}

}  // namespace cleangate::av
