// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to this room: libav reads through a ByteSource and nothing else.

#include <functional>
#include <optional>

#include "core/byte_source.h"
#include "pipeline/media/av/libav.h"

namespace cleangate::av {

class ByteIo {
 public:
  // Sees every run of bytes the demuxer takes, with its offset in the file.
  using Observer = std::function<void(std::uint64_t offset, std::span<const std::byte> bytes)>;
  ByteIo(ByteSource& source, Observer observer);
  ~ByteIo();
  ByteIo(const ByteIo&) = delete;
  ByteIo& operator=(const ByteIo&) = delete;

  [[nodiscard]] AVIOContext* context() const { return context_; }
  void forbid_seeking() { context_->seekable = 0; }
  [[nodiscard]] std::uint64_t position() const { return position_; }          // of the next read
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }  // first failed read

 private:
  static int read(void* self, std::uint8_t* into, int size);
  static std::int64_t seek(void* self, std::int64_t offset, int whence);
  ByteSource& source_;
  Observer observer_;
  AVIOContext* context_ = nullptr;
  std::uint64_t position_ = 0;
  std::optional<Error> error_;
};

}  // namespace cleangate::av
