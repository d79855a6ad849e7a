// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "core/error.h"

namespace cleangate::dam {

// The right to write one catalog: flock on the lock file beside it. Every write transaction with
// its checkpoint, and closing, hold it, so that no two connections ever write or checkpoint at
// once (which also shuts out the WAL-reset bug of SQLite before 3.51.3). The kernel frees it when
// its holder dies.
class WriterLock {
 public:
  struct Wait {
    std::chrono::milliseconds at_most = std::chrono::minutes(10);
    // Told once a second while waiting, after the first two: who holds the lock, for how long we
    // have waited.
    std::function<void(const std::string&)> tell;
  };

  WriterLock() = default;
  ~WriterLock();
  WriterLock(WriterLock&& other) noexcept;
  WriterLock& operator=(WriterLock&& other) noexcept;

  // `purpose` ("ingest") is what others are told while they wait. Errors: timed_out, with who holds
  // it; permission or io when the lock file cannot be had.
  [[nodiscard]] static Expected<WriterLock> acquire(const std::string& lock_file,
                                                    const std::string& purpose, const Wait& wait);
  void release();
  [[nodiscard]] bool held() const { return descriptor_ >= 0; }

 private:
  explicit WriterLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace cleangate::dam
