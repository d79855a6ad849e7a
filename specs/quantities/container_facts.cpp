// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/fact_reading.h"

namespace cleangate::specs {

using namespace facts;

extern constinit const Quantity kContainerFormat{
    "container.format",
    1,
    ValueKind::text,
    Unit::none,
    SubjectKind::file,
    {},
    {},
    {},
    "container format",
    "The container: mov, mp4, mxf, matroska, webm, mpegts, mpegps, wav, avi and others as libav "
    "names them.",
    "the file's first bytes",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return whole_file(evidence.facts().container.format.empty()
                            ? not_known(evidence)
                            : text(evidence.facts().container.format));
    },
    Missing::nothing};

extern constinit const Quantity kContainerBrand{
    "container.brand",
    1,
    ValueKind::text,
    Unit::none,
    SubjectKind::file,
    {},
    {},
    {},
    "major brand",
    "Major brand of an ISO base media file, four characters as stored.",
    "ISO/IEC 14496-12, ftyp",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return whole_file(
          of(evidence, evidence.facts().container.brand, kAsText, "This container has no brand."));
    },
    Missing::nothing};

extern constinit const Quantity kContainerOperationalPattern{
    "container.operational_pattern",
    1,
    ValueKind::text,
    Unit::none,
    SubjectKind::file,
    {},
    {},
    {},
    "operational pattern",
    "Operational pattern of an MXF file: OP1a, OPAtom and others.",
    "SMPTE ST 377-1, 8.3",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return whole_file(of(evidence, evidence.facts().container.operational_pattern, kAsText,
                           "Only MXF has operational patterns."));
    },
    Missing::nothing};

extern constinit const Quantity kContainerFastStart{
    "container.fast_start",
    1,
    ValueKind::flag,
    Unit::none,
    SubjectKind::file,
    {},
    {},
    {},
    "a fast start (its index before the essence)",
    "Whether the tables stand before the essence (moov before mdat).",
    "ISO/IEC 14496-12, 6.2.3",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return whole_file(of(evidence, evidence.facts().container.fast_start, kAsFlag,
                           "This container has no movie box to place."));
    },
    Missing::nothing};

extern constinit const Quantity kContainerEditLists{
    "container.edit_lists",
    1,
    ValueKind::flag,
    Unit::none,
    SubjectKind::file,
    {},
    {},
    {},
    "edit lists that change what is presented",
    "Whether any edit list does more than state the whole media.",
    "ISO/IEC 14496-12, elst",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return whole_file(of(evidence, evidence.facts().container.edit_lists, kAsFlag,
                           "This container has no edit lists."));
    },
    Missing::nothing};

extern constinit const Quantity kContainerBitRate{
    "container.bit_rate",
    1,
    ValueKind::number,
    Unit::bits_per_second,
    SubjectKind::file,
    {},
    {},
    {},
    "overall bit rate",
    "Bytes of the file times 8 over its duration.",
    "arithmetic",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return tainted_by_structure(
          evidence, whole_file(of(evidence, evidence.facts().container.bit_rate, kAsNumber,
                                  "The file has no duration.")));
    },
    Missing::either};

}  // namespace cleangate::specs
