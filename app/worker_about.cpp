// SPDX-License-Identifier: Apache-2.0
#include "app/worker_about.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <sstream>

#include <fmt/core.h>

#include "core/text.h"
#include "pipeline/worker/spawn.h"

extern char** environ;

namespace cleangate::app {
namespace {

constexpr std::size_t kMostOutput = 1 << 20;  // bytes of self-description

struct SpawnActions {
  posix_spawn_file_actions_t actions;
  SpawnActions() { posix_spawn_file_actions_init(&actions); }
  ~SpawnActions() { posix_spawn_file_actions_destroy(&actions); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
};

Error not_run(const std::string& executable, int error) {
  return {ErrorCode::not_found,
          fmt::format("The worker {} cannot be run ({}); it belongs beside cleangate.",
                      readable(executable), std::strerror(error))};
}

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 4096> piece{};
  for (;;) {
    const ssize_t got = read(descriptor, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    if (text.size() < kMostOutput) text.append(piece.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

Expected<WorkerAbout> ask_worker(const worker::WorkerOptions& options) {
  const auto executable = worker::find_executable(options.executable);
  if (!executable) return tl::unexpected(executable.error());
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return tl::unexpected(not_run(*executable, errno));
  SpawnActions spawn;
  posix_spawn_file_actions_addopen(&spawn.actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&spawn.actions, ends[1], 1);
  posix_spawn_file_actions_addopen(&spawn.actions, 2, "/dev/null", O_WRONLY, 0);
  std::string program = *executable, argument = "--about";
  std::array<char*, 3> arguments{program.data(), argument.data(), nullptr};
  pid_t child = 0;
  const int error =
      posix_spawn(&child, program.c_str(), &spawn.actions, nullptr, arguments.data(), environ);
  close(ends[1]);
  if (error != 0) {
    close(ends[0]);
    return tl::unexpected(not_run(*executable, error));
  }
  const std::string text = read_all(ends[0]);
  close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return fail(ErrorCode::internal,
                fmt::format("The worker {} does not describe itself; it is of another version.",
                            readable(*executable)));
  WorkerAbout about = parse_worker_about(text);
  about.executable = *executable;
  return about;
}

WorkerAbout parse_worker_about(const std::string& text) {
  WorkerAbout about;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string kind, name, value;
    words >> kind >> name >> value;
    if (kind == "library") about.libraries.push_back(name + " " + value);
    if (kind == "decoder") about.codecs.push_back({name, value == "yes"});
  }
  return about;
}

}  // namespace cleangate::app
