// SPDX-License-Identifier: Apache-2.0
#include "pipeline/media/av/byte_io.h"

#include <exception>

namespace cleangate::av {
namespace {
// Large enough for one system call per compressed frame, small enough that a table looked up at
// the far end of a file costs little.
constexpr int kBufferBytes = 256 << 10;
}  // namespace

ByteIo::ByteIo(ByteSource& source, Observer observer)
    : source_(source), observer_(std::move(observer)) {
  auto* buffer = static_cast<unsigned char*>(must(av_malloc(kBufferBytes)));
  context_ =
      avio_alloc_context(buffer, kBufferBytes, 0, this, &ByteIo::read, nullptr, &ByteIo::seek);
  if (!context_) {
    av_free(buffer);
    throw std::bad_alloc();
  }
}

ByteIo::~ByteIo() {
  av_freep(&context_->buffer);
  avio_context_free(&context_);
}

int ByteIo::read(void* self, std::uint8_t* into, int size) {
  auto& io = *static_cast<ByteIo*>(self);
  if (size <= 0) return 0;
  const std::span<std::byte> target(reinterpret_cast<std::byte*>(into),
                                    static_cast<std::size_t>(size));
  const auto count = io.source_.read_at(io.position_, target);
  if (!count) {
    if (!io.error_) io.error_ = count.error();
    return AVERROR(EIO);
  }
  if (*count == 0) return AVERROR_EOF;
  try {
    if (io.observer_) io.observer_(io.position_, target.first(*count));
  } catch (const std::exception& problem) {  // nothing may be thrown through libav
    if (!io.error_) io.error_ = Error{ErrorCode::internal, problem.what()};
    return AVERROR(EIO);
  }
  io.position_ += *count;
  return static_cast<int>(*count);
}

std::int64_t ByteIo::seek(void* self, std::int64_t offset, int whence) {
  auto& io = *static_cast<ByteIo*>(self);
  const auto size = static_cast<std::int64_t>(io.source_.size());
  if (whence & AVSEEK_SIZE) return size;
  std::int64_t target = offset;
  const int origin = whence & ~AVSEEK_FORCE;
  if (origin == SEEK_CUR && __builtin_add_overflow(target, io.position_, &target))
    return AVERROR(EINVAL);
  if (origin == SEEK_END && __builtin_add_overflow(target, size, &target)) return AVERROR(EINVAL);
  if (target < 0) return AVERROR(EINVAL);
  io.position_ = static_cast<std::uint64_t>(target);
  return target;
}

}  // namespace cleangate::av
