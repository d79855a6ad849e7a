// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/picture_analyzers.h"

#include <cassert>
#include <cstring>

#include "probes/picture/luma.h"

namespace cleangate::probes {
namespace {

template <MeasurementRow Row>
void put(const Row& row, std::span<std::byte> into) {
  assert(into.size() == sizeof(Row));
  std::memcpy(into.data(), &row, sizeof(Row));
}

template <MeasurementRow Row, Row (*kAnalyze)(const FrameSweep&, const FrameSweep*)>
constexpr PictureAnalyzer analyzer(PictureAnalyzer::Reads reads) {
  return {&Row::kType, reads,
          [](const FrameSweep& sweep, const FrameSweep* previous, std::span<std::byte> into) {
            put(kAnalyze(sweep, previous), into);
          },
          [](std::span<std::byte> into) { put(Row::damaged(), into); }};
}

constexpr PictureAnalyzer kAnalyzers[] = {
#define CLEANGATE_PICTURE_ANALYZER(header, row, function, reads) \
  analyzer<row, function>(PictureAnalyzer::Reads::reads),
#include "probes/picture/analyzers.def"
#undef CLEANGATE_PICTURE_ANALYZER
};

}  // namespace

std::span<const PictureAnalyzer> picture_analyzers() { return kAnalyzers; }

}  // namespace cleangate::probes
