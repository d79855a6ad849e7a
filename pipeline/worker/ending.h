// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/error.h"
#include "probes/facts.h"

// How a worker ended, and what that means for its asset.
namespace cleangate::worker {

enum class StoppedBy : std::uint8_t {
  nobody,   // it ended by itself
  caller,   // the stop token
  silence,  // no heartbeat
  stall,    // heartbeats without progress
  wall_limit,
  protocol  // it sent what no worker sends
};

struct Ending {
  StoppedBy stopped_by = StoppedBy::nobody;
  std::string violation;      // with StoppedBy::protocol
  std::int64_t limit_ms = 0;  // with silence, stall and wall_limit: which was passed
  bool greeted = false;       // a valid hello arrived
  bool done = false;          // the worker says that all is well
  bool has_facts = false;
  std::optional<Error> error;   // what the worker itself says went wrong
  int wait_status = 0;          // as waitpid gives it
  bool oom_kills_grew = false;  // the kernel killed a process for memory meanwhile
  std::string last_words;       // the last line it printed, one line
};

struct Verdict {
  probes::Status status = probes::Status::measured;
  std::optional<Error> error;  // the message without the file's name
};

[[nodiscard]] Verdict classify(const Ending& ending);
// The status of an asset that this error left without facts.
[[nodiscard]] probes::Status status_for(ErrorCode code);

}  // namespace cleangate::worker
