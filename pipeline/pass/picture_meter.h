// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "pipeline/media/av/decoder.h"
#include "pipeline/pass/presenter.h"
#include "pipeline/pass/tuning.h"

namespace cleangate::pass {

// Sweeps decoded pictures and writes the rows of the wanted analyzers. One per task at a time.
class PictureMeter {
 public:
  PictureMeter(int stream, const std::vector<const probes::PictureAnalyzer*>& analyzers,
               const PassTuning& tuning);
  [[nodiscard]] FrameRecord measure(const av::Picture& picture);

 private:
  const int stream_;
  const std::vector<const probes::PictureAnalyzer*>& analyzers_;
  const PassTuning& tuning_;
  bool keeps_sweeps_ = false;
  std::unique_ptr<probes::FrameSweep> sweep_;
};

}  // namespace cleangate::pass
