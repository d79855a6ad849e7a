// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "probes/facts/format_changes.h"

namespace cleangate::probes {

// The form of each picture (or run of sound) in turn; kept are the first one, with its place 0, and
// each that differs from the one before it.
template <class Format, std::int64_t Format::*Place>
class FormatTrack {
 public:
  void see(Format seen, std::int64_t at) {
    seen.*Place = 0;
    if (now_ == seen) return;
    now_ = seen;
    if (formats_.size() >= kFormatsKept) return;
    seen.*Place = formats_.empty() ? 0 : at;
    formats_.push_back(std::move(seen));
  }
  [[nodiscard]] const std::vector<Format>& formats() const { return formats_; }

 private:
  std::optional<Format> now_;
  std::vector<Format> formats_;
};

// One object for all pictures of a form that follow each other.
class SharedFormat {
 public:
  [[nodiscard]] const std::shared_ptr<const PictureFormat>& of(PictureFormat format) {
    if (!format_ || *format_ != format)
      format_ = std::make_shared<const PictureFormat>(std::move(format));
    return format_;
  }

 private:
  std::shared_ptr<const PictureFormat> format_;
};

using PictureFormatTrack = FormatTrack<PictureFormat, &PictureFormat::first_frame>;
using SoundFormatTrack = FormatTrack<SoundFormat, &SoundFormat::first_sample>;

}  // namespace cleangate::probes
