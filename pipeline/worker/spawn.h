// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <span>
#include <string>

#include "core/error.h"
#include "pipeline/worker/descriptor.h"

namespace cleangate::worker {

// The worker program to start: `wanted` if not empty, else `cleangate-av` beside our own
// executable, else where it is installed. Fails with what was looked for.
[[nodiscard]] Expected<std::string> find_executable(const std::string& wanted);

// A descriptor of ours, and the number that the program started knows it by.
struct Placement {
  int source = -1, target = -1;
};

// Starts a program with one argument, /dev/null as 0 and 1 (and 2, where nothing is placed there),
// the placed descriptors (targets up to 5) and no other, no environment but what finding its
// libraries takes, and a process group of its own, so that Ctrl-C asks us, not it.
[[nodiscard]] Expected<pid_t> start_program(const std::string& executable, const char* argument,
                                            std::span<const Placement> placements);

// The two ways out of a worker, both ends.
struct WorkerLines {
  Descriptor socket, workers_socket;
  Descriptor printed, prints;
  [[nodiscard]] static Expected<WorkerLines> make();
};

// What a worker is given to read, by our numbers; -1: it is not. They stay the caller's.
struct WorkerFiles {
  int media = -1;
  int memory = -1;  // only with media
  [[nodiscard]] int count() const { return media < 0 ? 0 : memory < 0 ? 1 : 2; }
};

// A running worker process: a child of ours, or of a zygote (zygote.h). Nothing of ours reaches it
// but a socket, its files and a pipe for what it prints.
class SpawnedWorker {
 public:
  [[nodiscard]] static Expected<SpawnedWorker> start(const std::string& executable,
                                                     const WorkerFiles& files);
  // `life`: the zygote's answers about this child.
  SpawnedWorker(pid_t parent, WorkerLines lines, Descriptor life)
      : parent_(parent),
        socket_(std::move(lines.socket)),
        printed_(std::move(lines.printed)),
        life_(std::move(life)) {}
  // Kills and reaps.
  ~SpawnedWorker();
  SpawnedWorker(SpawnedWorker&& other) noexcept;
  SpawnedWorker& operator=(SpawnedWorker&&) = delete;

  [[nodiscard]] int socket() const { return socket_.get(); }
  [[nodiscard]] int printed() const { return printed_.get(); }  // its standard error
  [[nodiscard]] pid_t parent() const { return parent_; }        // whose death it must not survive
  void kill();
  // Waits for its end, kills it when `patience` is over; the status as waitpid gives it.
  [[nodiscard]] int reap(std::chrono::milliseconds patience);

 private:
  SpawnedWorker(pid_t pid, WorkerLines lines);
  [[nodiscard]] int reap_own(std::chrono::milliseconds patience);
  [[nodiscard]] int reap_forked(std::chrono::milliseconds patience);

  pid_t pid_ = -1;  // of a child of ours; -1 once reaped
  pid_t parent_ = -1;
  Descriptor socket_, printed_;
  Descriptor life_;  // of a zygote's child; closed once reaped
};

}  // namespace cleangate::worker
