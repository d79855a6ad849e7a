// SPDX-License-Identifier: Apache-2.0
#include "tests/support/shared_media.h"

#include <cstdlib>

namespace cleangate::test {

std::optional<std::filesystem::path> shared_media() {
  if (const char* named = std::getenv("CLEANGATE_MEDIA"); named && *named) {
    if (std::filesystem::is_directory(named)) return named;
    return std::nullopt;
  }
  const std::filesystem::path beside =
      std::filesystem::path(CLEANGATE_SOURCE_DIR) / ".." / "shared" / "media";
  if (std::filesystem::is_directory(beside)) return std::filesystem::weakly_canonical(beside);
  return std::nullopt;
}

}  // namespace cleangate::test
