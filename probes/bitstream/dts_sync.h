// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace cleangate::probes {

// DTS Coherent Acoustics put bare into the 16-bit samples of a stereo PCM stream, as on DTS CDs and
// in their WAV copies. Played as sound it is noise. A frame begins with a sync word and a header
// (ETSI TS 102 114, 5.3), in words of 16 or of 14 bits and in either byte order. Sound that clips
// looks like the sync word too; here a frame counts only when its header is that of a whole frame
// and the next one begins just as far away as that header says, three times in a row.
class DtsDetector {
 public:
  // The next 16-bit word: samples of both channels in turn.
  void add(std::uint16_t word);
  [[nodiscard]] bool found() const { return found_; }

 private:
  struct Header {
    std::int64_t words = 0;  // that the samples of the frame take as PCM, two channels
    std::int64_t bytes = 0;  // of the frame itself
  };
  [[nodiscard]] std::optional<Header> header() const;  // of the last five words

  std::array<std::uint16_t, 5> last_{};  // words, the newest last
  Header header_;                        // of the frame seen last
  std::int64_t position_ = 0, frame_ = -1;
  int in_a_row_ = 0;
  bool found_ = false;
};

}  // namespace cleangate::probes
