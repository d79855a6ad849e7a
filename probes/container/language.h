// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cleangate::probes {

// A language as containers write it (ISO 639-2 terminological or bibliographic, ISO 639-1, or a
// BCP 47 tag already) as a BCP 47 tag: the shortest code (RFC 5646, 2.2.1), subtags in their
// conventional case: "ger" -> "de", "EN-us" -> "en-US". "und", "" and what is no tag -> nothing.
[[nodiscard]] std::optional<std::string> bcp47(std::string_view text);

// The language field of `mdhd`: three packed ISO 639-2/T letters (ISO/IEC 14496-12, 8.4.2), or, in
// QuickTime files, a Macintosh language code below 0x400 (0 is English; 0x7fff is unspecified).
enum class LanguageField : std::uint8_t { iso, quicktime };
[[nodiscard]] std::optional<std::string> bcp47_of_mdhd(std::uint16_t code, LanguageField field);

}  // namespace cleangate::probes
