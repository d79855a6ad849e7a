// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/digest.h"
#include "core/error.h"

namespace cleangate::dam {

// Files named by the SHA-256 of their bytes: "<directory>/ab/cdef….series" (the first byte of the
// digest, then the other 31, in hex). A file is never changed. It becomes visible whole and
// durable: written under "<directory>/tmp", fsynced, renamed, its folder (and a new folder's
// parent) fsynced.
class SeriesStore {
 public:
  explicit SeriesStore(std::string directory);

  // Files that become durable together. What was not made durable is removed again.
  class Batch {
   public:
    explicit Batch(const SeriesStore& store);
    ~Batch();
    Batch(const Batch&) = delete;
    Batch& operator=(const Batch&) = delete;

    // Writes a file aside and returns its name. A file that is there already, intact, is not
    // written again; a damaged one is replaced.
    [[nodiscard]] Expected<Sha256> add(std::span<const std::byte> file);
    // Puts all in place, durably. After an error nothing may be taken for stored.
    [[nodiscard]] Expected<void> settle();

   private:
    struct State;
    std::unique_ptr<State> state_;
  };

  [[nodiscard]] const std::string& directory() const { return directory_; }
  [[nodiscard]] std::string path_of(const Sha256& digest) const;
  [[nodiscard]] bool has(
      const Sha256& digest) const;  // a file of that name; says nothing of its bytes
  // Reads the whole file and compares it with its name: not_found, damaged, or nothing.
  [[nodiscard]] Expected<void> verify(const Sha256& digest) const;
  [[nodiscard]] Expected<void> remove(const Sha256& digest) const;

  struct Entry {
    std::string path;
    bool is_series = false;  // named as a series file is
    Sha256 digest;
    std::int64_t modified_s = 0;  // seconds since 1970
    std::uint64_t bytes = 0;
  };
  // Everything that lies in the store's folders.
  [[nodiscard]] Expected<std::vector<Entry>> list() const;

 private:
  std::string directory_;
};

}  // namespace cleangate::dam
