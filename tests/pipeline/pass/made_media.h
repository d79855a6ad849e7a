// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace cleangate::test {

// Clips made once by the ffmpeg program, kept in the build folder.
[[nodiscard]] bool have_ffmpeg();
// The path of a clip by its name, made when it is not there yet; aborts the test when ffmpeg fails.
[[nodiscard]] std::string made(const std::string& name);
// A file in the build folder made from a clip: `edit` changes its bytes.
[[nodiscard]] std::string altered(const std::string& name, const std::string& as,
                                  void (*edit)(std::vector<char>& bytes));
// A re-wrap: ffmpeg -c copy into another container.
[[nodiscard]] std::string rewrapped(const std::string& name, const std::string& as,
                                    const std::string& options = {});
// Files behind each other, byte by byte.
[[nodiscard]] std::string joined(const std::vector<std::string>& paths, const std::string& as);
// Another file made by ffmpeg from one that exists.
[[nodiscard]] std::string converted(const std::string& path, const std::string& as,
                                    const std::string& options,
                                    const std::string& input_options = {});
// What a command writes to its standard output.
[[nodiscard]] std::string output_of(const std::string& command);

}  // namespace cleangate::test

#define CLEANGATE_NEEDS_FFMPEG()         \
  if (!::cleangate::test::have_ffmpeg()) \
  GTEST_SKIP() << "no ffmpeg and ffprobe programs: no clips can be made"
