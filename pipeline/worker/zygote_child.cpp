// SPDX-License-Identifier: Apache-2.0
#include "pipeline/worker/zygote_child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <vector>

#include "pipeline/worker/child.h"
#include "pipeline/worker/descriptor.h"
#include "pipeline/worker/zygote.h"

namespace cleangate::worker {
namespace {

struct Child {
  pid_t pid = -1;
  Descriptor life;
  bool killed = false;
};

struct Order {
  std::vector<Descriptor> descriptors;  // as zygote.h lists them
  bool hung_up = false;
};

Order next_order() {
  char byte = 0;
  iovec piece{&byte, 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(kMostDescriptors * sizeof(int))> ancillary{};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = ancillary.data();
  message.msg_controllen = ancillary.size();
  const ssize_t count = ::recvmsg(kControlDescriptor, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  Order order;
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return order;
  order.hung_up = count <= 0;
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t carried = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < carried; ++i) {
      int number = -1;
      std::memcpy(&number, CMSG_DATA(part) + i * sizeof(int), sizeof number);
      order.descriptors.emplace_back(number);
    }
  }
  return order;
}

void tell(const Descriptor& life, std::int32_t value) {
  (void)!::send(life.get(), &value, sizeof value, MSG_NOSIGNAL | MSG_DONTWAIT);
}

// In the child: the worker's numbers, whatever the numbers were. Other children's life lines are
// closed with all the rest: none may keep another's open.
void place(std::vector<Descriptor>& given) {
  constexpr int kFirstSource = 64;
  std::array<int, kMostDescriptors> lifted{};
  for (std::size_t i = 1; i < given.size(); ++i)
    lifted[i] = ::fcntl(given[i].get(), F_DUPFD_CLOEXEC, kFirstSource);
  ::dup2(lifted[1], kSocketDescriptor);
  ::dup2(lifted[2], STDERR_FILENO);
  if (given.size() > 3) ::dup2(lifted[3], kMediaDescriptor);
  if (given.size() > 4) ::dup2(lifted[4], kMemoryDescriptor);
  const int first_unused = kSocketDescriptor + static_cast<int>(given.size()) - 2;
  ::close_range(static_cast<unsigned>(first_unused), ~0u, 0);
}

class Nursery {
 public:
  explicit Nursery(int ended) : ended_(ended) {}

  // True in a child.
  bool serve();

 private:
  bool fork_for(Order& order);
  void wait_for_something();
  void reap_ended();
  void end_all();

  int ended_;
  std::vector<Child> children_;
  std::vector<pollfd> watched_;
};

void Nursery::wait_for_something() {
  watched_.assign({{kControlDescriptor, POLLIN, 0}, {ended_, POLLIN, 0}});
  for (const Child& child : children_)
    watched_.push_back({child.killed ? -1 : child.life.get(), POLLIN, 0});
  while (::poll(watched_.data(), watched_.size(), -1) < 0 && errno == EINTR) {
  }
}

void Nursery::reap_ended() {
  std::array<signalfd_siginfo, 16> signals;
  while (::read(ended_, signals.data(), sizeof signals) > 0) {
  }
  int status = 0;
  for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;)
    std::erase_if(children_, [&](const Child& child) {
      if (child.pid != pid) return false;
      tell(child.life, status);
      return true;
    });
}

bool Nursery::fork_for(Order& order) {
  if (order.descriptors.size() < 3 || order.descriptors.size() > kMostDescriptors) return false;
  const pid_t pid = ::fork();
  if (pid == 0) {
    children_.clear();  // closes our copies
    place(order.descriptors);
    for (Descriptor& descriptor : order.descriptors) descriptor.release();  // closed by then
    return true;
  }
  tell(order.descriptors.front(), pid < 0 ? -errno : pid);
  if (pid > 0) children_.push_back({pid, std::move(order.descriptors.front())});
  return false;
}

void Nursery::end_all() {
  for (const Child& child : children_) ::kill(child.pid, SIGKILL);
  while (::waitpid(-1, nullptr, 0) > 0 || errno == EINTR) {
  }
}

bool Nursery::serve() {
  for (;;) {
    wait_for_something();
    // Life lines first: they are those that were polled. A child that is not reaped yet keeps its
    // process id, so that no other process can be hit.
    for (std::size_t i = 0; i < children_.size(); ++i)
      if (watched_[i + 2].revents != 0) {
        ::kill(children_[i].pid, SIGKILL);
        children_[i].killed = true;
      }
    if (watched_[1].revents != 0) reap_ended();
    if (watched_[0].revents == 0) continue;
    Order order = next_order();
    if (order.hung_up) {
      end_all();
      return false;
    }
    if (fork_for(order)) return true;
  }
}

std::size_t thread_count() {
  std::error_code failed;
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task", failed)) {
    (void)entry;
    ++count;
  }
  return count;
}

}  // namespace

Expected<bool> serve_forks() {
  // A lock that another thread holds while we fork stays locked for ever in the child.
  if (const std::size_t threads = thread_count(); threads != 1)
    return fail(ErrorCode::internal,
                fmt::format("{} threads run in the zygote, so that it must not fork.", threads));
  sigset_t ended, before;
  ::sigemptyset(&ended);
  ::sigaddset(&ended, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &ended, &before);
  const int events = ::signalfd(-1, &ended, SFD_CLOEXEC | SFD_NONBLOCK);
  if (events < 0) return fail(ErrorCode::internal, "signalfd failed.");
  const bool in_child = Nursery(events).serve();
  if (in_child) ::sigprocmask(SIG_SETMASK, &before, nullptr);  // `events` is closed already
  return in_child;
}

}  // namespace cleangate::worker
