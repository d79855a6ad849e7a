// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>

#include "core/byte_source.h"
#include "core/error.h"
#include "pipeline/pass/decode_memory.h"
#include "probes/request.h"
#include "probes/sink.h"

namespace cleangate::worker {

// Descriptors a worker is born with, besides /dev/null as 0 and 1 and the parent's pipe as 2.
inline constexpr int kSocketDescriptor = 3;
inline constexpr int kMediaDescriptor = 4;
inline constexpr int kMemoryDescriptor = 5;  // where the request says so
// What a worker is called with, so that nobody runs one by hand and wonders.
inline constexpr const char* kWorkerArgument = "--worker";

using MeasureFunction = Expected<void> (*)(ByteSource&, const probes::MeasureRequest&,
                                           probes::MeasurementSink&, std::stop_token,
                                           pass::DecodeMemory*);

// The main function of a worker program. As a zygote (zygote.h) it does the following in every
// child it forks, and ends with status 0 when its parent hangs up. As a worker: takes the request,
// enters the sandbox, says hello, runs `measure` on the media descriptor and ends the process
// without unwinding (status 0 when the last record was sent, 2 when it was not started by
// Cleangate).
[[nodiscard]] int run_worker(int argc, char** argv, MeasureFunction measure);

}  // namespace cleangate::worker
