// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "pipeline/worker/isolation.h"

// What a worker gives up before it reads a byte of the media (docs/isolation.md).
namespace cleangate::worker {

struct SandboxLimits {
  int first_closed_descriptor = 3;        // this one and all above are closed
  int descriptors = 16;                   // RLIMIT_NOFILE
  std::uint64_t address_space_bytes = 0;  // RLIMIT_AS; 0: none
  std::uint64_t cpu_seconds = 0;          // RLIMIT_CPU, soft (hard: some more); 0: none
};

// Enters the sandbox and tells what of it holds. To be called once, by the only thread there is.
// With Isolation::off only the descriptors are closed.
[[nodiscard]] IsolationReport enter_sandbox(Isolation isolation, const SandboxLimits& limits);

}  // namespace cleangate::worker
