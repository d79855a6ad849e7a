// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/fact_reading.h"

#include <string>

#include "specs/primary_timecode.h"

namespace cleangate::specs {

using namespace facts;

namespace {

const probes::TimecodeFacts* primary(const Evidence& evidence) {
  return primary_timecode(evidence.facts());
}

// Labels in the essence are only seen at depth packets.
Answer none(const Evidence& evidence) {
  if (evidence.facts().depth == probes::Depth::header) return not_known(evidence);
  return not_applicable("The file has no timecode.");
}

Answer start(const Evidence& evidence) {
  const auto* timecode = primary(evidence);
  if (!timecode) return none(evidence);
  const auto label = start_label(*timecode);
  return label ? Answer(Scalar(*label)) : not_known(evidence);
}

constexpr std::string_view kSources[] = {
    "material_package", "file_package", "system_item", "tmcd", "gop", "sei", "bext"};

}  // namespace

extern constinit const Quantity kTimecodeStart{
    "timecode.start",
    1,
    ValueKind::timecode,
    Unit::none,
    SubjectKind::file,
    {},
    {},
    {},
    "start timecode",
    "First label of the primary timecode.",
    "SMPTE ST 12-1",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return whole_file(start(evidence));
    },
    Missing::lowers};

extern constinit const Quantity kTimecodeDropFrame{
    "timecode.drop_frame",
    1,
    ValueKind::flag,
    Unit::none,
    SubjectKind::file,
    {},
    {},
    {},
    "drop-frame timecode",
    "Whether the primary timecode drops labels.",
    "SMPTE ST 12-1, 5.2.2",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return whole_file(primary(evidence) ? of(evidence, primary(evidence)->drop_frame, kAsFlag,
                                               "The timecode does not say.")
                                          : none(evidence));
    },
    Missing::nothing};

extern constinit const Quantity kTimecodeRate{
    "timecode.rate",
    1,
    ValueKind::number,
    Unit::frames_per_second,
    SubjectKind::file,
    {},
    {},
    {},
    "timecode rate",
    "Labels a second of the primary timecode.",
    "SMPTE ST 12-1",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return whole_file(primary(evidence) ? of(evidence, primary(evidence)->rate, kAsNumber,
                                               "The timecode does not say.")
                                          : none(evidence));
    },
    Missing::nothing};

extern constinit const Quantity kTimecodeSource{
    "timecode.source",
    1,
    ValueKind::text,
    Unit::none,
    SubjectKind::file,
    {},
    {},
    kSources,
    "source of the timecode",
    "Where the primary timecode stands.",
    "docs of each container",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return whole_file(primary(evidence) ? text(probes::to_string(primary(evidence)->source))
                                          : none(evidence));
    },
    Missing::nothing};

extern constinit const Quantity kTimecodeDiscontinuities{
    "timecode.discontinuities",
    1,
    ValueKind::number,
    Unit::count,
    SubjectKind::file,
    {},
    {},
    {},
    "number of timecode discontinuities",
    "Labels of the primary timecode that are not the successor of the one before; at most 100 are "
    "kept.",
    "SMPTE ST 12-1",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return tainted_by_structure(
          evidence,
          whole_file(primary(evidence) ? (evidence.facts().depth == probes::Depth::header
                                              ? not_known(evidence)
                                              : number(static_cast<std::int64_t>(
                                                    primary(evidence)->discontinuities.size())))
                                       : none(evidence)));
    },
    Missing::either};

}  // namespace cleangate::specs
