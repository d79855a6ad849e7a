// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>

namespace cleangate::test {

// Real media with independent ground truth: $CLEANGATE_MEDIA, else ../shared/media beside the
// checkout. Tests that need it skip and say so.
[[nodiscard]] std::optional<std::filesystem::path> shared_media();

}  // namespace cleangate::test

// In a TEST: CLEANGATE_SHARED_MEDIA(media); uses it as a std::filesystem::path from then on.
#define CLEANGATE_SHARED_MEDIA(name)                                                   \
  const auto name##_found = ::cleangate::test::shared_media();                         \
  if (!name##_found)                                                                   \
    GTEST_SKIP() << "no real media: set CLEANGATE_MEDIA or put it at ../shared/media"; \
  const std::filesystem::path& name = *name##_found
