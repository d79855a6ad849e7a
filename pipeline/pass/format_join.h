// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "probes/bitstream/format_track.h"
#include "probes/facts/format_changes.h"

namespace cleangate::pass {

// The forms of a stream's pictures in presentation order, as decoder and headers tell them
// together: the size is what came out; of the rest the headers outrank the decoder, which may hold
// on to what an earlier one said and knows nothing of the profile.
class FormatJoin {
 public:
  using Format = probes::PictureFormat;

  // The decoder tells color and pixel shape of every frame anew, and "unspecified" is its word. Of
  // other decoders it is silence: what was said before holds, since they may begin anew anywhere.
  void decoder_tells_anew() { silence_is_told_ = true; }
  // A frame as it was decoded (width 0: not known), what the headers of its packet say (may be
  // null), and the number of presented frames before it.
  void see(Format decoded, const std::shared_ptr<const Format>& headers, std::int64_t at);
  [[nodiscard]] const std::vector<Format>& formats() const { return track_.formats(); }

 private:
  void hold_on(Format& decoded);

  probes::PictureFormatTrack track_;
  std::shared_ptr<const Format> headers_;  // of the newest frame that has any
  ColorDescription color_;                 // the decoder's, of the newest frame
  std::optional<Rational> pixel_aspect_;
  bool silence_is_told_ = false;
};

}  // namespace cleangate::pass
