// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "core/error.h"

namespace cleangate {

// Random access to the bytes of one file through a read-only descriptor. Every byte handed out is
// counted: tests and the bench assert on `bytes_read()` that one pass reads the file once.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  // Fills as much of `into` as the file has from `offset`; returns the count, 0 at or after the
  // end. Retries short reads and EINTR.
  [[nodiscard]] virtual Expected<std::size_t> read_at(std::uint64_t offset,
                                                      std::span<std::byte> into) = 0;
  [[nodiscard]] virtual std::uint64_t bytes_read() const = 0;
};

// Takes ownership of an open descriptor. Fails on anything but a regular file.
[[nodiscard]] Expected<std::unique_ptr<ByteSource>> open_descriptor(int descriptor);
// A read-only descriptor of a regular file, to be passed to another process; the caller closes it.
// Opened and refused as by open_path.
[[nodiscard]] Expected<int> open_read_only(const std::string& path);
// Opens read-only, O_CLOEXEC|O_NOCTTY|O_NONBLOCK so that a FIFO cannot hang us; errors name the
// path and say what to do.
[[nodiscard]] Expected<std::unique_ptr<ByteSource>> open_path(const std::string& path);
// Bytes in memory, for tests and fuzzing.
[[nodiscard]] std::unique_ptr<ByteSource> memory_source(std::span<const std::byte> bytes);

}  // namespace cleangate
