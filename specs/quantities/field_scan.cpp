// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/field_scan.h"

#include <algorithm>
#include <array>

#include "specs/quantities/cheapest_path.h"

namespace cleangate::specs {
namespace {

using Frame = FieldFrames::Frame;
using Costs = std::array<std::int64_t, kScanKinds>;

constexpr std::int64_t kOne = 1000;     // a frame that contradicts
constexpr std::int64_t kChange = 3000;  // so many contradict before the scan is another

// 0 at `low` and before, kOne at `high` and beyond, straight between them.
std::int64_t ramp(std::int64_t value, std::int64_t low, std::int64_t high) {
  return std::clamp<std::int64_t>((value - low) * kOne / (high - low), 0, kOne);
}

std::int64_t& of(Costs& costs, ScanKind kind) { return costs[static_cast<std::size_t>(kind)]; }

// Only some blocks tell: of these, nearly all the same order.
int parts_order(const Frame& frame) {
  constexpr std::int64_t kLeast = 4, kFactor = 4;
  if (frame.top_first >= kLeast + kFactor * frame.bottom_first) return 1;
  if (frame.bottom_first >= kLeast + kFactor * frame.top_first) return -1;
  return 0;
}

bool tells(const Frame& frame) {
  if (frame.state != FieldFrames::State::compared) return false;
  const std::int64_t most = std::max(frame.worse[0], frame.worse[1]);
  const std::int64_t least = std::min(frame.worse[0], frame.worse[1]);
  return most >= frame.noise || -least >= frame.noise || parts_order(frame) != 0;
}

// What a frame contradicts. `lean`: from -1000 (bottom first) over 0 (progressive) to 1000 (top
// first). `better`: by how much the field of the frame before fits better than the own one, for
// each order, as a share of all that is seen.
struct Evidence {
  std::int64_t lean = 0, weight = 0;
  std::int64_t better_top_first = 0, better_bottom_first = 0;
  int parts = 0;
};

Evidence evidence_of(const Frame& frame) {
  Evidence evidence;
  if (!tells(frame)) return evidence;
  evidence.parts = parts_order(frame);
  evidence.lean = evidence.parts * kOne;
  evidence.weight = kOne;
  const auto [top, bottom] = frame.worse;
  const std::int64_t most = std::max(std::abs(top), std::abs(bottom));
  if (most < frame.noise) return evidence;
  evidence.weight = std::min(kOne, kOne * most / (2 * frame.noise));
  evidence.lean = std::clamp((top - bottom) * kOne / most, -kOne, kOne);
  evidence.better_top_first = -bottom * kOne / most;
  evidence.better_bottom_first = -top * kOne / most;
  // Both fit better: lines alike that a vertical motion brings together. That tells nothing.
  if (std::max(top, bottom) < -most / 4) evidence.weight = 0;
  return evidence;
}

// Costs of one order of time: of the whole picture, of a part of it, of progressive pictures whose
// fields lie in two frames. There the field of the frame before fits clearly better.
std::array<std::int64_t, 3> order_costs(std::int64_t lean, std::int64_t better, bool in_parts) {
  const std::int64_t order = kOne - ramp(lean, 200, 600);
  return {order + ramp(better, 350, 550) * 8 / 10, in_parts ? 100 + ramp(lean, 600, 900) : kOne,
          order + kOne - ramp(better, 250, 450)};
}

Costs costs_of(const Frame& frame) {
  Costs costs{};
  const Evidence seen = evidence_of(frame);
  if (seen.weight == 0) return costs;
  const auto up = order_costs(seen.lean, seen.better_top_first, seen.parts > 0);
  const auto down = order_costs(-seen.lean, seen.better_bottom_first, seen.parts < 0);
  of(costs, ScanKind::progressive) =
      std::max<std::int64_t>(ramp(std::abs(seen.lean), 200, 600), seen.parts != 0 ? 600 : 0);
  of(costs, ScanKind::top_first) = up[0];
  of(costs, ScanKind::part_top_first) = up[1];
  of(costs, ScanKind::shifted_top_first) = up[2];
  of(costs, ScanKind::bottom_first) = down[0];
  of(costs, ScanKind::part_bottom_first) = down[1];
  of(costs, ScanKind::shifted_bottom_first) = down[2];
  for (std::int64_t& cost : costs) cost = cost * seen.weight / kOne;
  return costs;
}

}  // namespace

bool tells_scan(const Frame& frame) { return evidence_of(frame).weight > 0; }

std::vector<ScanRun> scan_runs(const FieldFrames& frames) {
  std::vector<Costs> costs;
  for (std::int64_t i = 0; i < frames.count(); ++i) costs.push_back(costs_of(frames.frame(i)));
  const std::vector<int> path =
      cheapest_path(frames.count(), kScanKinds, kChange, [&](std::int64_t frame, int kind) {
        return costs[static_cast<std::size_t>(frame)][static_cast<std::size_t>(kind)];
      });
  std::vector<ScanRun> runs;
  for (std::int64_t i = 0; i < frames.count(); ++i) {
    const auto kind = static_cast<ScanKind>(path[static_cast<std::size_t>(i)]);
    if (runs.empty() || runs.back().kind != kind) runs.push_back({i, i, kind, 0});
    runs.back().end = i + 1;
    runs.back().evidence += tells_scan(frames.frame(i));
  }
  return runs;
}

}  // namespace cleangate::specs
