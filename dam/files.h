// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/digest.h"
#include "core/error.h"

// Files of ours on disk, written so that they survive a power cut. Failures are thrown
// (dam/sqlite.h).
namespace cleangate::dam {

// An open descriptor, closed when it goes out of scope.
class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File();
  File(File&& other) noexcept;
  File& operator=(File&&) = delete;
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

// Throws not_found, permission or io with the path and the system's text.
[[nodiscard]] File open_file(const std::string& path, int flags, unsigned mode = 0666);
void write_all(const File& file, const std::string& path, std::span<const std::byte> bytes);
// A failed fsync is final: the file is never taken for written (the kernel drops the dirty pages
// and reports it once).
void sync_file(const File& file, const std::string& path);
void sync_directory(const std::string& directory);
// fsyncs many at once, from several threads: the file system then commits them together.
void sync_all(std::span<const File> files, const std::string& where);
void sync_directories(const std::vector<std::string>& directories);
// Makes a folder and those above it that are missing, each fsynced into its parent.
void make_directories(const std::string& directory);
void rename_file(const std::string& from, const std::string& to);
[[nodiscard]] std::vector<std::byte> read_file(const std::string& path);
// Exactly `into.size()` bytes at `offset`, or an error (`damaged` when the file ends before).
[[nodiscard]] Expected<void> read_at(int descriptor, std::uint64_t offset,
                                     std::span<std::byte> into);
[[nodiscard]] std::optional<std::uint64_t> file_size(const std::string& path);  // regular files
[[nodiscard]] std::string directory_of(const std::string& path);
// Absolute, `.` and `..` and links resolved as far as the path exists.
[[nodiscard]] std::string absolute_path(const std::string& path);
// The same for a place where a file was met: links on the way are followed, so that ".." behind one
// leads where the system says; the name itself is kept, because a link has a name of its own.
[[nodiscard]] std::string absolute_place(const std::string& path);

[[nodiscard]] Sha256 sha256_of(std::span<const std::byte> bytes);
[[nodiscard]] Sha256 sha256_of(std::string_view text);

// zstd, one frame with a checksum. `unpack` refuses what does not unpack to at most `limit` bytes.
[[nodiscard]] std::vector<std::byte> pack(std::string_view text);
[[nodiscard]] Expected<std::string> unpack(std::span<const std::byte> packed, std::size_t limit);

}  // namespace cleangate::dam
