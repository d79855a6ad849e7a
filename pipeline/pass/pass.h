// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>

#include "core/byte_source.h"
#include "core/error.h"
#include "pipeline/pass/decode_memory.h"
#include "probes/request.h"
#include "probes/sink.h"

namespace cleangate::pass {

// Does everything that would open files or load libraries later: the task scheduler's allocator,
// the digest algorithms. Call before a sandbox forbids opening; starts no thread.
void prepare();

// Measures one asset in one pass in file order. Returns after `sink.facts`; an error means that
// nothing further could be read (what was measured until then has been handed over). With a memory,
// what it has of decoding this file is not decoded again, and what is decoded goes into it;
// everything else is as without. ErrorCode::internal where it turns out that what it has is not of
// this file: measure without it.
[[nodiscard]] Expected<void> measure(ByteSource& source, const probes::MeasureRequest& request,
                                     probes::MeasurementSink& sink, std::stop_token stop,
                                     DecodeMemory* memory = nullptr);

}  // namespace cleangate::pass
