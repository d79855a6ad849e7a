// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/byte_source.h"
#include "probes/facts.h"

namespace cleangate::probes {

// Reads the tables of one file piece by piece and never more than a budget in all: a hostile file
// cannot make a table reader read, or allocate, without end. A read that fails is remembered and
// ends the reading.
class TableReader {
 public:
  explicit TableReader(ByteSource& source, std::uint64_t budget = kDefaultBudget)
      : source_(source), size_(source.size()), budget_(budget) {}

  [[nodiscard]] std::uint64_t size() const { return size_; }
  // The bytes [offset, offset + count), cut at the end of the file, at `kMaxPiece`, or at the
  // budget.
  [[nodiscard]] std::vector<std::byte> read(std::uint64_t offset, std::uint64_t count);
  [[nodiscard]] bool exhausted() const { return budget_ == 0; }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

  // The first bytes of the file, at most `kHead`; read once, and again for free.
  [[nodiscard]] std::span<const std::byte> head();

  static constexpr std::uint64_t kHead = 1'024;
  static constexpr std::uint64_t kDefaultBudget = 64u << 20;
  static constexpr std::uint64_t kMaxPiece = 8u << 20;

 private:
  ByteSource& source_;
  std::uint64_t size_;
  std::uint64_t budget_;
  std::optional<std::vector<std::byte>> head_;
  std::optional<Error> error_;
};

// "1,234": byte numbers as people read them.
[[nodiscard]] std::string with_commas(std::uint64_t number);
// "1 byte", "1,234 bytes".
[[nodiscard]] std::string bytes_text(std::uint64_t count);
// Damage of the container itself; `message` ends with a full stop.
[[nodiscard]] Damage container_damage(std::string message);

}  // namespace cleangate::probes
