// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/error.h"
#include "probes/request.h"
#include "probes/sink.h"

// The parent's side of a worker: starts `cleangate-av` for one asset, watches it, validates every
// record it sends.
namespace cleangate::worker {

enum class Isolation : std::uint8_t { automatic, strict, off };

// What really held in the worker, as the worker proved it before it opened the media.
struct IsolationReport {
  bool no_new_privs = false;
  int landlock_abi = 0;  // 0 = not applied
  bool seccomp = false;
  bool rlimits = false;
  bool single_threaded_at_start = false;
  std::string level;    // "full" | "partial" | "off"
  std::string missing;  // what could not be had, and why; empty when full
};

struct WorkerOptions {
  std::string executable;  // path of cleangate-av; empty: beside our own executable, else
                           // $libexecdir/cleangate
  Isolation isolation = Isolation::automatic;
  std::uint64_t address_space_bytes = 4ull << 30;
  std::chrono::seconds heartbeat_timeout{30};  // silence for this long ends the worker
  std::chrono::seconds wall_limit{0};          // 0: none beyond the heartbeat
};

struct WorkerOutcome {
  probes::Status status = probes::Status::measured;
  std::optional<Error> error;  // set unless measured; partial carries why it is not whole
  IsolationReport isolation;
};

// Measures `path`; blocking. Rows reach `sink` as they come. A worker that crashes, hangs, eats
// memory or sends garbage yields a status, never an exception. What it had sent before stays valid
// (status partial only when facts arrived).
[[nodiscard]] WorkerOutcome measure(const std::string& path, const probes::MeasureRequest& request,
                                    const WorkerOptions& options, probes::MeasurementSink& sink,
                                    std::stop_token stop);

// For `doctor`: starts a worker that only reports what isolation it can have.
[[nodiscard]] Expected<IsolationReport> probe_isolation(const WorkerOptions& options);

}  // namespace cleangate::worker
