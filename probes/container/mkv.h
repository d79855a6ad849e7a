// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "probes/container/container.h"

namespace cleangate::probes {

// Content of the Tracks element (RFC 9559, 5.1.4) into `found`. Internal to the reader of Matroska.
void read_matroska_tracks(std::span<const std::byte> tracks, ContainerFindings& found);

}  // namespace cleangate::probes
