// SPDX-License-Identifier: Apache-2.0
#include "pipeline/worker/spawn.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <thread>
#include <vector>

#include "core/text.h"

namespace cleangate::worker {
namespace {

// The numbers a worker knows its descriptors by (child.h); lower than any source below.
constexpr int kSocketTarget = 3, kMediaTarget = 4, kMemoryTarget = 5, kFirstSource = 16;

std::string reason(int number) {
  char text[128];
  return strerror_r(number, text, sizeof text);
}

// A duplicate above the worker's numbers, so that placing one cannot overwrite another.
Descriptor lifted(int descriptor) {
  return Descriptor(::fcntl(descriptor, F_DUPFD_CLOEXEC, kFirstSource));
}

class FileActions {
 public:
  FileActions() { ::posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  void place(int source, int target) {
    keep(::posix_spawn_file_actions_adddup2(&actions_, source, target));
  }
  void open_null(int target, int flags) {
    keep(::posix_spawn_file_actions_addopen(&actions_, target, "/dev/null", flags, 0));
  }
  void close_from(int first) { keep(::posix_spawn_file_actions_addclosefrom_np(&actions_, first)); }
  [[nodiscard]] int failure() const { return failure_; }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  void keep(int status) {
    if (failure_ == 0) failure_ = status;
  }
  posix_spawn_file_actions_t actions_{};
  int failure_ = 0;
};

// Own process group, no blocked signals, every signal as by default.
class Attributes {
 public:
  Attributes() {
    ::posix_spawnattr_init(&attributes_);
    sigset_t none, all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

// Secrets in our environment are none of a decoder's business.
std::vector<std::string> worker_environment() {
  // Bound once, in a zygote, instead of in each of its children; a worker that runs alone starts
  // as fast either way.
  std::vector<std::string> environment{"LD_BIND_NOW=1"};
  for (const char* name :
       {"LD_LIBRARY_PATH", "LD_PRELOAD", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
    if (const char* value = std::getenv(name))
      environment.push_back(fmt::format("{}={}", name, value));
  return environment;
}

tl::unexpected<Error> no_resources(const char* what) {
  return fail(ErrorCode::internal, fmt::format("The worker cannot be started: {}: {}. Run fewer "
                                               "jobs at once or raise `ulimit -n`.",
                                               what, reason(errno)));
}

}  // namespace

Expected<std::string> find_executable(const std::string& wanted) {
  if (!wanted.empty()) return wanted;
  std::error_code failed;
  const auto own = std::filesystem::read_symlink("/proc/self/exe", failed);
  std::vector<std::filesystem::path> places;
  if (!failed) {
    places.push_back(own.parent_path() / "cleangate-av");
    places.push_back(own.parent_path() / CLEANGATE_LIBEXEC_FROM_BIN / "cleangate-av");
  }
  places.emplace_back(CLEANGATE_LIBEXEC_DIR "/cleangate-av");
  for (const auto& place : places)
    if (::access(place.c_str(), X_OK) == 0) return place.string();
  return fail(ErrorCode::internal,
              fmt::format("The worker cleangate-av is neither beside this program nor in {}. "
                          "Install Cleangate again.",
                          CLEANGATE_LIBEXEC_DIR));
}

Expected<pid_t> start_program(const std::string& executable, const char* argument,
                              std::span<const Placement> placements) {
  FileActions actions;
  actions.open_null(0, O_RDONLY);
  actions.open_null(1, O_WRONLY);
  actions.open_null(2, O_WRONLY);
  std::vector<Descriptor> sources;
  int last = 2;
  for (const Placement& placement : placements) {
    sources.push_back(lifted(placement.source));
    if (!sources.back().is_open()) return no_resources("dup");
    actions.place(sources.back().get(), placement.target);
    last = std::max(last, placement.target);
  }
  actions.close_from(last + 1);
  if (actions.failure() != 0) return no_resources("posix_spawn");

  const Attributes attributes;
  std::string program = executable, option = argument;
  char* const arguments[] = {program.data(), option.data(), nullptr};
  std::vector<std::string> variables = worker_environment();
  std::vector<char*> environment;
  for (auto& variable : variables) environment.push_back(variable.data());
  environment.push_back(nullptr);
  pid_t pid = -1;
  const int status = ::posix_spawn(&pid, program.c_str(), actions.get(), attributes.get(),
                                   arguments, environment.data());
  if (status != 0)
    return fail(ErrorCode::internal,
                fmt::format("The worker {} cannot be started: {}. Install Cleangate again.",
                            readable(executable), reason(status)));
  return pid;
}

Expected<WorkerLines> WorkerLines::make() {
  int pair[2];
  WorkerLines lines;
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
    return no_resources("socketpair");
  lines.socket = Descriptor(pair[0]);
  lines.workers_socket = Descriptor(pair[1]);
  if (::pipe2(pair, O_CLOEXEC) != 0) return no_resources("pipe");
  lines.printed = Descriptor(pair[0]);
  lines.prints = Descriptor(pair[1]);
  ::fcntl(lines.printed.get(), F_SETFL, O_NONBLOCK);
  ::fcntl(lines.socket.get(), F_SETFL, O_NONBLOCK);
  return lines;
}

Expected<SpawnedWorker> SpawnedWorker::start(const std::string& executable,
                                             const WorkerFiles& files) {
  auto lines = WorkerLines::make();
  if (!lines) return tl::unexpected(lines.error());
  const std::array<Placement, 4> placements{{{lines->prints.get(), 2},
                                             {lines->workers_socket.get(), kSocketTarget},
                                             {files.media, kMediaTarget},
                                             {files.memory, kMemoryTarget}}};
  const auto used = static_cast<std::size_t>(2 + files.count());
  const auto pid = start_program(executable, "--worker", std::span(placements).first(used));
  if (!pid) return tl::unexpected(pid.error());
  return SpawnedWorker(*pid, std::move(*lines));
}

SpawnedWorker::SpawnedWorker(pid_t pid, WorkerLines lines)
    : pid_(pid),
      parent_(::getpid()),
      socket_(std::move(lines.socket)),
      printed_(std::move(lines.printed)) {}

SpawnedWorker::SpawnedWorker(SpawnedWorker&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      parent_(other.parent_),
      socket_(std::move(other.socket_)),
      printed_(std::move(other.printed_)),
      life_(std::move(other.life_)) {}

SpawnedWorker::~SpawnedWorker() {
  if (pid_ >= 0 || life_.is_open()) (void)reap(std::chrono::milliseconds{0});
}

void SpawnedWorker::kill() {
  if (pid_ >= 0) ::kill(pid_, SIGKILL);
  // Only the zygote can kill without ever hitting another process that got the same number.
  if (life_.is_open()) (void)!::send(life_.get(), "k", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

int SpawnedWorker::reap(std::chrono::milliseconds patience) {
  return life_.is_open() ? reap_forked(patience) : reap_own(patience);
}

int SpawnedWorker::reap_forked(std::chrono::milliseconds patience) {
  pollfd waiting{life_.get(), POLLIN, 0};
  while (::poll(&waiting, 1, static_cast<int>(patience.count())) < 0 && errno == EINTR) {
  }
  if (waiting.revents == 0) kill();
  std::int32_t status = SIGKILL;  // how a child of a zygote that is gone itself ends
  ssize_t count = 0;
  while ((count = ::recv(life_.get(), &status, sizeof status, MSG_WAITALL)) < 0 && errno == EINTR) {
  }
  life_.reset();
  return count == sizeof status ? status : SIGKILL;
}

int SpawnedWorker::reap_own(std::chrono::milliseconds patience) {
  int status = 0;
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < deadline) {
    const pid_t ended = ::waitpid(pid_, &status, WNOHANG);
    if (ended == pid_) {
      pid_ = -1;
      return status;
    }
    if (ended < 0 && errno != EINTR) break;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  kill();
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return status;
}

}  // namespace cleangate::worker
