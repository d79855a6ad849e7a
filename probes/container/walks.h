// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>

#include "probes/container/file_walk.h"

// One reader a format; null where its first bytes (32 of them) are of another. Internal to
// FileWalk.
namespace cleangate::probes {

using PartReaderPtr = std::unique_ptr<PartReader>;

[[nodiscard]] PartReaderPtr walk_mxf(std::span<const std::byte> head);
[[nodiscard]] PartReaderPtr walk_asf(std::span<const std::byte> head);
[[nodiscard]] PartReaderPtr walk_y4m(std::span<const std::byte> head);
[[nodiscard]] PartReaderPtr walk_dv(std::span<const std::byte> head);  // bare DIF sequences
[[nodiscard]] PartReaderPtr walk_dsf(std::span<const std::byte> head);
[[nodiscard]] PartReaderPtr walk_voc(std::span<const std::byte> head);
[[nodiscard]] PartReaderPtr walk_mlp(std::span<const std::byte> head);  // bare MLP and TrueHD

}  // namespace cleangate::probes
