// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "probes/bitstream/stream_probe.h"

// One probe a codec family; `make_stream_probe` chooses by libav's codec name.
namespace cleangate::probes {

[[nodiscard]] std::unique_ptr<StreamProbe> make_h264_probe(const StreamDescription& description);
[[nodiscard]] std::unique_ptr<StreamProbe> make_hevc_probe(const StreamDescription& description);
[[nodiscard]] std::unique_ptr<StreamProbe> make_mpeg2_probe(const StreamDescription& description);
[[nodiscard]] std::unique_ptr<StreamProbe> make_mpeg4_probe(const StreamDescription& description);
[[nodiscard]] std::unique_ptr<StreamProbe> make_prores_probe(const StreamDescription& description);
[[nodiscard]] std::unique_ptr<StreamProbe> make_dnx_probe(const StreamDescription& description);
[[nodiscard]] std::unique_ptr<StreamProbe> make_jpeg2000_probe(
    const StreamDescription& description);
[[nodiscard]] std::unique_ptr<StreamProbe> make_ffv1_probe(const StreamDescription& description);
[[nodiscard]] std::unique_ptr<StreamProbe> make_theora_probe(const StreamDescription& description);
[[nodiscard]] std::unique_ptr<StreamProbe> make_vp8_probe(const StreamDescription& description);
[[nodiscard]] std::unique_ptr<StreamProbe> make_vp9_probe(const StreamDescription& description);
[[nodiscard]] std::unique_ptr<StreamProbe> make_av1_probe(const StreamDescription& description);
// Uncompressed and other codecs of which every packet is one intra frame; null when `codec` is
// none.
[[nodiscard]] std::unique_ptr<StreamProbe> make_intra_probe(const StreamDescription& description);
[[nodiscard]] std::unique_ptr<StreamProbe> make_flac_probe(const StreamDescription& description);
// Null for other codecs.
[[nodiscard]] std::unique_ptr<StreamProbe> make_pcm_probe(const StreamDescription& description);
// AAC, AC-3, E-AC-3, MPEG audio, Opus, ALAC; null when `codec` is none of them.
[[nodiscard]] std::unique_ptr<StreamProbe> make_coded_audio_probe(
    const StreamDescription& description);

}  // namespace cleangate::probes
