// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "probes/facts.h"
#include "specs/quantity.h"

// Streams, soundfields and captions as findings name them.
namespace cleangate::specs {

[[nodiscard]] const probes::StreamFacts* find_stream(const probes::AssetFacts& facts, int index);
[[nodiscard]] const probes::Soundfield* find_soundfield(const probes::AssetFacts& facts, int id);
// "stream 0", "soundfield 1 (5.1, en)", "captions 1 (a53)"; "" for the file.
[[nodiscard]] std::string name_of(const probes::AssetFacts& facts, const Subject& subject);
// "video stream", plural "video streams".
[[nodiscard]] std::string_view class_of(SubjectKind kind);
// "en" selects "en" and "en-GB" (RFC 4647, 3.3.1), without regard to case.
[[nodiscard]] bool language_matches(std::string_view range, std::string_view tag);

}  // namespace cleangate::specs
