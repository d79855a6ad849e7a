// SPDX-License-Identifier: Apache-2.0
#include "pipeline/worker/zygote.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace cleangate::worker {
namespace {

constexpr int kForkPatienceMs = 10'000;

tl::unexpected<Error> gone() {
  return fail(ErrorCode::internal, "The process that forks workers is gone.");
}

bool send_order(int control, std::span<const int> descriptors) {
  char byte = 'f';
  iovec piece{&byte, 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(kMostDescriptors * sizeof(int))> ancillary{};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = ancillary.data();
  message.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
  cmsghdr* const part = CMSG_FIRSTHDR(&message);
  part->cmsg_level = SOL_SOCKET;
  part->cmsg_type = SCM_RIGHTS;
  part->cmsg_len = CMSG_LEN(descriptors.size_bytes());
  std::memcpy(CMSG_DATA(part), descriptors.data(), descriptors.size_bytes());
  ssize_t count = 0;
  while ((count = ::sendmsg(control, &message, MSG_NOSIGNAL)) < 0 && errno == EINTR) {
  }
  return count == 1;
}

// The child's process id, -errno, or nothing when nobody answers.
std::int32_t answer(int life) {
  pollfd waiting{life, POLLIN, 0};
  while (::poll(&waiting, 1, kForkPatienceMs) < 0 && errno == EINTR) {
  }
  std::int32_t value = 0;
  if (waiting.revents == 0 || ::recv(life, &value, sizeof value, MSG_DONTWAIT) != sizeof value)
    return 0;
  return value;
}

}  // namespace

Expected<std::unique_ptr<Zygote>> Zygote::start(const std::string& executable) {
  int pair[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
    return fail(ErrorCode::internal,
                "The process that forks workers cannot be started: no socket.");
  Descriptor control(pair[0]);
  const Descriptor far_end(pair[1]);
  const Placement placement{far_end.get(), kControlDescriptor};
  const auto pid = start_program(executable, kZygoteArgument, std::span(&placement, 1));
  if (!pid) return tl::unexpected(pid.error());
  return std::unique_ptr<Zygote>(new Zygote(*pid, std::move(control)));
}

Zygote::~Zygote() {
  control_.reset();
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Expected<SpawnedWorker> Zygote::fork(const WorkerFiles& files) {
  auto lines = WorkerLines::make();
  if (!lines) return tl::unexpected(lines.error());
  int pair[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return gone();
  Descriptor life(pair[0]);
  {
    const Descriptor far_life(pair[1]);
    const std::array<int, kMostDescriptors> descriptors{far_life.get(), lines->workers_socket.get(),
                                                        lines->prints.get(), files.media,
                                                        files.memory};
    const auto used = static_cast<std::size_t>(3 + files.count());
    if (!send_order(control_.get(), std::span(descriptors).first(used))) return gone();
  }
  const std::int32_t pid = answer(life.get());
  if (pid <= 0) return gone();
  lines->workers_socket.reset();  // so that the worker's death is heard
  lines->prints.reset();
  return SpawnedWorker(pid_, std::move(*lines), std::move(life));
}

}  // namespace cleangate::worker
