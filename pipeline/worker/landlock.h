// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace cleangate::worker {

struct LandlockOutcome {
  int abi = 0;         // the kernel's ABI when the rules hold, else 0
  std::string reason;  // why they do not
};

// Takes from the calling thread, for good, every right that this kernel's Landlock knows: all of
// the file system (ABI 1; 2 adds linking across directories, 3 truncation, 5 device ioctls), TCP
// (ABI 4), abstract sockets and signals to processes outside (ABI 6). Needs no_new_privs.
[[nodiscard]] LandlockOutcome deny_with_landlock();

}  // namespace cleangate::worker
