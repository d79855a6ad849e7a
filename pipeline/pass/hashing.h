// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/digest.h"
#include "core/error.h"

namespace cleangate::pass {

// SHA-256, incrementally.
class Sha256Hasher {
 public:
  Sha256Hasher();
  ~Sha256Hasher();
  Sha256Hasher(Sha256Hasher&&) noexcept;
  void update(std::span<const std::byte> bytes);
  void update(std::string_view text);
  void update_number(std::uint64_t value);  // eight bytes, little-endian
  [[nodiscard]] Sha256 so_far() const;      // of what came until now; more may come
  [[nodiscard]] Sha256 finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Any of the digests a request may ask for besides SHA-256.
class NamedHasher {
 public:
  // "md5", "sha1", "xxh64", "xxh3_64", "xxh3_128", "c4"; usage error for anything else.
  [[nodiscard]] static Expected<std::unique_ptr<NamedHasher>> make(const std::string& name);
  virtual ~NamedHasher() = default;
  virtual void update(std::span<const std::byte> bytes) = 0;
  // Lower-case hex, most significant byte first; C4 (SMPTE ST 2114) as its 90 characters.
  [[nodiscard]] virtual std::string finish() = 0;
};

// Loads the algorithms, so that nothing is opened later inside a sandbox.
void prepare_hashing();

}  // namespace cleangate::pass
