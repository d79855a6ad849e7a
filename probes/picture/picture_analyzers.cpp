// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/picture_analyzers.h"

#include <cassert>
#include <cstring>

#include "probes/picture/bars.h"
#include "probes/picture/change.h"
#include "probes/picture/fields.h"
#include "probes/picture/flash.h"
#include "probes/picture/luma.h"
#include "probes/picture/outliers.h"
#include "probes/picture/signal.h"
#include "probes/picture/texture.h"

namespace cleangate::probes {
namespace {

template <MeasurementRow Row>
void put(const Row& row, std::span<std::byte> into) {
  assert(into.size() == sizeof(Row));
  std::memcpy(into.data(), &row, sizeof(Row));
}

template <MeasurementRow Row>
Row take(std::span<const std::byte> from) {
  assert(from.size() == sizeof(Row));
  Row row;
  std::memcpy(&row, from.data(), sizeof(Row));
  return row;
}

template <MeasurementRow Row, Row (*kAnalyze)(const FrameSweep&)>
constexpr PictureAnalyzer analyzer() {
  PictureAnalyzer made;
  made.type = &Row::kType;
  made.measure = [](const FrameSweep& sweep, std::span<std::byte> into) {
    put(kAnalyze(sweep), into);
  };
  made.damaged = [](std::span<std::byte> into) { put(Row::damaged(), into); };
  if constexpr (requires(Row row) { row.alone(); }) {
    made.reads = PictureAnalyzer::Reads::pair;
    made.join = [](const FrameSweep& sweep, std::span<std::byte> row) {
      put(join(sweep, take<Row>(row)), row);
    };
    made.alone = [](std::span<std::byte> row) { put(take<Row>(row).alone(), row); };
  }
  return made;
}

constexpr PictureAnalyzer kAnalyzers[] = {
#define CLEANGATE_PICTURE_ANALYZER(header, row, function) analyzer<row, function>(),
#include "probes/picture/analyzers.def"
#undef CLEANGATE_PICTURE_ANALYZER
};

}  // namespace

std::span<const PictureAnalyzer> picture_analyzers() { return kAnalyzers; }

}  // namespace cleangate::probes
