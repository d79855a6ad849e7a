// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/byte_source.h"
#include "core/digest.h"
#include "pipeline/pass/flow.h"
#include "pipeline/pass/hashing.h"

namespace cleangate::pass {

// Digests of the whole file from the bytes the demuxer reads anyway, in file order, each algorithm
// on a strand of its own. Bytes the demuxer jumps over are read here; bytes it takes out of order
// (tables at the far end) are read again when their turn comes.
class FileDigest {
 public:
  [[nodiscard]] static Expected<std::unique_ptr<FileDigest>> make(
      Flow& flow, ByteSource& source, const std::vector<std::string>& others);

  // Gives every byte of the file, in order, to somebody else too. Before the first of them.
  void also_to(std::function<void(std::span<const std::byte>)> other) { also_ = std::move(other); }

  // Bytes the demuxer took.
  void saw(std::uint64_t offset, std::span<const std::byte> bytes);
  // From now on the demuxer goes forward: what it skips is read at once.
  void begin_pass() { in_pass_ = true; }
  // Reads what is left. Demuxing thread; the values are there once the flow has finished.
  [[nodiscard]] Expected<void> read_rest();

  [[nodiscard]] Sha256 content_id() { return sha256_.finish(); }
  [[nodiscard]] std::map<std::string, std::string> others();

 private:
  FileDigest(Flow& flow, ByteSource& source) : flow_(flow), source_(source), strand_(flow) {}
  struct Other {
    std::string name;
    std::unique_ptr<NamedHasher> hasher;
    std::unique_ptr<Strand> strand;
  };
  using Chunk = std::shared_ptr<const std::vector<std::byte>>;
  void take(std::span<const std::byte> bytes);
  void post(Chunk chunk);
  [[nodiscard]] Expected<void> read_until(std::uint64_t end);

  Flow& flow_;
  ByteSource& source_;
  Strand strand_;
  Sha256Hasher sha256_;
  std::vector<Other> others_;
  std::function<void(std::span<const std::byte>)> also_;
  std::vector<std::byte> open_;  // gathered until it is worth a turn
  std::uint64_t hashed_ = 0;     // every byte before this offset has been taken
  bool in_pass_ = false;
  std::optional<Error> error_;
};

}  // namespace cleangate::pass
