// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probes/container/container.h"
#include "probes/container/table_reader.h"

// One reader a family of containers. Each fills what its tables tell and reports damage; none
// fails: a read error stays in the TableReader. Internal to read_container and its tests.
namespace cleangate::probes {

void read_mov(TableReader& reader, ContainerFindings& found);

}  // namespace cleangate::probes
