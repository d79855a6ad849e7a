// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

#include "probes/request.h"
#include "probes/sink.h"

namespace cleangate::pass {

// The sink, one caller at a time, and which rows it wants.
class SinkGate {
 public:
  SinkGate(probes::MeasurementSink& sink, const probes::MeasureRequest& request,
           std::uint64_t bytes_total);

  [[nodiscard]] bool wants(std::string_view row) const;
  void rows(const probes::SeriesId& id, std::span<const std::byte> bytes);
  void header(const probes::AssetFacts& facts) { sink_.header(facts); }
  void facts(const probes::AssetFacts& facts) { sink_.facts(facts); }

  void frames_done(std::int64_t count) { frames_.fetch_add(count, std::memory_order_relaxed); }
  // At most ten times a second.
  void progress(std::uint64_t bytes_done, double media_seconds);

 private:
  probes::MeasurementSink& sink_;
  const std::vector<std::string> rows_;
  const std::uint64_t bytes_total_;
  std::mutex mutex_;
  std::atomic<std::int64_t> frames_{0};
  double media_seconds_ = 0;
  std::chrono::steady_clock::time_point next_{};
};

}  // namespace cleangate::pass
