// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cleangate {

// Names of files are bytes. `readable` is valid UTF-8 for people (invalid bytes become U+FFFD,
// control characters are escaped as \n, \x1b …) so that a name can neither break a line of output
// nor drive a terminal.
[[nodiscard]] bool is_utf8(std::string_view bytes);
// The name of a file, without its folders.
[[nodiscard]] inline std::string file_name(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));  // npos + 1 is 0
}
[[nodiscard]] std::string readable(std::string_view bytes);
// As `readable`, but keeps control characters (JSON escapes them itself).
[[nodiscard]] std::string to_valid_utf8(std::string_view bytes);
[[nodiscard]] std::string to_base64(std::string_view bytes);
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);
// The candidate nearest to a mistyped word (Damerau-Levenshtein, at most a third of its length),
// for "did you mean".
[[nodiscard]] std::optional<std::string> nearest(std::string_view word,
                                                 const std::vector<std::string>& candidates);

}  // namespace cleangate
