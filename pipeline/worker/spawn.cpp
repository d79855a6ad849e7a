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

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <thread>
#include <vector>

#include "core/text.h"

namespace cleangate::worker {
namespace {

// The numbers a worker knows its descriptors by (child.h); lower than any source below.
constexpr int kSocketTarget = 3, kMediaTarget = 4, kFirstSource = 16;

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
  std::vector<std::string> environment;
  for (const char* name :
       {"LD_LIBRARY_PATH", "LD_PRELOAD", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
    if (const char* value = std::getenv(name))
      environment.push_back(fmt::format("{}={}", name, value));
  return environment;
}

Expected<pid_t> spawn(const std::string& executable, const FileActions& actions) {
  const Attributes attributes;
  std::string program = executable, argument = "--worker";
  char* const arguments[] = {program.data(), argument.data(), nullptr};
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

Expected<SpawnedWorker> SpawnedWorker::start(const std::string& executable, int media) {
  int pair[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
    return no_resources("socketpair");
  Descriptor socket(pair[0]);
  const Descriptor far_end(pair[1]);
  if (::pipe2(pair, O_CLOEXEC) != 0) return no_resources("pipe");
  Descriptor printed(pair[0]);
  const Descriptor prints(pair[1]);
  const Descriptor socket_source = lifted(far_end.get()), prints_source = lifted(prints.get());
  const Descriptor media_source = media < 0 ? Descriptor() : lifted(media);
  if (!socket_source.is_open() || !prints_source.is_open() ||
      (media >= 0 && !media_source.is_open()))
    return no_resources("dup");

  FileActions actions;
  actions.open_null(0, O_RDONLY);
  actions.open_null(1, O_WRONLY);
  actions.place(prints_source.get(), 2);
  actions.place(socket_source.get(), kSocketTarget);
  if (media >= 0) actions.place(media_source.get(), kMediaTarget);
  actions.close_from(media >= 0 ? kMediaTarget + 1 : kSocketTarget + 1);
  if (actions.failure() != 0) return no_resources("posix_spawn");
  ::fcntl(printed.get(), F_SETFL, O_NONBLOCK);
  ::fcntl(socket.get(), F_SETFL, O_NONBLOCK);

  const auto pid = spawn(executable, actions);
  if (!pid) return tl::unexpected(pid.error());
  return SpawnedWorker(*pid, std::move(socket), std::move(printed));
}

SpawnedWorker::SpawnedWorker(SpawnedWorker&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      socket_(std::move(other.socket_)),
      printed_(std::move(other.printed_)) {}

SpawnedWorker::~SpawnedWorker() {
  if (pid_ >= 0) (void)reap(std::chrono::milliseconds{0});
}

void SpawnedWorker::kill() {
  if (pid_ >= 0) ::kill(pid_, SIGKILL);
}

int SpawnedWorker::reap(std::chrono::milliseconds patience) {
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
