// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "probes/container/readers.h"

namespace cleangate::fuzz {

// One reader of tables over the input as a file, whatever its first bytes are.
inline void run_reader(void (*read)(probes::TableReader&, probes::ContainerFindings&),
                       const std::uint8_t* data, std::size_t size) {
  const auto source = memory_source(std::as_bytes(std::span(data, size)));
  probes::TableReader reader(*source);
  probes::ContainerFindings found;
  read(reader, found);
}

}  // namespace cleangate::fuzz
