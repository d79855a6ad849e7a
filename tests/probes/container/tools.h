// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// Independent readers and writers of media, run as programs.
namespace cleangate::test {

// `text` as one word of the shell, whatever it holds.
inline std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// Standard output of a shell command, or nothing when it fails.
inline std::optional<std::string> output_of(const std::string& command) {
  const auto close = [](std::FILE* pipe) { return pipe ? pclose(pipe) : -1; };
  std::FILE* pipe = popen((command + " 2>/dev/null").c_str(), "r");
  if (!pipe) return std::nullopt;
  std::string out;
  std::array<char, 4'096> buffer{};
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe))
    out.append(buffer.data(), got);
  if (close(pipe) != 0) return std::nullopt;
  return out;
}

inline bool has_tool(const std::string& name) {
  return output_of("command -v " + name).has_value();
}

// A folder of the build tree for files made by the tests.
inline std::filesystem::path made_media() {
  const std::filesystem::path folder =
      std::filesystem::path(CLEANGATE_BINARY_DIR) / "tests" / "container_media";
  std::filesystem::create_directories(folder);
  return folder;
}

// Makes a file with the ffmpeg program, once; the command's last word is the file. Nothing where it
// cannot be made (a codec is missing).
inline std::optional<std::filesystem::path> made_by_ffmpeg(const std::string& name,
                                                           const std::string& arguments) {
  const auto path = made_media() / name;
  if (std::filesystem::exists(path) && std::filesystem::file_size(path) > 0) return path;
  const auto part = made_media() / ("part_" + name);
  if (!output_of("ffmpeg -v error -nostdin -y " + arguments + " " + quoted(part.string())))
    return std::nullopt;
  std::filesystem::rename(part, path);
  return path;
}

}  // namespace cleangate::test

// In a TEST: skips, and says why, without the program.
#define CLEANGATE_NEEDS_TOOL(name) \
  if (!::cleangate::test::has_tool(name)) GTEST_SKIP() << "the program " name " is not installed"
