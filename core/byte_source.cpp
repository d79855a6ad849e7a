// SPDX-License-Identifier: Apache-2.0
#include "core/byte_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <vector>

#include "core/text.h"

namespace cleangate {
namespace {

std::string reason(int number) {
  char text[128];
  return strerror_r(number, text, sizeof text);
}

class DescriptorSource final : public ByteSource {
 public:
  DescriptorSource(int descriptor, std::uint64_t size) : descriptor_(descriptor), size_(size) {}
  ~DescriptorSource() override { ::close(descriptor_); }
  DescriptorSource(const DescriptorSource&) = delete;
  DescriptorSource& operator=(const DescriptorSource&) = delete;

  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] std::uint64_t bytes_read() const override {
    return read_.load(std::memory_order_relaxed);
  }

  [[nodiscard]] Expected<std::size_t> read_at(std::uint64_t offset,
                                              std::span<std::byte> into) override {
    if (offset >= size_) return std::size_t{0};
    std::size_t done = 0;
    while (done < into.size()) {
      const ssize_t count = ::pread(descriptor_, into.data() + done, into.size() - done,
                                    static_cast<off_t>(offset + done));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0)
        return fail(ErrorCode::io, fmt::format("Reading {} bytes at byte {} failed: {}.",
                                               into.size(), offset, reason(errno)));
      if (count == 0) break;
      done += static_cast<std::size_t>(count);
    }
    read_.fetch_add(done, std::memory_order_relaxed);
    return done;
  }

 private:
  int descriptor_;
  std::uint64_t size_;
  std::atomic<std::uint64_t> read_{0};
};

class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::span<const std::byte> bytes) : bytes_(bytes.begin(), bytes.end()) {}
  [[nodiscard]] std::uint64_t size() const override { return bytes_.size(); }
  [[nodiscard]] std::uint64_t bytes_read() const override {
    return read_.load(std::memory_order_relaxed);
  }
  [[nodiscard]] Expected<std::size_t> read_at(std::uint64_t offset,
                                              std::span<std::byte> into) override {
    if (offset >= bytes_.size()) return std::size_t{0};
    const std::size_t count =
        std::min<std::size_t>(into.size(), bytes_.size() - static_cast<std::size_t>(offset));
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), count, into.begin());
    read_.fetch_add(count, std::memory_order_relaxed);
    return count;
  }

 private:
  std::vector<std::byte> bytes_;
  std::atomic<std::uint64_t> read_{0};
};

ErrorCode code_for(int number) {
  switch (number) {
    case ENOENT:
    case ENOTDIR:
      return ErrorCode::not_found;
    case EACCES:
    case EPERM:
      return ErrorCode::permission;
    case EISDIR:
    case ENXIO:
      return ErrorCode::not_a_file;
    default:
      return ErrorCode::io;
  }
}

std::string advice(ErrorCode code) {
  switch (code) {
    case ErrorCode::not_found:
      return "Check the path.";
    case ErrorCode::permission:
      return "Give this user the right to read it.";
    default:
      return "Check the storage it lies on.";
  }
}

std::string kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

Expected<std::uint64_t> size_of_file(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0)
    return fail(ErrorCode::io, fmt::format("The file cannot be examined: {}.", reason(errno)));
  if (!S_ISREG(status.st_mode))
    return fail(ErrorCode::not_a_file,
                fmt::format("It is {}, not a file; name a media file.", kind_of(status.st_mode)));
  return static_cast<std::uint64_t>(status.st_size);
}

}  // namespace

Expected<std::unique_ptr<ByteSource>> open_descriptor(int descriptor) {
  const auto size = size_of_file(descriptor);
  if (!size) {
    ::close(descriptor);
    return tl::unexpected(size.error());
  }
  return std::make_unique<DescriptorSource>(descriptor, *size);
}

Expected<int> open_read_only(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (descriptor < 0) {
    const int number = errno;
    const ErrorCode code = code_for(number);
    return fail(code, fmt::format("{} cannot be opened: {}. {}", readable(path), reason(number),
                                  advice(code)));
  }
  if (const auto size = size_of_file(descriptor); !size) {
    ::close(descriptor);
    return fail(size.error().code, fmt::format("{}: {}", readable(path), size.error().message));
  }
  return descriptor;
}

Expected<std::unique_ptr<ByteSource>> open_path(const std::string& path) {
  const auto descriptor = open_read_only(path);
  if (!descriptor) return tl::unexpected(descriptor.error());
  return open_descriptor(*descriptor);
}

std::unique_ptr<ByteSource> memory_source(std::span<const std::byte> bytes) {
  return std::make_unique<MemorySource>(bytes);
}

}  // namespace cleangate
