// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/error.h"
#include "pipeline/worker/descriptor.h"

namespace cleangate::worker {

// The media as the parent opened it for the worker.
class MediaFile {
 public:
  // Errors name the file: not_found, permission, not_a_file, empty_file, io.
  [[nodiscard]] static Expected<MediaFile> open(const std::string& path);

  [[nodiscard]] int descriptor() const { return descriptor_.get(); }
  [[nodiscard]] std::uint64_t bytes() const { return before_.bytes; }
  // What differs from the time it was opened ("it grew from 10 to 12 bytes"); empty when nothing.
  [[nodiscard]] std::string change() const;

 private:
  struct State {
    std::uint64_t device = 0, inode = 0, bytes = 0;
    std::int64_t modified_ns = 0, status_changed_ns = 0;
  };
  MediaFile(Descriptor descriptor, const State& before)
      : descriptor_(std::move(descriptor)), before_(before) {}
  [[nodiscard]] static std::optional<State> examine(int descriptor);

  Descriptor descriptor_;
  State before_;
};

}  // namespace cleangate::worker
