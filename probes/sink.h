// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "probes/facts.h"
#include "probes/rows.h"

namespace cleangate::probes {

struct Progress {
  std::uint64_t bytes_done = 0, bytes_total = 0;
  std::int64_t frames_done = 0;  // decoded video frames
  double media_seconds = 0;      // presented time reached
};

// Where a pass leaves what it finds. Calls come from one thread at a time, rows of one series in
// order.
class MeasurementSink {
 public:
  virtual ~MeasurementSink() = default;
  // Facts known from the tables, before any essence is read.
  virtual void header(const AssetFacts& facts) = 0;
  // A whole number of rows of `id`, appended after those already given.
  virtual void rows(const SeriesId& id, std::span<const std::byte> rows) = 0;
  virtual void progress(const Progress& progress) = 0;
  // The last word: complete facts.
  virtual void facts(const AssetFacts& facts) = 0;
};

}  // namespace cleangate::probes
