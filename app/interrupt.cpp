// SPDX-License-Identifier: Apache-2.0
#include "app/interrupt.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>

namespace cleangate::app {
namespace {

// A signal may only write to a descriptor; the listener's thread does the rest.
std::array<int, 2> pipe_ends{-1, -1};
std::atomic<int> signals_seen{0};
struct sigaction old_int, old_term;

extern "C" void on_signal(int) {
  const int saved = errno;
  if (signals_seen.fetch_add(1) > 0) _exit(130);
  const char byte = 's';
  [[maybe_unused]] const auto written = write(pipe_ends[1], &byte, 1);
  errno = saved;
}

}  // namespace

Interrupt::Interrupt() {
  if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0) return;
  listener_ = std::jthread([this] {
    char byte = 0;
    while (read(pipe_ends[0], &byte, 1) < 0 && errno == EINTR) {
    }
    if (byte == 's') source_.request_stop();
  });
  struct sigaction action = {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &old_int);
  sigaction(SIGTERM, &action, &old_term);
}

Interrupt::~Interrupt() {
  if (pipe_ends[0] < 0) return;
  sigaction(SIGINT, &old_int, nullptr);
  sigaction(SIGTERM, &old_term, nullptr);
  const char byte = 'q';
  [[maybe_unused]] const auto written = write(pipe_ends[1], &byte, 1);
  listener_.join();
  close(pipe_ends[0]);
  close(pipe_ends[1]);
  pipe_ends = {-1, -1};
}

}  // namespace cleangate::app
