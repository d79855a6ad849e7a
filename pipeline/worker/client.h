// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/error.h"
#include "pipeline/worker/checkpoints.h"
#include "pipeline/worker/isolation.h"
#include "probes/request.h"
#include "probes/sink.h"

// The parent's side of a worker: starts `cleangate-av` for one asset, watches it, validates every
// record it sends.
namespace cleangate::worker {

class Zygote;

struct WorkerOptions {
  // Forks the workers; null, or when it is gone: each is a program started for its asset.
  std::shared_ptr<Zygote> zygote;
  std::string executable;  // path of cleangate-av; empty: beside our own executable, else
                           // $libexecdir/cleangate
  Isolation isolation = Isolation::automatic;
  // RLIMIT_AS: bounds what the worker reserves, threads' stacks included. 0: none. Not applied with
  // Isolation::off.
  std::uint64_t address_space_bytes = 4ull << 30;
  std::chrono::milliseconds heartbeat_timeout{30'000};  // silence for this long ends the worker
  // Heartbeats without progress for this long end it too: no part of the file read that had not
  // been read before, no row, no frame. Long enough for the slowest group of pictures.
  std::chrono::milliseconds stall_timeout{120'000};
  // The whole measurement, however much progress is claimed: a worker that was taken over may
  // claim some for ever. 0: wall_limit_for() the file.
  std::chrono::milliseconds wall_limit{0};
};

// One hour, and another for every 32 MiB of the file; a year at most. Slower than any decoder: at
// 2 Mb/s, the least that UHD is coded at, that is two minutes of picture in an hour.
[[nodiscard]] std::chrono::milliseconds wall_limit_for(std::uint64_t bytes);

struct WorkerOutcome {
  probes::Status status = probes::Status::measured;
  std::optional<Error> error;  // set unless measured; partial carries why it is not whole
  IsolationReport isolation;
};

// Measures `path`; blocking; callable from many threads at once, as long as the calling thread
// outlives the call (the worker dies with it). Rows reach `sink` as they come; `sink.facts` is
// called last, and not at all when the file changed meanwhile (status refused: discard the rows
// too). A worker that crashes, hangs, eats memory or sends garbage yields a status, never an
// exception. What it had sent before stays valid (status partial only when facts arrived). No
// process is left behind. With `checkpoints` what is decoded is kept there, and what was kept is
// not decoded again: crashed may then mean that what was kept is not of this file.
[[nodiscard]] WorkerOutcome measure(const std::string& path, const probes::MeasureRequest& request,
                                    const WorkerOptions& options, probes::MeasurementSink& sink,
                                    std::stop_token stop, Checkpoints* checkpoints = nullptr);

// Starts a zygote for many assets (zygote.h); null, with no harm done, when it cannot be had.
[[nodiscard]] std::shared_ptr<Zygote> start_zygote(const WorkerOptions& options);

// For `doctor`: starts a worker that only reports what isolation it can have.
[[nodiscard]] Expected<IsolationReport> probe_isolation(const WorkerOptions& options);

}  // namespace cleangate::worker
