// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>

#include "core/error.h"
#include "pipeline/worker/descriptor.h"

namespace cleangate::worker {

// The worker program to start: `wanted` if not empty, else `cleangate-av` beside our own
// executable, else where it is installed. Fails with what was looked for.
[[nodiscard]] Expected<std::string> find_executable(const std::string& wanted);

// A running worker process. Nothing of ours reaches it but a socket, the media and a pipe for what
// it prints; no environment but what finding its libraries takes. It is in its own process group,
// so that Ctrl-C asks us, not it.
class SpawnedWorker {
 public:
  // `media` < 0: none. The descriptor stays the caller's.
  [[nodiscard]] static Expected<SpawnedWorker> start(const std::string& executable, int media);
  // Kills and reaps.
  ~SpawnedWorker();
  SpawnedWorker(SpawnedWorker&& other) noexcept;
  SpawnedWorker& operator=(SpawnedWorker&&) = delete;

  [[nodiscard]] int socket() const { return socket_.get(); }
  [[nodiscard]] int printed() const { return printed_.get(); }  // its standard error
  void kill();
  // Waits for its end, kills it when `patience` is over; the status as waitpid gives it.
  [[nodiscard]] int reap(std::chrono::milliseconds patience);

 private:
  SpawnedWorker(pid_t pid, Descriptor socket, Descriptor printed)
      : pid_(pid), socket_(std::move(socket)), printed_(std::move(printed)) {}

  pid_t pid_ = -1;  // -1 once reaped
  Descriptor socket_, printed_;
};

}  // namespace cleangate::worker
