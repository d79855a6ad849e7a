// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/field_history.h"

#include <algorithm>

namespace cleangate::specs {
namespace {

using Scan = FieldRun::Scan;
using Order = FieldRun::Order;

constexpr std::int64_t kLeastShifted = 12;  // frames: fewer are a motion that speeds up

FieldRun run_of(const ScanRun& scan) {
  FieldRun run;
  run.first = scan.first;
  run.end = scan.end;
  if (scan.evidence == 0) return run;
  switch (scan.kind) {
    case ScanKind::progressive:
      run.scan = Scan::progressive;
      return run;
    case ScanKind::part_top_first:
    case ScanKind::part_bottom_first:
      run.in_part = true;
      break;
    default:
      break;
  }
  const bool top = scan.kind == ScanKind::top_first || scan.kind == ScanKind::part_top_first ||
                   scan.kind == ScanKind::shifted_top_first;
  run.order = top ? Order::top : Order::bottom;
  const bool shifted =
      scan.kind == ScanKind::shifted_top_first || scan.kind == ScanKind::shifted_bottom_first;
  run.scan = Scan::interlaced;
  if (shifted && scan.end - scan.first >= kLeastShifted) {
    run.scan = Scan::telecined;
    run.cadence = kShiftedCadence;
  }
  return run;
}

bool same_kind(const FieldRun& a, const FieldRun& b) {
  return a.scan == b.scan && a.order == b.order && a.in_part == b.in_part && a.cadence == b.cadence;
}

std::vector<FieldRun> merged(const std::vector<FieldRun>& pieces) {
  std::vector<FieldRun> runs;
  for (const FieldRun& piece : pieces) {
    if (piece.first >= piece.end) continue;
    if (!runs.empty() && same_kind(runs.back(), piece))
      runs.back().end = piece.end;
    else
      runs.push_back(piece);
  }
  return runs;
}

// A cadence of fields says what the scan is; one of frames goes on top of it.
std::vector<FieldRun> overlaid(const std::vector<FieldRun>& runs, const CadenceRun& cadence) {
  std::vector<FieldRun> pieces;
  for (const FieldRun& run : runs) {
    const std::int64_t first = std::clamp(cadence.first, run.first, run.end);
    const std::int64_t end = std::clamp(cadence.end, first, run.end);
    FieldRun before = run, inside = run, behind = run;
    before.end = inside.first = first;
    inside.end = behind.first = end;
    inside.cadence = cadence.pattern->name;
    if (cadence.pattern->of_fields()) {
      inside.scan = Scan::telecined;
      inside.in_part = false;
      inside.order =
          cadence.pattern->order == CadencePattern::Order::top_first ? Order::top : Order::bottom;
    }
    pieces.insert(pieces.end(), {before, inside, behind});
  }
  return merged(pieces);
}

// Of a run; false where none of its frames lies in [first, end).
template <class Run>
bool clip(Run& run, std::int64_t first, std::int64_t end) {
  run.first = std::max(run.first, first);
  run.end = std::min(run.end, end);
  return run.first < run.end;
}

bool any(const std::vector<bool>& tells, std::int64_t first, std::int64_t end) {
  return std::find(tells.begin() + first, tells.begin() + end, true) != tells.begin() + end;
}

}  // namespace

FieldHistory::FieldHistory(const FieldFrames& frames) : cadences_(find_cadences(frames)) {
  for (const ScanRun& scan : scan_runs(frames)) scans_.push_back(run_of(scan));
  for (std::int64_t i = 0; i < frames.count(); ++i) tells_.push_back(tells_scan(frames.frame(i)));
}

std::vector<FieldRun> FieldHistory::runs_in(std::int64_t first, std::int64_t end) const {
  std::vector<FieldRun> runs;
  for (FieldRun run : scans_) {
    if (!clip(run, first, end)) continue;
    if (any(tells_, run.first, run.end)) {
      runs.push_back(run);
      continue;
    }
    FieldRun& unknown = runs.emplace_back();
    unknown.first = run.first;
    unknown.end = run.end;
  }
  for (CadenceRun cadence : cadences_.runs)
    if (clip(cadence, first, end) && any(cadences_.tells, cadence.first, cadence.end))
      runs = overlaid(runs, cadence);
  return merged(runs);
}

}  // namespace cleangate::specs
