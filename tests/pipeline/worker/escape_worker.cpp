// SPDX-License-Identifier: Apache-2.0
// A worker that has been taken over: after the real sandbox is on, it tries what the first wanted
// row names, and tells by its error message how that went.
#include <fcntl.h>
#include <fmt/format.h>
#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_reduce.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string_view>
#include <thread>

#include "pipeline/worker/child.h"
#include "pipeline/worker/sandbox.h"
#include "tests/pipeline/worker/recording_sink.h"

namespace {

using namespace cleangate;
using cleangate::worker::kMediaDescriptor;
using cleangate::worker::kSocketDescriptor;

// "name: EPERM", or "name: SUCCEEDED", which is what every test looks out for.
std::string tried(const char* name, long returned) {
  return fmt::format("{}: {}. ", name, returned < 0 ? strerrorname_np(errno) : "SUCCEEDED");
}

std::string open_files() {
  return tried("read", ::open("/etc/passwd", O_RDONLY)) +
         tried("create", ::open("/tmp/cleangate-escape", O_CREAT | O_WRONLY, 0600)) +
         tried("list", ::open("/", O_RDONLY | O_DIRECTORY)) +
         tried("reopen", ::open("/proc/self/fd/4", O_RDWR)) +
         tried("memory", ::open("/proc/self/mem", O_RDWR)) + tried("unlink", ::unlink("/tmp/x")) +
         tried("mkdir", ::mkdir("/tmp/cleangate-escape-directory", 0700)) +
         tried("chdir", ::chdir("/")) + tried("link", ::symlink("/", "/tmp/cleangate-link"));
}

std::string connect_out() {
  int pair[2];
  return tried("inet", ::socket(AF_INET, SOCK_STREAM, 0)) +
         tried("unix", ::socket(AF_UNIX, SOCK_STREAM, 0)) +
         tried("netlink", ::socket(AF_NETLINK, SOCK_RAW, 0)) +
         tried("pair", ::socketpair(AF_UNIX, SOCK_STREAM, 0, pair)) +
         tried("sendmsg", ::send(kSocketDescriptor, "x", 1, 0));
}

std::string alter_media() {
  const timeval times[2] = {};
  return tried("write", ::write(kMediaDescriptor, "x", 1)) +
         tried("truncate", ::ftruncate(kMediaDescriptor, 0)) +
         tried("chmod", ::fchmod(kMediaDescriptor, 0777)) +
         tried("chown", ::fchown(kMediaDescriptor, 1, 1)) +
         tried("times", ::futimes(kMediaDescriptor, times)) +
         tried("map", reinterpret_cast<std::intptr_t>(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE,
                                                             MAP_SHARED, kMediaDescriptor, 0)));
}

std::string signal_others() {
  return tried("parent", ::kill(::getppid(), SIGKILL)) + tried("all", ::kill(-1, SIGKILL)) +
         tried("group", ::kill(0, SIGKILL)) +
         tried("thread", ::syscall(SYS_tgkill, ::getppid(), ::getppid(), SIGKILL)) +
         tried("priority", ::setpriority(PRIO_PROCESS, 0, -20));
}

std::string make_processes() {
  for (int i = 0; i < 1000; ++i)
    if (const pid_t child = ::fork(); child >= 0) {
      if (child == 0) ::_exit(0);
      return "fork: SUCCEEDED. ";
    }
  std::string told = tried("fork", -1);
  std::uint64_t arguments[11] = {};
  arguments[4] = SIGCHLD;
  told += tried("clone3", ::syscall(SYS_clone3, arguments, sizeof arguments));
  told += tried("clone", ::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr));
  return told + tried("namespace", ::syscall(SYS_clone,
                                             CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
                                                 CLONE_THREAD | CLONE_NEWUSER,
                                             nullptr, nullptr, nullptr, nullptr));
}

std::string run_made_code() {
  void* const code =
      ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  std::string told = tried("mmap", code == MAP_FAILED ? -1 : 0);
  void* const bytes =
      ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return told + tried("mprotect", ::mprotect(bytes, 4096, PROT_READ | PROT_EXEC));
}

std::string raise_limits() {
  const rlimit none{RLIM_INFINITY, RLIM_INFINITY};
  rlimit now{};
  return tried("raise", ::setrlimit(RLIMIT_AS, &none)) +
         fmt::format("core: {}. ", ::getrlimit(RLIMIT_CORE, &now) == 0 ? now.rlim_max : 1) +
         fmt::format("fsize: {}. ", ::getrlimit(RLIMIT_FSIZE, &now) == 0 ? now.rlim_max : 1);
}

