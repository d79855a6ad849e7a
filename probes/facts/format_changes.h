// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "probes/facts.h"

// A stream that changes its form midway contradicts itself: its facts are those of its beginning,
// and a Conflict "streams[N].format" has one voice for each form, "frame 50" (or "sample 96000")
// being the first that has it.
namespace cleangate::probes {

struct PictureFormat {
  std::int64_t first_frame = 0;  // presented; counted in coded order below depth decode
  int width = 0, height = 0;     // pixels, as VideoFacts has them
  std::optional<std::string> chroma;
  std::optional<int> bit_depth;
  std::optional<std::string> profile = std::nullopt;  // as the headers have it; no decoder tells
  // As stated, where unspecified is a statement of its own; empty where whoever saw the form does
  // not look for it (nor for the shape of the pixels).
  std::optional<ColorDescription> color = std::nullopt;
  std::optional<Rational> pixel_aspect = std::nullopt;
  friend bool operator==(const PictureFormat&, const PictureFormat&) = default;
};

struct SoundFormat {
  std::int64_t first_sample = 0;  // samples per channel that come before it
  int channels = 0;
  int sample_rate = 0;  // Hz
  friend bool operator==(const SoundFormat&, const SoundFormat&) = default;
};

// Of one stream; the rest is left out.
inline constexpr std::size_t kFormatsKept = 100;

// "1280x720 4:2:0 8 bit, High 4:2:2 Intra, bt709/bt709/bt709 narrow, pixel 16:15" without what is
// not known ("color unspecified" is), "2 channels 48000 Hz".
[[nodiscard]] std::string to_string(const PictureFormat& format);
[[nodiscard]] std::string to_string(const SoundFormat& format);

// Nothing where the stream keeps its form (one format, or none known).
[[nodiscard]] std::optional<Conflict> format_conflict(int stream,
                                                      const std::vector<PictureFormat>& formats);
[[nodiscard]] std::optional<Conflict> format_conflict(int stream,
                                                      const std::vector<SoundFormat>& formats);

// `format` as the facts of its stream say it wherever it is as `first` is; always with a color.
[[nodiscard]] PictureFormat in_words_of(const VideoFacts& facts,
                                        const std::optional<std::string>& profile,
                                        PictureFormat format, const PictureFormat& first);

// What `hdr` comes to under another transfer: pq10, hdr10 and hlg follow from it; the metadata, and
// what follows from that, are those of the whole stream.
[[nodiscard]] Fact<Hdr> hdr_under(TransferCharacteristics transfer, Hdr hdr);

// Every form of a stream in turn, the first included, as its Conflict has them; empty where it
// keeps its form.
[[nodiscard]] std::vector<PictureFormat> picture_formats(const AssetFacts& facts, int stream);
[[nodiscard]] std::vector<SoundFormat> sound_formats(const AssetFacts& facts, int stream);
// The stream whose forms a Conflict tells; nothing when it is another kind of Conflict.
[[nodiscard]] std::optional<int> format_conflict_stream(const Conflict& conflict);

}  // namespace cleangate::probes
