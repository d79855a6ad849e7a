// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace cleangate::worker {

// Restricts the calling thread and all it will start to the system calls that computing, memory,
// threads and reading open descriptors need. Everything else fails with EPERM; what only an attack
// would call ends the process with SIGSYS. Returns why it could not be had; empty when it holds.
[[nodiscard]] std::string restrict_system_calls();

}  // namespace cleangate::worker