// 0 + 1 + … + 999,999 over TBB's threads and then over plain ones.
std::string compute() {
  const oneapi::tbb::global_control threads(oneapi::tbb::global_control::max_allowed_parallelism,
                                            8);
  const auto sum = oneapi::tbb::parallel_reduce(
      oneapi::tbb::blocked_range<std::int64_t>(0, 1'000'000), std::int64_t{0},
      [](const auto& range, std::int64_t part) {
        for (std::int64_t i = range.begin(); i != range.end(); ++i) part += i;
        return part;
      },
      [](std::int64_t a, std::int64_t b) { return a + b; });
  std::atomic<int> ran{0};
  {
    std::vector<std::jthread> plain;
    for (int i = 0; i < 100; ++i)
      plain.emplace_back([&ran] {
        std::vector<int> scratch(100'000, 1);
        ran += scratch[99'999];
      });
  }
  return fmt::format("sum: {}. threads: {}. ", sum, ran.load());
}

[[noreturn]] void spin() {
  for (std::atomic<std::uint64_t> turns{0};;) ++turns;
}

[[noreturn]] void hoard() {
  for (std::vector<std::vector<char>> kept;;) kept.emplace_back(std::size_t{64} << 20);
}

[[noreturn]] void make_threads_until_it_fails() {
  for (;;) std::thread([] { std::this_thread::sleep_for(std::chrono::hours{1}); }).detach();
}

std::string flood() {
  const std::string line(1000, 'x');
  for (int i = 0; i < 20'000; ++i) std::fprintf(stderr, "%s\n", line.c_str());
  return "flooded. ";
}

void say_raw(std::string_view bytes) {
  (void)!::write(kSocketDescriptor, bytes.data(), bytes.size());
}

// Attempts that tell how it went.
const std::map<std::string_view, std::string (*)()> kAttempts{
    {"open", open_files},      {"connect", connect_out}, {"alter", alter_media},
    {"signal", signal_others}, {"fork", make_processes}, {"code", run_made_code},
    {"limits", raise_limits},  {"compute", compute},     {"flood", flood}};

// Attempts that end the process, or never end.
void attempt_fatal(std::string_view what) {
  char* const arguments[] = {nullptr};
  if (what == "exec") ::execve("/bin/true", arguments, arguments);
  if (what == "ptrace") ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
  if (what == "unshare") ::syscall(SYS_unshare, CLONE_NEWUSER);
  if (what == "allocate") (void)*static_cast<volatile char*>(::operator new(100'000'000'000));
  if (what == "hoard") hoard();
  if (what == "threads") make_threads_until_it_fails();
  if (what == "spin") spin();
  if (what == "freeze") (void)::raise(SIGSTOP);
  if (what == "segfault") {
    (void)std::signal(SIGSEGV, SIG_DFL);  // a sanitizer would catch it
    (void)::raise(SIGSEGV);
  }
  if (what == "abort") {
    std::fprintf(stderr, "first line\nthe invariant broke\n");
    std::abort();
  }
  if (what == "exit") ::_exit(7);
  if (what == "throw") throw std::runtime_error("a surprise");
  if (what == "garbage") say_raw(std::string(1000, '\xee'));
  if (what == "hang-up") {
    ::close(kSocketDescriptor);
    spin();
  }
  if (what == "cut") {
    say_raw(std::string_view("\x40\0\0\0\x04half", 9));
    ::_exit(0);
  }
}

// A picture row of frame `number`.
std::vector<std::byte> frame_row(std::uint8_t number) {
  std::vector<std::byte> row(24);
  row[0] = std::byte{number};
  return row;
}

Expected<void> attempt(ByteSource& source, const probes::MeasureRequest& request,
                       probes::MeasurementSink& sink, std::stop_token, pass::DecodeMemory*) {
  const std::string what = request.rows.empty() ? "" : request.rows.front();
  if (const auto found = kAttempts.find(what); found != kAttempts.end())
    return fail(ErrorCode::unsupported, found->second());
  const bool at_once = what != "rows-then-segfault" && what != "facts-then-segfault" &&
                       what != "wait" && what != "honest" && what != "no-facts" &&
                       what != "facts-then-error";
  if (at_once) attempt_fatal(what);

  auto facts = test::two_stream_facts(source.size());
  facts.container.bit_rate = std::int64_t{::getpid()};  // lets a test find this process
  sink.header(facts);
  for (std::uint8_t frame = 0; frame < 100; ++frame)
    sink.rows({0, -1, -1, -1, "video.frame_time", 2, ""}, frame_row(frame));
  sink.progress({source.size(), source.size(), 100, 4.0});
  if (what == "wait") spin();
  if (what == "rows-then-segfault") attempt_fatal("segfault");
  if (what == "no-facts") return {};
  std::vector<std::byte> media(static_cast<std::size_t>(source.size()));
  if (auto read = source.read_at(0, media); !read) return tl::unexpected(read.error());
  sink.facts(facts);
  if (what == "facts-then-error") return fail(ErrorCode::damaged, "The tail is missing.");
  if (what == "facts-then-segfault") {
    std::this_thread::sleep_for(std::chrono::seconds{1});  // until a heartbeat has carried them
    attempt_fatal("segfault");
  }
  return {};
}

// Called by another name it first makes the kernel a poorer one, as some containers are.
void forbid(std::initializer_list<int> calls, std::uint32_t action) {
  const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  for (const int call : calls) (void)seccomp_rule_add(filter, action, call, 0);
  if (seccomp_load(filter) != 0) std::abort();
  seccomp_release(filter);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view path = argv[0];
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (name == "no-landlock")
    forbid({SCMP_SYS(landlock_create_ruleset), SCMP_SYS(landlock_restrict_self)},
           SCMP_ACT_ERRNO(ENOSYS));
  if (name == "no-seccomp") forbid({SCMP_SYS(seccomp)}, SCMP_ACT_ERRNO(EPERM));
  if (name == "threaded") std::thread([] { ::pause(); }).detach();
  return worker::run_worker(argc, argv, &attempt);
}
