// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/audio_block.h"
#include "core/error.h"
#include "core/video_frame.h"
#include "pipeline/media/av/packet.h"
#include "pipeline/media/av/stream_info.h"

namespace cleangate::av {

// What libav reported while it decoded the packet `tag`, in its own words. Empty tag: the packet
// cannot be told.
struct DecodeError {
  std::optional<std::int64_t> tag;
  std::string text;
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes the comparison with 0 inside for one
  friend auto operator<=>(const DecodeError&, const DecodeError&) = default;
};

// A decoded picture, owned; `frame` is valid while it lives.
class Picture {
 public:
  struct Body;  // libav's
  explicit Picture(std::unique_ptr<Body> body);
  Picture(Picture&&) noexcept;
  Picture& operator=(Picture&&) noexcept;
  ~Picture();

  VideoFrame frame;
  std::int64_t tag = 0;  // of the packet it was decoded from
  bool damaged = false;  // corrupt, concealed, or decoded from missing references
  bool key = false;
  bool interlaced = false;
  bool measurable = true;  // false: `frame.layout` cannot be told, `because` says why
  std::string because;
  std::size_t bytes = 0;  // memory held

 private:
  std::unique_ptr<Body> body_;
};

// Pictures of one stream. `threads` is libav's own frame (or slice) threading.
class VideoDecoder {
 public:
  [[nodiscard]] static Expected<std::unique_ptr<VideoDecoder>> open(const StreamInfo& stream,
                                                                    int threads);
  virtual ~VideoDecoder() = default;
  // Tags grow within a run. Pictures come out in presentation order. A packet marked discard is
  // decoded as any other; whoever gets the picture knows by the tag.
  virtual void decode(const Packet& packet, std::int64_t tag, std::vector<Picture>& out) = 0;
  virtual void drain(std::vector<Picture>& out) = 0;  // the run has ended
  virtual void reset() = 0;                           // ready for another random-access point
  // The next packet begins another sequence in the same run: what is held back comes out.
  virtual void restart(std::vector<Picture>& out) = 0;
  [[nodiscard]] virtual std::vector<DecodeError> take_errors() = 0;
  [[nodiscard]] virtual probes::VideoClaims claims() const = 0;  // once a picture came out
};

// Samples of one stream, in order. Bit exact as far as the codec allows; no dynamic range control,
// no dialogue normalization, no downmix: what is coded at full scale.
class AudioDecoder {
 public:
  struct Sink {
    virtual ~Sink() = default;
    virtual void block(const AudioBlock& block) = 0;  // first_sample counts from 0 over the stream
  };
  [[nodiscard]] static Expected<std::unique_ptr<AudioDecoder>> open(const StreamInfo& stream);
  virtual ~AudioDecoder() = default;
  virtual void decode(const Packet& packet, std::int64_t tag, Sink& sink) = 0;
  virtual void drain(Sink& sink) = 0;
  [[nodiscard]] virtual std::vector<DecodeError> take_errors() = 0;
  [[nodiscard]] virtual probes::AudioClaims claims() const = 0;
};

// "libavcodec 59.37.100, x86-64 AVX2" for DecodeFacts, with the CPU class float decoders depend on.
[[nodiscard]] std::string decoder_provenance();
// For tests: limits the CPU features libav uses (0 = plain C), -1 = all.
void limit_cpu_features(int flags);

}  // namespace cleangate::av
