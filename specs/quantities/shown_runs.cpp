// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/shown_runs.h"

#include <algorithm>
#include <utility>

namespace cleangate::specs {

Spans runs_of(const FrameMap& map, std::int64_t first, const std::vector<Shown>& shown) {
  Spans spans;
  for (auto run = shown.begin(); run != shown.end();) {
    const auto stop = std::find_if(run, shown.end(), [&](Shown each) { return each != *run; });
    const Span span = map.span(first + (run - shown.begin()), first + (stop - shown.begin()));
    if (*run == Shown::yes) spans.runs.push_back(span);
    if (*run == Shown::open) spans.undecided.push_back(span);
    run = stop;
  }
  return spans;
}

void tell_spans(const FrameMap& map, Spans spans, Reading& reading) {
  reading.tainted_because = map.incomplete();
  if (const auto& untimed = map.untimed()) {
    spans.undecided.insert(spans.undecided.end(), spans.runs.begin(), spans.runs.end());
    spans.runs.clear();
    if (!reading.tainted_because) reading.tainted_because = untimed;
  }
  reading.value = std::move(spans);
}

}  // namespace cleangate::specs
