// SPDX-License-Identifier: Apache-2.0
#pragma once

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

}  // namespace cleangate::probes
