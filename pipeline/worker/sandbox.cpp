// SPDX-License-Identifier: Apache-2.0
#include "pipeline/worker/sandbox.h"

#include <dirent.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "pipeline/worker/landlock.h"
#include "pipeline/worker/sanitizer.h"
#include "pipeline/worker/seccomp_filter.h"

namespace cleangate::worker {
namespace {

// Numeric entries of a directory of /proc; empty when it cannot be read.
std::vector<int> numbers_in(const char* directory) {
  std::vector<int> numbers;
  DIR* const listing = ::opendir(directory);
  if (!listing) return numbers;
  const int own = ::dirfd(listing);
  while (const dirent* entry = ::readdir(listing)) {
    char* end = nullptr;
    const long number = std::strtol(entry->d_name, &end, 10);
    if (end != entry->d_name && *end == '\0' && number != own)
      numbers.push_back(static_cast<int>(number));
  }
  ::closedir(listing);
  return numbers;
}

void close_descriptors_from(int first) {
  constexpr long kCloseRange = 436;
  if (::syscall(kCloseRange, static_cast<unsigned>(first), ~0u, 0u) == 0) return;
  for (const int descriptor : numbers_in("/proc/self/fd"))
    if (descriptor >= first) ::close(descriptor);
}

// Lowers a limit, soft and hard; never raises one that is lower already.
bool limit(__rlimit_resource resource, rlim_t value) {
  rlimit current{};
  if (::getrlimit(resource, &current) != 0) return false;
  const rlim_t lowest = std::min({value, current.rlim_cur, current.rlim_max});
  const rlimit wanted{lowest, lowest};
  return ::setrlimit(resource, &wanted) == 0;
}

// Of the processor time the kernel sends SIGXCPU at the soft limit and SIGKILL at the hard one: the
// hard one is later, so that a worker that used up its time is told from one killed from outside.
bool limit_processor_time(rlim_t seconds) {
  constexpr rlim_t kGrace = 5;
  rlimit current{};
  if (::getrlimit(RLIMIT_CPU, &current) != 0) return false;
  const rlim_t hard = std::min(seconds + kGrace, current.rlim_max);
  const rlim_t before_hard = hard > 1 ? hard - 1 : hard;
  const rlimit wanted{std::min({seconds, current.rlim_cur, before_hard}), hard};
  return ::setrlimit(RLIMIT_CPU, &wanted) == 0;
}

std::string apply_limits(const SandboxLimits& limits) {
  std::string failed;
  const auto apply = [&failed](const char* name, __rlimit_resource resource, rlim_t value) {
    if (!limit(resource, value)) failed += fmt::format("{}{}", failed.empty() ? "" : ", ", name);
  };
  apply("RLIMIT_CORE", RLIMIT_CORE, 0);
  apply("RLIMIT_FSIZE", RLIMIT_FSIZE, 0);
  apply("RLIMIT_NOFILE", RLIMIT_NOFILE, static_cast<rlim_t>(limits.descriptors));
  apply("RLIMIT_MEMLOCK", RLIMIT_MEMLOCK, 0);
  apply("RLIMIT_MSGQUEUE", RLIMIT_MSGQUEUE, 0);
  if (limits.cpu_seconds != 0 && !limit_processor_time(limits.cpu_seconds))
    failed += fmt::format("{}RLIMIT_CPU", failed.empty() ? "" : ", ");
  if (limits.address_space_bytes != 0) {
    if (kAddressSanitizer)
      failed +=
          fmt::format("{}RLIMIT_AS (built with AddressSanitizer)", failed.empty() ? "" : ", ");
    else
      apply("RLIMIT_AS", RLIMIT_AS, limits.address_space_bytes);
  }
  return failed;
}

void add(std::string& missing, const std::string& what) {
  missing += fmt::format("{}{}", missing.empty() ? "" : "; ", what);
}

}  // namespace

IsolationReport enter_sandbox(Isolation isolation, const SandboxLimits& limits) {
  close_descriptors_from(limits.first_closed_descriptor);
  IsolationReport report;
  if (isolation == Isolation::off) {
    report.level = "off";
    report.missing = "switched off by request";
    return report;
  }

  const std::size_t threads = numbers_in("/proc/self/task").size();
  report.single_threaded_at_start = threads == 1;
  if (threads == 0)
    add(report.missing, "one thread: /proc/self/task cannot be read");
  else if (threads > 1)
    add(report.missing, fmt::format("one thread: {} run before the sandbox is on", threads));

  report.no_new_privs = ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
  if (!report.no_new_privs) add(report.missing, "no_new_privs");
  if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) add(report.missing, "PR_SET_DUMPABLE");

  const std::string limits_failed = apply_limits(limits);
  report.rlimits = limits_failed.empty();
  if (!report.rlimits) add(report.missing, "limits: " + limits_failed);

  // Landlock opens a descriptor and seccomp would deny its calls, so this order.
  const LandlockOutcome landlock = deny_with_landlock();
  report.landlock_abi = landlock.abi;
  if (landlock.abi == 0) add(report.missing, "Landlock: " + landlock.reason);
  const std::string seccomp_failed = restrict_system_calls();
  report.seccomp = seccomp_failed.empty();
  if (!report.seccomp) add(report.missing, "seccomp: " + seccomp_failed);

  report.level = report.missing.empty() ? "full" : "partial";
  return report;
}

}  // namespace cleangate::worker
