// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/error.h"
#include "dam/record.h"

namespace cleangate::dam {

class File;

// What a checkpoint belongs to: a file as it is now, measured in this way by this program.
struct CheckpointOf {
  FileStat stat;  // its size and time of change
  std::vector<std::byte> content_hint;
  std::string program;            // and version
  std::vector<std::string> rows;  // wanted; empty: all
};

// What an ingest that does not come to its end leaves for the next one of the same file: a log of
// blocks (core/block_log.h) under "<catalog>.series/unfinished", the first of which says what it
// belongs to. Nothing is written before the first interval is over. Whoever has a checkpoint holds
// a lock on it: of two processes that measure one file only one keeps it. Nothing here fails an
// ingest: where writing fails (a full disk), what was written until then stays good, and no more
// is.
class CheckpointFile {
 public:
  CheckpointFile(const std::string& catalog, const CheckpointOf& what,
                 std::chrono::milliseconds interval);
  ~CheckpointFile();  // what has not been committed is lost
  CheckpointFile(const CheckpointFile&) = delete;
  CheckpointFile& operator=(const CheckpointFile&) = delete;

  // Opens what is there and can be trusted; what belongs to something else is removed.
  void take_up();
  // Read-only, of what was taken up; -1 when that is nothing.
  [[nodiscard]] int earlier() const;
  // Of at most kMostBlockBytes; commits when the interval is over.
  void add(std::span<const std::byte> block);
  void commit();  // what was added is on disk, if it can be
  void remove();  // from disk; what is added from now on makes a new one

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  using Clock = std::chrono::steady_clock;
  [[nodiscard]] bool open_locked();
  [[nodiscard]] bool read_earlier();
  void create();
  void write_pending();
  void close();

  std::string directory_, path_;
  std::vector<std::byte> binding_;
  const std::chrono::milliseconds interval_;
  Clock::time_point due_;
  std::unique_ptr<File> file_, earlier_;
  std::uint64_t good_ = 0;  // bytes of whole blocks on disk
  std::vector<std::byte> pending_;
  bool gave_up_ = false;  // somebody else has it, or it cannot be written
};

// "<catalog>.series/unfinished"
[[nodiscard]] std::string checkpoint_directory(const std::string& catalog);

}  // namespace cleangate::dam
