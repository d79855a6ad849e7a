// SPDX-License-Identifier: Apache-2.0
#include "dam/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <thread>
#include <utility>

#include "core/text.h"
#include "dam/sqlite.h"

namespace cleangate::dam {
namespace {

[[noreturn]] void throw_errno(const std::string& path, std::string_view what, int error) {
  ErrorCode code = ErrorCode::io;
  if (error == ENOENT) code = ErrorCode::not_found;
  if (error == EACCES || error == EPERM || error == EROFS) code = ErrorCode::permission;
  const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
  throw_failure(
      code,
      fmt::format("{} {}: {}.{}", readable(path), what, std::strerror(error),
                  full ? " What was acknowledged is safe; free space and run this again." : ""));
}

}  // namespace

File::~File() {
  if (descriptor_ >= 0) close(descriptor_);
}
File::File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

File open_file(const std::string& path, int flags, unsigned mode) {
  for (;;) {
    const int descriptor = open(path.c_str(), flags | O_CLOEXEC, mode);
    if (descriptor >= 0) return File(descriptor);
    if (errno != EINTR) throw_errno(path, "cannot be opened", errno);
  }
}

void write_all(const File& file, const std::string& path, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw_errno(path, "cannot be written", errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void sync_file(const File& file, const std::string& path) {
  if (fsync(file.get()) != 0) throw_errno(path, "cannot be made durable", errno);
}

void sync_directory(const std::string& directory) {
  sync_file(open_file(directory, O_RDONLY | O_DIRECTORY), directory);
}

void sync_all(std::span<const File> files, const std::string& where) {
  constexpr std::size_t kThreads = 8;
  std::atomic<std::size_t> next{0};
  std::atomic<int> error{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < files.size(); i = next++)
      if (fsync(files[i].get()) != 0) error = errno;
  };
  {
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < std::min(kThreads, files.size()); ++i) helpers.emplace_back(work);
    work();
  }
  if (error != 0) throw_errno(where, "cannot be made durable", error);
}

void sync_directories(const std::vector<std::string>& directories) {
  std::vector<File> open;
  for (const std::string& directory : directories)
    open.push_back(open_file(directory, O_RDONLY | O_DIRECTORY));
  if (!open.empty()) sync_all(open, directories.front());
}

void make_directories(const std::string& directory) {
  struct stat about {};
  if (directory.empty() || (stat(directory.c_str(), &about) == 0 && S_ISDIR(about.st_mode))) return;
  const std::string parent = directory_of(directory);
  if (parent != directory) make_directories(parent);
  if (mkdir(directory.c_str(), 0777) != 0 && errno != EEXIST)
    throw_errno(directory, "cannot be made", errno);
  sync_directory(parent);
}

void rename_file(const std::string& from, const std::string& to) {
  if (rename(from.c_str(), to.c_str()) != 0) throw_errno(to, "cannot be put in place", errno);
}

std::vector<std::byte> read_file(const std::string& path) {
  const File file = open_file(path, O_RDONLY);
  struct stat about {};
  if (fstat(file.get(), &about) != 0) throw_errno(path, "cannot be read", errno);
  std::vector<std::byte> bytes(static_cast<std::size_t>(about.st_size));
  unwrap(read_at(file.get(), 0, bytes));
  return bytes;
}

Expected<void> read_at(int descriptor, std::uint64_t offset, std::span<std::byte> into) {
  while (!into.empty()) {
    const ssize_t got = pread(descriptor, into.data(), into.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      return fail(ErrorCode::io, fmt::format("Reading failed: {}.", std::strerror(errno)));
    if (got == 0) return fail(ErrorCode::damaged, "The file ends too early.");
    into = into.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
  return {};
}

std::optional<std::uint64_t> file_size(const std::string& path) {
  struct stat about {};
  if (lstat(path.c_str(), &about) != 0 || !S_ISREG(about.st_mode)) return std::nullopt;
  return static_cast<std::uint64_t>(about.st_size);
}

std::string directory_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string absolute_path(const std::string& path) {
  std::error_code error;
  const auto resolved = std::filesystem::weakly_canonical(path, error);
  if (!error && resolved.is_absolute()) return resolved.string();
  const auto absolute = std::filesystem::absolute(path, error);
  return error ? path : absolute.lexically_normal().string();
}

std::string absolute_place(const std::string& path) {
  const std::filesystem::path given(path);
  const std::string name = given.filename().string();
  if (name.empty() || name == "." || name == "..") return absolute_path(path);
  const std::string folder = given.has_parent_path() ? given.parent_path().string() : ".";
  return (std::filesystem::path(absolute_path(folder)) / name).string();
}

Sha256 sha256_of(std::span<const std::byte> bytes) {
  Sha256 digest;
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.bytes.data(), &size, EVP_sha256(), nullptr) !=
      1)
    throw_failure(ErrorCode::internal, "SHA-256 is not to be had from libcrypto.");
  return digest;
}

Sha256 sha256_of(std::string_view text) { return sha256_of(std::as_bytes(std::span(text))); }

std::vector<std::byte> pack(std::string_view text) {
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(),
                                                                     &ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, 6);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::vector<std::byte> packed(ZSTD_compressBound(text.size()));
  const std::size_t size =
      ZSTD_compress2(context.get(), packed.data(), packed.size(), text.data(), text.size());
  if (ZSTD_isError(size)) throw_failure(ErrorCode::out_of_memory, "A document cannot be packed.");
  packed.resize(size);
  return packed;
}

Expected<std::string> unpack(std::span<const std::byte> packed, std::size_t limit) {
  const unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > limit)
    return fail(ErrorCode::damaged, "A packed document of the catalog is damaged.");
  std::string text(static_cast<std::size_t>(size), '\0');
  const std::size_t got = ZSTD_decompress(text.data(), text.size(), packed.data(), packed.size());
  if (ZSTD_isError(got) || got != text.size())
    return fail(ErrorCode::damaged,
                fmt::format("A packed document of the catalog is damaged: {}.",
                            ZSTD_isError(got) ? ZSTD_getErrorName(got) : "its length is wrong"));
  return text;
}

}  // namespace cleangate::dam
