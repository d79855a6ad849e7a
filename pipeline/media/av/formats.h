// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to this room: which of libav's demuxers may touch a hostile file.

#include <string_view>

#include "core/byte_source.h"
#include "pipeline/media/av/libav.h"

namespace cleangate::av {

// The names libav may open: single files that carry their own essence. Playlists, image sequences,
// devices, network descriptions, scripts and generators are not among them.
[[nodiscard]] const char* format_whitelist();
[[nodiscard]] bool is_allowed(const char* demuxer_names);

// The demuxer for the file's first bytes. not_media when none recognizes it, unsupported when only
// one that is not allowed does.
[[nodiscard]] Expected<const AVInputFormat*> recognize(ByteSource& source);
// The demuxer for a format in the contract's words; unsupported when there is none.
[[nodiscard]] Expected<const AVInputFormat*> demuxer_for(std::string_view format);

}  // namespace cleangate::av
