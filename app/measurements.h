// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "specs/evidence.h"
#include "specs/quantity.h"

namespace cleangate::app {

// Loudness of one soundfield; an empty value was looked for and is not known, `because` says why.
struct SoundfieldLoudness {
  int soundfield = 0;
  std::optional<Rational> integrated_lufs, range_lu, momentary_max_lufs, short_term_max_lufs,
      true_peak_dbtp, sample_peak_dbfs;
  std::optional<std::string> because;
};

// Luma of one stream over the whole file, native code values.
struct LumaLevels {
  int stream = 0;
  std::optional<Rational> min, p1, p50, p99, max;
  std::optional<std::string> because;
};

struct ActivePicture {
  int stream = 0;
  std::int64_t x = 0, y = 0, width = 0, height = 0;
};

// What the pictures of one stream themselves show of their scan; `because` says why something is
// not known.
struct PictureScan {
  int stream = 0;
  std::optional<std::string> scan, field_order, cadence, against_flags;
  std::optional<std::string> because;
};

// A pixel that is stuck or dead, and the frames in which that shows.
struct PixelDefect {
  int stream = 0;
  std::int64_t x = 0, y = 0;
  specs::Span span;
};

// Where picture and sound do not end together: the streams whose ends lie farthest apart.
struct EndsApart {
  Rational difference_s;
  int ends_first = 0, ends_last = 0;  // stream indexes
  bool notable = false;  // more than a frame of the picture and of coded sound: not a mere rounding
};

// One value a default measurement ran with: "picture.black", "level", "5 %".
struct DefaultParameter {
  std::string quantity, name, value;
};

struct PictureRuns {
  std::string name;
  std::vector<specs::Span> runs;
  std::vector<std::string> undecided;  // why some runs could not be told
  std::string none;                    // what a person reads where there is no run; empty: nothing
};

struct DeadPixels {
  std::optional<std::vector<PixelDefect>> found;  // nothing: of no stream are they known
  std::vector<std::string> undecided;             // why they, or some of them, are not
};

// What `measure` reports besides facts: quantities with their default parameters. An empty optional
// list was not looked for (the depth or the request left its rows out).
struct Measurements {
  // Runs of pictures: "black", "freeze" …, in the order they are shown.
  std::vector<PictureRuns> runs;
  std::optional<std::vector<SoundfieldLoudness>> loudness;
  std::optional<std::vector<LumaLevels>> levels;
  std::optional<std::vector<ActivePicture>> active_picture;
  std::optional<std::vector<PictureScan>> scan;
  std::optional<DeadPixels> dead_pixels;
  std::optional<EndsApart> av_ends;  // absent without both, or where an end is not known
  std::vector<DefaultParameter> defaults;
};

[[nodiscard]] Measurements take_measurements(const specs::Evidence& evidence);

}  // namespace cleangate::app
