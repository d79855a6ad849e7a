// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "probes/container/ebml.h"
#include "probes/container/language.h"
#include "probes/container/mkv.h"
#include "probes/container/mov_track.h"

namespace cleangate::probes {
namespace {

constexpr std::size_t kMaxTracks = 4'096;
using Content = std::span<const std::byte>;

std::optional<int> small(std::uint64_t value) {
  if (value == 0 || value > 1'000'000'000) return std::nullopt;
  return static_cast<int>(value);
}

// The rate a frame duration stands for. Writers round it to a nanosecond, to 100 ns or to a
// microsecond: the broadcast rate it was rounded from is meant.
std::optional<Rational> rate_of_duration(std::uint64_t nanoseconds) {
  if (nanoseconds == 0 || nanoseconds > 1'000'000'000'000) return std::nullopt;
  const double step = nanoseconds % 1'000 == 0 ? 1'000 : nanoseconds % 100 == 0 ? 100 : 1;
  for (const std::int64_t nominal : {24, 30, 48, 60, 120})
    for (const std::int64_t cut : {1'000, 1'001}) {
      const double exact = static_cast<double>(cut) * 1e6 / static_cast<double>(nominal);
      if (std::abs(static_cast<double>(nanoseconds) - exact) <= step)
        return Rational(nominal * 1'000, cut);
    }
  return Rational(1'000'000'000, static_cast<std::int64_t>(nanoseconds));
}

std::uint32_t fixed(double value, double scale) {
  return value > 0 && value * scale < 4e9 ? static_cast<std::uint32_t>(std::lround(value * scale))
                                          : 0;
}

void read_mastering(Content bytes, VideoClaims& video) {
  MasteringDisplay display;
  int coordinates = 0;
  bool luminance = false;
  for_each_element(bytes, [&](std::uint32_t id, Content content) {
    const double value = ebml_float(content);
    std::uint32_t* const xy[] = {&display.red.x,         &display.red.y,        &display.green.x,
                                 &display.green.y,       &display.blue.x,       &display.blue.y,
                                 &display.white_point.x, &display.white_point.y};
    if (id >= 0x55D1 && id <= 0x55D8) {
      *xy[id - 0x55D1] = fixed(value, 50'000);
      ++coordinates;
    }
    if (id == 0x55D9) display.luminance_max = fixed(value, 10'000);
    if (id == 0x55DA) display.luminance_min = fixed(value, 10'000);
    luminance = luminance || id == 0x55D9;
  });
  display.carrier = "container";
  if (coordinates >= 8 && luminance) video.mastering = display;
}

struct Sampling {
  std::optional<std::uint64_t> horizontal, vertical, siting_horizontal, siting_vertical;
};

void settle_chroma(const Sampling& chroma, VideoClaims& video) {
  if (chroma.horizontal == 0 && chroma.vertical == 0) video.chroma = "4:4:4";
  if (chroma.horizontal == 1 && chroma.vertical == 0) video.chroma = "4:2:2";
  if (chroma.horizontal == 1 && chroma.vertical == 1) video.chroma = "4:2:0";
  const auto x = chroma.siting_horizontal, y = chroma.siting_vertical;  // 1 collocated, 2 half
  if (x == 1 && y == 2) video.chroma_siting = "left";
  if (x == 2 && y == 2) video.chroma_siting = "center";
  if (x == 1 && y == 1) video.chroma_siting = "topleft";
}

std::uint8_t code_point(std::uint64_t value) {
  return value > 255 ? std::uint8_t{2} : static_cast<std::uint8_t>(value);
}

void read_color(Content bytes, VideoClaims& video) {
  ContentLight light;
  Sampling chroma;
  for_each_element(bytes, [&](std::uint32_t id, Content content) {
    const std::uint64_t value = ebml_unsigned(content);
    switch (id) {
      case 0x55B1:
        video.color.matrix = static_cast<MatrixCoefficients>(code_point(value));
        break;
      case 0x55B2:
        video.bit_depth = small(value);
        break;
      case 0x55B3:
        chroma.horizontal = value;
        break;
      case 0x55B4:
        chroma.vertical = value;
        break;
      case 0x55B7:
        chroma.siting_horizontal = value;
        break;
      case 0x55B8:
        chroma.siting_vertical = value;
        break;
      case 0x55B9:
        if (value == 1) video.color.range = SignalRange::narrow;
        if (value == 2) video.color.range = SignalRange::full;
        break;
      case 0x55BA:
        if (value != 0)
          video.color.transfer = static_cast<TransferCharacteristics>(code_point(value));
        break;
      case 0x55BB:
        if (value != 0) video.color.primaries = static_cast<ColorPrimaries>(code_point(value));
        break;
      case 0x55BC:
        light.max_cll = static_cast<std::uint32_t>(std::min<std::uint64_t>(value, 0xffffffff));
        break;
      case 0x55BD:
        light.max_fall = static_cast<std::uint32_t>(std::min<std::uint64_t>(value, 0xffffffff));
        break;
      case 0x55D0:
        read_mastering(content, video);
        break;
      default:
        break;
    }
  });
  settle_chroma(chroma, video);
  if (light.max_cll != 0 || light.max_fall != 0) video.content_light = light;
}

struct Raster {
  std::uint64_t width = 0, height = 0, display_width = 0, display_height = 0, unit = 0;
  std::uint64_t top = 0, bottom = 0, left = 0, right = 0;
  std::uint64_t interlaced = 0, field_order = 2;
};

// Cropping, shape and scan, once all elements are known (RFC 9559, 5.1.4.1.28).
void settle_raster(const Raster& raster, VideoClaims& video) {
  video.width = small(raster.width);
  video.height = small(raster.height);
  if (raster.interlaced == 2) video.scan = Scan::progressive;
  if (raster.interlaced == 1) {
    video.scan = Scan::interlaced;
    video.field_order = field_order_of(raster.field_order);
  }
  if (!video.width || !video.height) return;
  constexpr std::uint64_t kMost = 1u << 24;
  if (std::max({raster.top, raster.bottom, raster.left, raster.right, raster.display_width,
                raster.display_height, raster.width, raster.height}) > kMost)
    return;
  const auto signed_of = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
  const std::int64_t width = signed_of(raster.width) - signed_of(raster.left + raster.right);
  const std::int64_t height = signed_of(raster.height) - signed_of(raster.top + raster.bottom);
  if (width <= 0 || height <= 0) return;
  if (width != signed_of(raster.width) || height != signed_of(raster.height))
    video.clean_aperture =
        CleanAperture{Rational(width), Rational(height),
                      Rational(signed_of(raster.left) - signed_of(raster.right), 2),
                      Rational(signed_of(raster.top) - signed_of(raster.bottom), 2)};
  if (raster.display_width == 0 || raster.display_height == 0 || raster.unit > 3) return;
  video.pixel_aspect =
      Rational(signed_of(raster.display_width) * height, signed_of(raster.display_height) * width);
}

void read_video(Content bytes, VideoClaims& video) {
  Raster raster;
  for_each_element(bytes, [&](std::uint32_t id, Content content) {
    const std::uint64_t value = ebml_unsigned(content);
    switch (id) {
      case 0xB0:
        raster.width = value;
        break;
      case 0xBA:
        raster.height = value;
        break;
      case 0x54B0:
        raster.display_width = value;
        break;
      case 0x54BA:
        raster.display_height = value;
        break;
      case 0x54B2:
        raster.unit = value;
        break;
      case 0x54AA:
        raster.bottom = value;
        break;
      case 0x54BB:
        raster.top = value;
        break;
      case 0x54CC:
        raster.left = value;
        break;
      case 0x54DD:
        raster.right = value;
        break;
      case 0x9A:
        raster.interlaced = value;
        break;
      case 0x9D:
        raster.field_order = value;
        break;
      case 0x53C0:
        if (value == 1) video.alpha = true;
        break;
      case 0x55B0:
        read_color(content, video);
        break;
      default:
        break;
    }
  });
  settle_raster(raster, video);
}

void read_audio(Content bytes, AudioClaims& audio) {
  for_each_element(bytes, [&](std::uint32_t id, Content content) {
    if (id == 0xB5) {
      const double rate = ebml_float(content);
      if (rate >= 1 && rate <= 1e7) audio.sample_rate = static_cast<int>(std::lround(rate));
    }
    if (id == 0x9F) audio.channels = small(ebml_unsigned(content));
    if (id == 0x6264) audio.bit_depth = small(ebml_unsigned(content));
  });
}

// Dolby Vision configuration in a block addition mapping.
void read_addition(Content bytes, VideoClaims& video) {
  std::uint64_t type = 0;
  Content record;
  for_each_element(bytes, [&](std::uint32_t id, Content content) {
    if (id == 0x41E7) type = ebml_unsigned(content);
    if (id == 0x41ED) record = content;
  });
  if (type == fourcc("dvcC") || type == fourcc("dvvC") || type == fourcc("dvwC"))
    read_dolby_vision(record, video);
}

std::optional<CaptionFacts> captions_of(const std::string& codec, std::int64_t number) {
  struct Known {
    std::string_view prefix, standard;
  };
  static constexpr Known kKnown[] = {
      {"S_TEXT/UTF8", "srt"},       {"S_TEXT/ASCII", "srt"},      {"S_TEXT/WEBVTT", "webvtt"},
      {"D_WEBVTT", "webvtt"},       {"S_TEXT/ASS", "ass"},        {"S_TEXT/SSA", "ass"},
      {"S_TEXT/TTML", "ttml"},      {"S_HDMV/PGS", "pgs"},        {"S_HDMV/TEXTST", ""},
      {"S_VOBSUB", "dvd_subtitle"}, {"S_DVBSUB", "dvb_subtitle"}, {"S_ARIBSUB", ""},
  };
  for (const Known& known : kKnown) {
    if (!codec.starts_with(known.prefix)) continue;
    CaptionFacts captions;
    captions.carriage = "stream";
    captions.stream = static_cast<int>(number);
    if (!known.standard.empty()) captions.standards.emplace_back(known.standard);
    return captions;
  }
  return std::nullopt;
}

// Sound whose header fields are true: elsewhere (AAC with SBR, AC-3) the stream knows better.
bool fields_hold(const std::string& codec) {
  return codec.starts_with("A_PCM/") || codec == "A_FLAC" || codec == "A_ALAC" ||
         codec == "A_TTA1" || codec == "A_WAVPACK4";
}

void read_entry(Content bytes, ContainerFindings& found) {
  TrackFindings track;
  std::string codec, language = "eng", tag;  // RFC 9559, 5.1.4.1.19: English unless it says else
  std::uint64_t duration = 0;
  for_each_element(bytes, [&](std::uint32_t id, Content content) {
    if (id == 0xD7)
      track.native_id = static_cast<std::int64_t>(ebml_unsigned(content) & 0x7fffffff);
    if (id == 0x83) {
      const std::uint64_t type = ebml_unsigned(content);
      track.kind = type == 1      ? StreamKind::video
                   : type == 2    ? StreamKind::audio
                   : type == 0x11 ? StreamKind::captions
                                  : StreamKind::data;
    }
    if (id == 0x86) codec = ebml_text(content);
    if (id == 0x22B59C) language = ebml_text(content);
    if (id == 0x22B59D) tag = ebml_text(content);
    if (id == 0x23E383) duration = ebml_unsigned(content);
    if (id == 0xE0) read_video(content, track.video);
    if (id == 0xE1) read_audio(content, track.audio);
    if (id == 0x41E4) read_addition(content, track.video);
  });
  track.tells_language = true;
  track.language = bcp47(tag.empty() ? language : tag);
  if (track.kind == StreamKind::video) track.video.frame_rate = rate_of_duration(duration);
  if (!fields_hold(codec)) track.audio = {};
  if (auto captions = captions_of(codec, track.native_id))
    found.captions.push_back(std::move(*captions));
  found.tracks.push_back(std::move(track));
}

}  // namespace

void read_matroska_tracks(Content tracks, ContainerFindings& found) {
  for_each_element(tracks, [&](std::uint32_t id, Content content) {
    if (id == 0xAE && found.tracks.size() < kMaxTracks) read_entry(content, found);
  });
}

}  // namespace cleangate::probes
