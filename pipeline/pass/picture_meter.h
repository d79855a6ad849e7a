// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "pipeline/media/av/decoder.h"
#include "pipeline/pass/presenter.h"
#include "pipeline/pass/tuning.h"

namespace cleangate::pass {

// Does any of them compare frames?
[[nodiscard]] bool read_pairs(const std::vector<const probes::PictureAnalyzer*>& analyzers);

// Sweeps decoded pictures and writes the rows of the wanted analyzers. One per task at a time.
class PictureMeter {
 public:
  PictureMeter(int stream, const std::vector<const probes::PictureAnalyzer*>& analyzers,
               const PassTuning& tuning);
  // `previous`: the picture presented before it, where it was decoded in the same run; else null.
  [[nodiscard]] FrameRecord measure(const av::Picture& picture, const av::Picture* previous);
  // What the record of `picture` tells of two frames, once the other is at hand.
  void join(FrameRecord& record, const av::Picture& picture, const av::Picture& previous);

 private:
  const int stream_;
  const std::vector<const probes::PictureAnalyzer*>& analyzers_;
  const PassTuning& tuning_;
  probes::FrameSweep sweep_;
};

}  // namespace cleangate::pass
