// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "probes/facts.h"

// The contract's words for the enumerations of facts.h, in the order of their enumerators.
namespace cleangate::probes {

inline constexpr std::array<std::string_view, 3> kDepths{"header", "packets", "decode"};
inline constexpr std::array<std::string_view, 5> kStreamKinds{"video", "audio", "captions",
                                                              "timecode", "data"};
inline constexpr std::array<std::string_view, 3> kScans{"progressive", "interlaced", "mixed"};
inline constexpr std::array<std::string_view, 2> kFieldOrders{"top", "bottom"};
inline constexpr std::array<std::string_view, 2> kRateModes{"constant", "variable"};
inline constexpr std::array<std::string_view, 2> kBitRateModes{"constant", "variable"};
inline constexpr std::array<std::string_view, 7> kTimecodeSources{
    "material_package", "file_package", "system_item", "tmcd", "gop", "sei", "bext"};
inline constexpr std::array<std::string_view, 6> kGroupings{"mca",     "container", "sidecar",
                                                            "profile", "user",      "assumed"};
inline constexpr std::array<std::string_view, 9> kStatuses{
    "measured", "partial",   "unreadable",    "not_media", "refused",
    "crashed",  "timed_out", "out_of_memory", "cancelled"};

template <class Enum, std::size_t N>
[[nodiscard]] constexpr std::string_view name_of(const std::array<std::string_view, N>& names,
                                                 Enum value) {
  return names.at(static_cast<std::size_t>(value));
}

template <class Enum, std::size_t N>
[[nodiscard]] constexpr std::optional<Enum> value_of(const std::array<std::string_view, N>& names,
                                                     std::string_view text) {
  for (std::size_t i = 0; i < N; ++i)
    if (names[i] == text) return static_cast<Enum>(i);
  return std::nullopt;
}

}  // namespace cleangate::probes
