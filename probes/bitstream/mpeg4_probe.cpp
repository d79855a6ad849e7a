// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "probes/bitstream/basic_probe.h"
#include "probes/bitstream/bit_reader.h"
#include "probes/bitstream/codec_probes.h"
#include "probes/bitstream/parameter_sets.h"
#include "probes/bitstream/start_codes.h"

namespace cleangate::probes {
namespace {

// ISO/IEC 14496-2: types of the video object planes (6.2.5). A packet of a "packed" stream holds
// two; the first is the one it is counted for.
class Mpeg4Probe final : public BasicProbe {
 public:
  explicit Mpeg4Probe(const StreamDescription& description) {
    video_.codec = description.codec;
    video_.chroma = "4:2:0";
    video_.bit_depth = 8;
    each_start_code(description.configuration,
                    [&](unsigned code, std::span<const std::byte> body) { note_set(code, body); });
  }

  PacketClass observe(const PacketView& packet) override {
    in_force_.begin_packet();
    char picture = '?';
    each_start_code(packet.bytes, [&](unsigned code, std::span<const std::byte> body) {
      note_set(code, body);
      if (code != 0xb6 || picture != '?' || body.empty()) return;
      picture = "IPBS"[byte_at(body, 0) >> 6];
      if (picture == 'S') picture = 'P';  // a sprite refers to the past
    });
    PacketClass result{RandomAccess::none, picture, picture == '?', false};
    if (picture == 'I') result.access = RandomAccess::open;
    result.changes_sets = in_force_.changed();
    result.restates_sets = in_force_.restated();
    return result;
  }

 private:
  // Visual objects (color) and video object layers (size, shape of the pixels, tools).
  void note_set(unsigned code, std::span<const std::byte> body) {
    if (code == 0xb5 || (code >= 0x20 && code <= 0x2f))
      in_force_.see(static_cast<int>(code), 0, body);
  }

  ParameterSetTrack in_force_;
};

}  // namespace

std::unique_ptr<StreamProbe> make_mpeg4_probe(const StreamDescription& description) {
  return std::make_unique<Mpeg4Probe>(description);
}

}  // namespace cleangate::probes
