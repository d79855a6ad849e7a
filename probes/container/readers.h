// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "probes/container/container.h"
#include "probes/container/table_reader.h"

// One reader a family of containers. Each fills what its tables tell and reports damage; none
// fails: a read error stays in the TableReader. Internal to read_container and its tests.
namespace cleangate::probes {

void read_mov(TableReader& reader, ContainerFindings& found);
// Searches the run-in; leaves `found` as it is where there is no header partition.
void read_mxf(TableReader& reader, ContainerFindings& found);
void read_wave(TableReader& reader, ContainerFindings& found);  // RIFF, RF64, BW64
void read_avi(TableReader& reader, ContainerFindings& found);
void read_aiff(TableReader& reader, ContainerFindings& found);
void read_matroska(TableReader& reader, ContainerFindings& found);  // and WebM

[[nodiscard]] bool is_transport_stream(std::span<const std::byte> head);  // of 1 KiB or less
void read_transport_stream(TableReader& reader, ContainerFindings& found);
void read_program_stream(TableReader& reader, ContainerFindings& found);
void read_ogg(TableReader& reader, ContainerFindings& found);
void read_flac(TableReader& reader, ContainerFindings& found);
void read_mp3(TableReader& reader, ContainerFindings& found);
// Leaves `found` as it is unless frames follow each other as far as it looks (64 KiB).
void read_mp3_behind_junk(TableReader& reader, ContainerFindings& found);
void read_caf(TableReader& reader, ContainerFindings& found);
void read_wave64(TableReader& reader, ContainerFindings& found);

}  // namespace cleangate::probes
