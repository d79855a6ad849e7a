// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/sink_gate.h"

#include <algorithm>

namespace cleangate::pass {
namespace {
constexpr std::chrono::milliseconds kInterval{100};
}

SinkGate::SinkGate(probes::MeasurementSink& sink, const probes::MeasureRequest& request,
                   std::uint64_t bytes_total)
    : sink_(sink), rows_(request.rows), bytes_total_(bytes_total) {}

bool SinkGate::wants(std::string_view row) const {
  return rows_.empty() || std::find(rows_.begin(), rows_.end(), row) != rows_.end();
}

void SinkGate::rows(const probes::SeriesId& id, std::span<const std::byte> bytes) {
  if (bytes.empty()) return;
  const std::lock_guard lock(mutex_);
  sink_.rows(id, bytes);
}

void SinkGate::progress(std::uint64_t bytes_done, double media_seconds) {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + kInterval;
  media_seconds_ = std::max(media_seconds_, media_seconds);
  const probes::Progress progress{bytes_done, bytes_total_, frames_.load(std::memory_order_relaxed),
                                  media_seconds_};
  const std::lock_guard lock(mutex_);
  sink_.progress(progress);
}

}  // namespace cleangate::pass
