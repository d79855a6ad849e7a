// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.h"

namespace cleangate::dam {

// What kind of network file system statfs' f_type names ("NFS"), empty for local ones. `mount_type`
// (/proc/self/mountinfo) tells local FUSE ("fuseblk") from the rest.
[[nodiscard]] std::optional<std::string> network_file_system(std::uint64_t magic,
                                                             std::string_view mount_type);

// unsupported, with the reason and the way out, when `directory` lies on a network file system.
// `magic` overrides what statfs says (tests).
[[nodiscard]] Expected<void> require_local(const std::string& directory,
                                           std::optional<std::uint64_t> magic);

}  // namespace cleangate::dam
