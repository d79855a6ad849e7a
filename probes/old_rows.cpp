// SPDX-License-Identifier: Apache-2.0
#include "probes/old_rows.h"

#include <algorithm>
#include <iterator>

namespace cleangate::probes {

namespace {

// AVI and ASF state no presentation times of pictures that are shown later than decoded; bare
// streams state none at all. Other containers state them all.
bool times_were_guessed(const AssetFacts& facts, const SeriesId&) {
  static constexpr std::string_view kStateTimes[] = {"mov",  "mp4",    "mxf", "matroska",
                                                     "webm", "mpegts", "gxf", "flv"};
  return std::find(std::begin(kStateTimes), std::end(kStateTimes), facts.container.format) ==
         std::end(kStateTimes);
}

constexpr OldRow kOldRows[] = {
    {"video.frame_time", 1, OldRowMark::wrong, times_were_guessed,
     "Version 1 of video.frame_time put frames without a presentation time at wrong times; ingest "
     "the file again."},
    {"picture.signal", 1, OldRowMark::good, nullptr,
     "Version 1 of picture.signal read R'G'B' at more sites of a line (every second sample)."},
};

}  // namespace

std::span<const OldRow> old_rows() { return kOldRows; }

std::string_view wrong_with(std::span<const OldRow> marks, const AssetFacts& facts,
                            const SeriesId& rows) {
  for (const OldRow& one : marks)
    if (one.row == rows.row && one.version == rows.version && one.mark == OldRowMark::wrong &&
        (!one.is_wrong_for || one.is_wrong_for(facts, rows)))
      return one.because;
  return {};
}

}  // namespace cleangate::probes
