// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <string>

#include "core/error.h"
#include "pipeline/worker/descriptor.h"
#include "pipeline/worker/spawn.h"

// Loading a worker's libraries costs 30 ms of CPU, ten times what a small file's tables cost. So
// one `cleangate-av` is started and loaded once, stays single-threaded, opens nothing, and forks a
// child for each asset.
namespace cleangate::worker {

// What both sides say to each other. The parent sends one kFork a worker over a SOCK_SEQPACKET
// socket, with the worker's descriptors: [0] its life line, [1] its socket, [2] where it prints,
// [3] the media and [4] the memory, if any. Over the life line the zygote answers with the child's
// process id, or -errno, and at its end with the status of waitpid, each as std::int32_t; a byte
// from the parent kills the child, hanging up too.
inline constexpr const char* kZygoteArgument = "--zygote";
inline constexpr int kControlDescriptor = 3;
inline constexpr std::size_t kMostDescriptors = 5;

// The parent's side. Callable from many threads at once.
class Zygote {
 public:
  [[nodiscard]] static Expected<std::unique_ptr<Zygote>> start(const std::string& executable);
  // Hangs up: the zygote kills what it forked and ends.
  ~Zygote();
  Zygote(const Zygote&) = delete;
  Zygote& operator=(const Zygote&) = delete;

  // Fails when the zygote is gone, or cannot fork: start a worker of its own then.
  [[nodiscard]] Expected<SpawnedWorker> fork(const WorkerFiles& files);
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  Zygote(pid_t pid, Descriptor control) : pid_(pid), control_(std::move(control)) {}

  pid_t pid_;
  Descriptor control_;
};

}  // namespace cleangate::worker
