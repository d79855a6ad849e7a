// SPDX-License-Identifier: Apache-2.0
#include "core/error.h"

#include <array>
#include <utility>

namespace cleangate {
namespace {

constexpr std::array<std::pair<ErrorCode, std::string_view>, 17> kNames{{
    {ErrorCode::usage, "usage"},
    {ErrorCode::not_found, "not_found"},
    {ErrorCode::permission, "permission"},
    {ErrorCode::not_a_file, "not_a_file"},
    {ErrorCode::empty_file, "empty_file"},
    {ErrorCode::not_media, "not_media"},
    {ErrorCode::unsupported, "unsupported"},
    {ErrorCode::damaged, "damaged"},
    {ErrorCode::io, "io"},
    {ErrorCode::invalid_profile, "invalid_profile"},
    {ErrorCode::unknown_spec, "unknown_spec"},
    {ErrorCode::protocol, "protocol"},
    {ErrorCode::crashed, "crashed"},
    {ErrorCode::timed_out, "timed_out"},
    {ErrorCode::out_of_memory, "out_of_memory"},
    {ErrorCode::refused, "refused"},
    {ErrorCode::cancelled, "cancelled"},
}};

}  // namespace

std::string_view to_string(ErrorCode code) {
  for (const auto& [value, name] : kNames)
    if (value == code) return name;
  return "internal";
}

tl::expected<ErrorCode, std::string> parse_error_code(std::string_view text) {
  for (const auto& [value, name] : kNames)
    if (name == text) return value;
  if (text == "internal") return ErrorCode::internal;
  return tl::unexpected("There is no error code \"" + std::string(text) + "\".");
}

}  // namespace cleangate
