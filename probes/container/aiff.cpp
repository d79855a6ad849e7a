// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "probes/container/channel_labels.h"
#include "probes/container/mov_track.h"
#include "probes/container/readers.h"
#include "probes/container/riff.h"
#include "probes/container/tail.h"

// AIFF and AIFF-C (Apple, "Audio Interchange File Format").
namespace cleangate::probes {
namespace {

// 80-bit IEEE extended, as sample rates are written; 0 for what is no sensible rate.
int read_extended_rate(ByteCursor& cursor) {
  const int exponent = (cursor.u16() & 0x7fff) - 16'383;
  const std::uint64_t mantissa = cursor.u64();
  if (!cursor.ok() || exponent < 0 || exponent > 30) return 0;
  return static_cast<int>(mantissa >> (63 - exponent));
}

bool is_pcm(std::uint32_t compression) {
  return compression == fourcc("NONE") || compression == fourcc("sowt") ||
         compression == fourcc("twos") || compression == fourcc("in24") ||
         compression == fourcc("in32") || compression == fourcc("fl32") ||
         compression == fourcc("FL32") || compression == fourcc("fl64") ||
         compression == fourcc("FL64") || compression == fourcc("raw ");
}

void read_comm(TableReader& reader, const RiffChunk& chunk, AudioClaims& audio) {
  const auto bytes = reader.read(chunk.content, std::min<std::uint64_t>(chunk.size, 22));
  ByteCursor cursor(bytes);
  const int channels = cursor.u16();
  cursor.skip(4);
  const int bits = cursor.u16();
  const int rate = read_extended_rate(cursor);
  if (!cursor.ok()) return;
  std::uint32_t compression = fourcc("NONE");
  if (chunk.size >= 22) {
    compression = cursor.u32();
    audio.codec_tag = fourcc_text(compression);
  }
  if (channels > 0) audio.channels = channels;
  if (rate > 0) audio.sample_rate = rate;
  if (is_pcm(compression) && bits > 0 && bits <= 64) audio.bit_depth = bits;
}

}  // namespace

void read_aiff(TableReader& reader, ContainerFindings& found) {
  found.format = "aiff";
  TrackFindings track;
  track.native_id = 1;
  track.kind = StreamKind::audio;
  std::uint64_t at = 12;
  for (int i = 0; i < 20'000 && at < reader.size(); ++i) {
    const auto chunk = read_chunk(reader, at, RiffOrder::big);
    if (!chunk || (chunk->id == 0 && chunk->size == 0)) break;
    const std::uint64_t end = chunk->content + chunk->size;
    if (end > reader.size() && only_tags_or_padding(reader, at)) break;
    if (end > reader.size()) report_short_chunk(end - reader.size(), chunk->id, found);
    if (chunk->id == fourcc("COMM")) read_comm(reader, *chunk, track.audio);
    if (chunk->id == fourcc("SSND")) found.essence_end = std::min(end, reader.size());
    if (chunk->id == fourcc("CHAN")) {
      const auto bytes = reader.read(chunk->content, std::min<std::uint64_t>(chunk->size, 4'096));
      // `CHAN` has no version field before its layout tag, unlike `chan`.
      std::vector<std::byte> with_version(4 + bytes.size());
      std::copy(bytes.begin(), bytes.end(), with_version.begin() + 4);
      track.audio.channel_labels = labels_of_chan(with_version, track.audio.channels.value_or(0));
      track.audio.channel_layout = layout_of(track.audio.channel_labels);
    }
    at = end + (chunk->size & 1);
  }
  found.tracks.push_back(std::move(track));
}

}  // namespace cleangate::probes
