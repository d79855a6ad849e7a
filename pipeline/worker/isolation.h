// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace cleangate::worker {

// How a worker is shut in (docs/isolation.md).
enum class Isolation : std::uint8_t {
  automatic,  // as much as the kernel gives, told truthfully
  strict,     // everything, or the media is not opened
  off         // nothing
};

// What really held in the worker, as the worker proved it before it read a byte of the media.
struct IsolationReport {
  bool no_new_privs = false;
  int landlock_abi = 0;  // 0 = not applied
  bool seccomp = false;
  bool rlimits = false;
  bool single_threaded_at_start = false;
  std::string level;    // "full" | "partial" | "off"
  std::string missing;  // what could not be had, and why; empty when full
  friend bool operator==(const IsolationReport&, const IsolationReport&) = default;
};

}  // namespace cleangate::worker
