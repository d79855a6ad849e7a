// SPDX-License-Identifier: Apache-2.0
#include "pipeline/worker/ending.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <csignal>
#include <cstring>

namespace cleangate::worker {
namespace {

using probes::Status;

std::string seconds(std::int64_t ms) {
  return ms % 1000 == 0 ? fmt::format("{} s", ms / 1000) : fmt::format("{} ms", ms);
}

std::string signal_name(int number) {
  const char* name = ::sigabbrev_np(number);
  return name ? fmt::format("SIG{}", name) : fmt::format("signal {}", number);
}

std::string with_last_words(std::string message, const Ending& ending) {
  if (!ending.last_words.empty()) message += fmt::format(" It printed: {}", ending.last_words);
  return message;
}

Error death_by_signal(int number, const Ending& ending) {
  switch (number) {
    case SIGSYS:
      return {ErrorCode::crashed,
              "The worker was ended for a system call that the sandbox forbids (SIGSYS). Treat the "
              "file as hostile."};
    case SIGXCPU:
      return {ErrorCode::timed_out, "The worker used up its processor time (SIGXCPU)."};
    case SIGKILL:
      if (ending.oom_kills_grew)
        return {ErrorCode::out_of_memory,
                "The kernel ended the worker because the machine or its container ran out of "
                "memory. Run fewer jobs at once."};
      return {ErrorCode::crashed, "The worker was killed from outside (SIGKILL). Measure again."};
    default:
      return {
          ErrorCode::crashed,
          with_last_words(fmt::format("The worker crashed with {}. Treat the file as damaged or "
                                      "hostile.",
                                      signal_name(number)),
                          ending)};
  }
}

Error unexplained_death(const Ending& ending) {
  if (WIFSIGNALED(ending.wait_status)) return death_by_signal(WTERMSIG(ending.wait_status), ending);
  if (!ending.greeted)
    return {ErrorCode::internal,
            with_last_words(fmt::format("The worker did not start (exit status {}). Install "
                                        "Cleangate again.",
                                        WEXITSTATUS(ending.wait_status)),
                            ending)};
  return {ErrorCode::crashed,
          with_last_words(fmt::format("The worker ended without a last word (exit status {}).",
                                      WEXITSTATUS(ending.wait_status)),
                          ending)};
}

Error error_of(const Ending& ending) {
  switch (ending.stopped_by) {
    case StoppedBy::caller:
      return {ErrorCode::cancelled, "Measuring was cancelled."};
    case StoppedBy::silence:
      return {ErrorCode::timed_out,
              fmt::format("The worker gave no sign of life for {} and was ended.",
                          seconds(ending.limit_ms))};
    case StoppedBy::stall:
      return {ErrorCode::timed_out, fmt::format("The worker got no further for {} and was ended.",
                                                seconds(ending.limit_ms))};
    case StoppedBy::wall_limit:
      return {ErrorCode::timed_out, fmt::format("The worker was ended at its time limit of {}.",
                                                seconds(ending.limit_ms))};
    case StoppedBy::protocol:
      return {ErrorCode::protocol,
              fmt::format("The worker broke the protocol ({}) and was ended. Treat the file as "
                          "hostile.",
                          ending.violation)};
    case StoppedBy::nobody:
      break;
  }
  return ending.error ? *ending.error : unexplained_death(ending);
}

}  // namespace

Status status_for(ErrorCode code) {
  switch (code) {
    case ErrorCode::not_media:
      return Status::not_media;
    case ErrorCode::refused:
      return Status::refused;
    case ErrorCode::timed_out:
      return Status::timed_out;
    case ErrorCode::out_of_memory:
      return Status::out_of_memory;
    case ErrorCode::cancelled:
      return Status::cancelled;
    case ErrorCode::not_found:
    case ErrorCode::permission:
    case ErrorCode::not_a_file:
    case ErrorCode::empty_file:
    case ErrorCode::unsupported:
    case ErrorCode::damaged:
    case ErrorCode::io:
      return Status::unreadable;
    default:
      return Status::crashed;
  }
}

Verdict classify(const Ending& ending) {
  if (ending.done && ending.stopped_by == StoppedBy::nobody)
    return {Status::measured, std::nullopt};
  Error error = error_of(ending);
  const bool cancelled = error.code == ErrorCode::cancelled;
  const Status status = ending.has_facts && !cancelled ? Status::partial : status_for(error.code);
  return {status, std::move(error)};
}

}  // namespace cleangate::worker
