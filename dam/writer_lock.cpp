// SPDX-License-Identifier: Apache-2.0
#include "dam/writer_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

#include "core/text.h"
#include "dam/times.h"

namespace cleangate::dam {
namespace {

using Clock = std::chrono::steady_clock;

// Who wrote into the lock file last: its present holder, while somebody holds it.
std::string holder(int descriptor) {
  std::array<char, 256> text{};
  const ssize_t size = pread(descriptor, text.data(), text.size(), 0);
  if (size <= 0) return "another process";
  return readable(std::string(text.data(), static_cast<std::size_t>(size)));
}

void sign(int descriptor, const std::string& purpose) {
  const std::string text = fmt::format("process {} ({}) since {}", getpid(), purpose, utc_now());
  // Only for people: a failure changes nothing.
  if (ftruncate(descriptor, 0) == 0) [[maybe_unused]]
    const ssize_t written = pwrite(descriptor, text.data(), text.size(), 0);
}

}  // namespace

WriterLock::~WriterLock() { release(); }
WriterLock::WriterLock(WriterLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}
WriterLock& WriterLock::operator=(WriterLock&& other) noexcept {
  if (this != &other) {
    release();
    descriptor_ = std::exchange(other.descriptor_, -1);
  }
  return *this;
}

void WriterLock::release() {
  if (descriptor_ >= 0) close(descriptor_);
  descriptor_ = -1;
}

Expected<WriterLock> WriterLock::acquire(const std::string& lock_file, const std::string& purpose,
                                         const Wait& wait) {
  const int descriptor = open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (descriptor < 0)
    return fail(
        errno == EACCES || errno == EPERM || errno == EROFS ? ErrorCode::permission : ErrorCode::io,
        fmt::format("The lock file {} cannot be opened ({}); the catalog can be read, but "
                    "not written.",
                    readable(lock_file), std::strerror(errno)));
  WriterLock lock(descriptor);
  const auto start = Clock::now();
  auto next_word = start + std::chrono::seconds(2);
  auto pause = std::chrono::microseconds(200);
  while (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR)
      return fail(ErrorCode::io, fmt::format("The lock file {} cannot be locked: {}.",
                                             readable(lock_file), std::strerror(errno)));
    const auto now = Clock::now();
    const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(now - start);
    if (waited >= wait.at_most)
      return fail(ErrorCode::timed_out,
                  fmt::format("The catalog is being written by {}; waited {:.1f} s for it. Nothing "
                              "was changed; try again when it is done.",
                              holder(descriptor), static_cast<double>(waited.count()) / 1000));
    if (wait.tell && now >= next_word) {
      wait.tell(fmt::format("Waiting for the catalog, which is being written by {} ({} s so far).",
                            holder(descriptor), waited.count() / 1000));
      next_word = now + std::chrono::seconds(1);
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::microseconds(10'000));
  }
  sign(descriptor, purpose);
  return lock;
}

}  // namespace cleangate::dam
