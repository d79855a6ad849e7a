// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "probes/container/table_reader.h"

// What people put behind the end of a file of any format. Internal to the readers.
namespace cleangate::probes {

// The end of the file without the tags that stand there: ID3v1 (the last 128 bytes, "TAG") and
// APEv2 (its footer begins with "APETAGEX").
[[nodiscard]] std::uint64_t end_before_tags(TableReader& reader);

// From `from` to the end there are only such tags and zeros (16 MiB at most): no essence, and none
// lost.
[[nodiscard]] bool only_tags_or_padding(TableReader& reader, std::uint64_t from);

}  // namespace cleangate::probes
