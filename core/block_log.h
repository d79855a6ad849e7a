// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/byte_source.h"
#include "core/error.h"

// A file that only grows, in blocks, and may end anywhere: a block is the length of its bytes, the
// CRC-32 (ISO 3309) of length and bytes, both 32 bits little-endian, and the bytes. What is behind
// the first block that is cut or does not match its checksum counts for nothing.
namespace cleangate {

inline constexpr std::size_t kBlockPrefixBytes = 8;
inline constexpr std::size_t kMostBlockBytes = std::size_t{16} << 20;

// Appends one block to `log`; of at most kMostBlockBytes.
void append_block(std::vector<std::byte>& log, std::span<const std::byte> bytes);

// Where the bytes of a block lie in its file.
struct BlockPlace {
  std::uint64_t offset = 0;
  std::uint32_t bytes = 0;
};

// Reads a log from its beginning. Memory grows with one block, never with what a length claims.
class BlockReader {
 public:
  explicit BlockReader(ByteSource& source) : source_(source) {}
  // The next whole block, valid until the next call; nothing at the end of what can be trusted.
  // Fails only where reading fails.
  [[nodiscard]] Expected<std::optional<std::span<const std::byte>>> next();
  [[nodiscard]] BlockPlace place() const { return place_; }     // of the block read last
  [[nodiscard]] std::uint64_t trusted() const { return end_; }  // bytes of whole blocks so far

 private:
  ByteSource& source_;
  std::vector<std::byte> bytes_;
  BlockPlace place_;
  std::uint64_t end_ = 0;
};

}  // namespace cleangate
