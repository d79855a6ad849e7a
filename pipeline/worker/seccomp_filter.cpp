// SPDX-License-Identifier: Apache-2.0
#include "pipeline/worker/seccomp_filter.h"

#include <fmt/format.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <type_traits>

#include "pipeline/worker/sanitizer.h"

namespace cleangate::worker {
namespace {

constexpr int kAllowed[] = {
    // open descriptors
    SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(readv), SCMP_SYS(preadv), SCMP_SYS(write),
    SCMP_SYS(writev), SCMP_SYS(lseek), SCMP_SYS(close), SCMP_SYS(fadvise64), SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    // memory (mmap, mprotect: below)
    SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
    // threads (clone: below)
    SCMP_SYS(futex), SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(exit),
    SCMP_SYS(exit_group), SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity), SCMP_SYS(getcpu),
    SCMP_SYS(membarrier), SCMP_SYS(gettid), SCMP_SYS(getpid), SCMP_SYS(getppid),
    // signals to ourselves (tgkill: below)
    SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    // clocks
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday), SCMP_SYS(time),
    // what the machine is
    SCMP_SYS(uname), SCMP_SYS(sysinfo), SCMP_SYS(getrandom), SCMP_SYS(getrusage),
    SCMP_SYS(getrlimit)};

// No honest decoder comes near these.
constexpr int kDeadly[] = {SCMP_SYS(execve),
                           SCMP_SYS(execveat),
                           SCMP_SYS(ptrace),
                           SCMP_SYS(process_vm_readv),
                           SCMP_SYS(process_vm_writev),
                           SCMP_SYS(bpf),
                           SCMP_SYS(userfaultfd),
                           SCMP_SYS(perf_event_open),
                           SCMP_SYS(io_uring_setup),
                           SCMP_SYS(add_key),
                           SCMP_SYS(request_key),
                           SCMP_SYS(keyctl),
                           SCMP_SYS(mount),
                           SCMP_SYS(umount2),
                           SCMP_SYS(pivot_root),
                           SCMP_SYS(chroot),
                           SCMP_SYS(setns),
                           SCMP_SYS(unshare),
                           SCMP_SYS(open_by_handle_at),
                           SCMP_SYS(init_module),
                           SCMP_SYS(finit_module),
                           SCMP_SYS(delete_module),
                           SCMP_SYS(kexec_load),
                           SCMP_SYS(kexec_file_load),
                           SCMP_SYS(reboot)};

using Filter = std::unique_ptr<std::remove_pointer_t<scmp_filter_ctx>, decltype(&seccomp_release)>;

// Threads, not processes: glibc's own flags for a thread, and no namespace, tracing or vfork.
scmp_arg_cmp thread_flags() {
  constexpr scmp_datum_t kMust = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;
  constexpr scmp_datum_t kMustNot = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
                                    CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_VFORK |
                                    CLONE_PTRACE | CLONE_UNTRACED;
  return SCMP_A0_64(SCMP_CMP_MASKED_EQ, kMust | kMustNot, kMust);
}

// Each step gives 0 or -errno.
int add_rules(scmp_filter_ctx filter) {
  const auto self = static_cast<scmp_datum_t>(::getpid());
  const auto no_code = SCMP_A2_64(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
  int failure = 0;
  const auto keep = [&failure](int status) {
    if (failure == 0) failure = status;
  };
  for (const int call : kAllowed) keep(seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0));
  for (const int call : kDeadly) keep(seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, call, 0));
  if (kAddressSanitizer)
    for (const int call : {SCMP_SYS(pipe), SCMP_SYS(pipe2)})
      keep(seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0));
  keep(seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, no_code));
  keep(seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, no_code));
  keep(seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, thread_flags()));
  // A seccomp filter cannot read clone3's struct; told that it does not exist, glibc uses clone.
  keep(seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0));
  keep(seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                        SCMP_A0_64(SCMP_CMP_EQ, self)));  // abort()
  keep(seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(sched_setaffinity), 1,
                        SCMP_A0_64(SCMP_CMP_EQ, 0)));
  keep(seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 2, SCMP_A0_64(SCMP_CMP_EQ, 0),
                        SCMP_A2_64(SCMP_CMP_EQ, 0)));  // read only
  keep(seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
                        SCMP_A0_64(SCMP_CMP_EQ, PR_SET_NAME)));
  return failure;
}

std::string refusal(const char* step, int status) {
  char text[128];
  return fmt::format("{} failed: {}", step, strerror_r(-status, text, sizeof text));
}

}  // namespace

std::string restrict_system_calls() {
  const Filter filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)), &seccomp_release);
  if (!filter) return "the filter could not be made";
  // A 32-bit call would otherwise be another way to the same kernel.
  if (const int status =
          seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
      status != 0)
    return refusal("seccomp_attr_set", status);
  // A decision tree instead of a list; best effort.
  (void)seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);
  if (const int status = add_rules(filter.get()); status != 0)
    return refusal("seccomp_rule_add", status);
  if (const int status = seccomp_load(filter.get()); status != 0)
    return refusal("the kernel or a container forbids seccomp; seccomp_load", status);
  return {};
}

}  // namespace cleangate::worker
