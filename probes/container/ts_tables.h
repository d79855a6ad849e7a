// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "probes/container/byte_cursor.h"
#include "probes/container/container.h"

namespace cleangate::probes {

// Streams of one program from its map section (ISO/IEC 13818-1, 2.4.4.9), whose CRC holds, with the
// descriptors of EN 300 468, ATSC A/52 and A/65. Internal to the reader of MPEG-TS.
void read_program_map(std::span<const std::byte> section, int program, ContainerFindings& found);

}  // namespace cleangate::probes
