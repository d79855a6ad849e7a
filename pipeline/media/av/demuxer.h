// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/byte_source.h"
#include "core/error.h"
#include "core/rational.h"
#include "pipeline/media/av/packet.h"
#include "pipeline/media/av/stream_info.h"

namespace cleangate::av {

// How much may be read to learn what the tables do not tell (streams of MPEG-TS, MPEG-PS and raw
// elementary streams): the packets read for it are handed out by `next` afterwards, no byte is
// read twice.
struct DemuxLimits {
  std::int64_t discovery_bytes = 5 << 20;
  // The format that the file is known to be, in the contract's words ("mp3", "mov"); empty lets
  // the first bytes decide.
  std::string format;
  // PCM of the first stream: bits of a word, and of the sample in its upper part, where the tables
  // tell both. libav goes by the sample's alone and reads words of that size.
  int pcm_word_bits = 0, pcm_sample_bits = 0;
};

// Whether libav's demuxer of this name list reads this format of ours. What we have no word for
// agrees with every demuxer.
[[nodiscard]] bool reads_format(std::string_view demuxer_names, std::string_view format);

// One file, read once in file order through a ByteSource. Opens nothing else: no protocol, no
// external reference, no playlist.
class Demuxer {
 public:
  // Sees every run of bytes taken from the source, with its offset.
  using ReadObserver = std::function<void(std::uint64_t offset, std::span<const std::byte>)>;
  [[nodiscard]] static Expected<std::unique_ptr<Demuxer>> open(ByteSource& source,
                                                               const DemuxLimits& limits,
                                                               ReadObserver observer);
  virtual ~Demuxer() = default;

  [[nodiscard]] virtual const std::string& format() const = 0;  // libav's short name list
  [[nodiscard]] virtual std::optional<Rational> duration_s() const = 0;
  // Grows while packets are read: some formats reveal streams late. References stay valid.
  [[nodiscard]] virtual int stream_count() const = 0;
  [[nodiscard]] virtual const StreamInfo& stream(int index) const = 0;

  // True where streams were found by reading packets, not in tables.
  [[nodiscard]] virtual bool discovered() const = 0;

  // The next packet; nothing at the end of the file. After an error the call may be repeated: the
  // demuxer goes on behind the damage where it can.
  [[nodiscard]] virtual Expected<std::optional<Packet>> next() = 0;
  // What libav said of the container since the last call, in its own words.
  [[nodiscard]] virtual std::vector<std::string> take_log() = 0;
};

}  // namespace cleangate::av
