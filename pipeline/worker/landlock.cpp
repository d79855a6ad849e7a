// SPDX-License-Identifier: Apache-2.0
#include "pipeline/worker/landlock.h"

#include <fmt/format.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

namespace cleangate::worker {
namespace {

// The kernel's interface, spelled out because distributions ship headers older than their kernels
// (Debian 12: ABI 2). The numbers are the same on every architecture.
constexpr long kCreateRuleset = 444, kRestrictSelf = 446;
constexpr std::uint32_t kAskVersion = 1;

struct RulesetAttributes {  // struct landlock_ruleset_attr as of ABI 6
  std::uint64_t handled_access_fs = 0;
  std::uint64_t handled_access_net = 0;
  std::uint64_t scoped = 0;
};

RulesetAttributes everything_known_to(int abi) {
  RulesetAttributes attributes;
  attributes.handled_access_fs = (1ull << 13) - 1;           // execute … make_sym
  if (abi >= 2) attributes.handled_access_fs |= 1ull << 13;  // refer
  if (abi >= 3) attributes.handled_access_fs |= 1ull << 14;  // truncate
  if (abi >= 4) attributes.handled_access_net = 3;           // bind_tcp, connect_tcp
  if (abi >= 5) attributes.handled_access_fs |= 1ull << 15;  // ioctl_dev
  if (abi >= 6) attributes.scoped = 3;                       // abstract unix sockets, signals
  return attributes;
}

std::string refusal(const char* call) {
  char text[128];
  return fmt::format("{} failed: {}", call, strerror_r(errno, text, sizeof text));
}

}  // namespace

LandlockOutcome deny_with_landlock() {
  const long abi = ::syscall(kCreateRuleset, nullptr, std::size_t{0}, kAskVersion);
  if (abi < 0) {
    if (errno == ENOSYS) return {0, "the kernel has no Landlock, or a container forbids it"};
    if (errno == EOPNOTSUPP) return {0, "Landlock is switched off at boot"};
    return {0, refusal("landlock_create_ruleset")};
  }
  const RulesetAttributes attributes = everything_known_to(static_cast<int>(abi));
  const long ruleset = ::syscall(kCreateRuleset, &attributes, sizeof attributes, 0u);
  if (ruleset < 0) return {0, refusal("landlock_create_ruleset")};
  const long restricted = ::syscall(kRestrictSelf, static_cast<int>(ruleset), 0u);
  LandlockOutcome outcome{static_cast<int>(abi), {}};
  if (restricted != 0) outcome = {0, refusal("landlock_restrict_self")};
  ::close(static_cast<int>(ruleset));
  return outcome;
}

}  // namespace cleangate::worker
