// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "probes/container/byte_cursor.h"
#include "probes/container/container.h"
#include "probes/container/table_reader.h"

// Chunks of RIFF (little-endian sizes) and IFF (big-endian). Internal to the readers of WAVE, AVI
// and AIFF.
namespace cleangate::probes {

struct RiffChunk {
  std::uint32_t id = 0;                            // as fourcc()
  std::uint64_t start = 0, content = 0, size = 0;  // chunks are padded to even sizes
};

enum class RiffOrder : std::uint8_t { little, big };

// Nothing where fewer than eight bytes are left.
[[nodiscard]] std::optional<RiffChunk> read_chunk(TableReader& reader, std::uint64_t at,
                                                  RiffOrder order);
void report_short_chunk(std::uint64_t missing, std::uint32_t id, ContainerFindings& found);

// `fmt `, `bext` and the presence of metadata chunks.
void read_wave_chunk(TableReader& reader, const RiffChunk& chunk, TrackFindings& track,
                     ContainerFindings& found);

}  // namespace cleangate::probes
