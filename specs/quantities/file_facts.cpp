// SPDX-License-Identifier: Apache-2.0
#include "core/text.h"
#include "specs/quantities/fact_reading.h"

#include <algorithm>
#include <optional>

namespace cleangate::specs {

using namespace facts;

namespace {

Rational size_of_file(const Evidence& evidence) {
  constexpr std::uint64_t kMost = INT64_MAX;
  return static_cast<std::int64_t>(std::min(evidence.facts().bytes, kMost));
}

// Every file lasts: where no duration is stated it is not known, never inapplicable.
Answer duration(const Evidence& evidence) {
  const auto& stated = evidence.facts().container.duration_s;
  return stated.is_known() ? number(*stated) : not_known(evidence);
}

Answer ends_apart(const Evidence& evidence) {
  std::optional<Rational> first, last;
  bool video = false, audio = false;
  for (const probes::StreamFacts& stream : evidence.facts().streams) {
    if (!stream.video() && !stream.audio()) continue;
    if (!stream.start_s.is_known() || !stream.duration_s.is_known()) return not_known(evidence);
    const auto end = checked_add(*stream.start_s, *stream.duration_s);
    if (!end) return not_known(evidence);
    first = first ? std::min(*first, *end) : *end;
    last = last ? std::max(*last, *end) : *end;
    (stream.video() ? video : audio) = true;
  }
  if (!video || !audio) return not_applicable("The file has not both picture and sound.");
  const auto apart = checked_sub(*last, *first);
  return apart ? number(*apart) : not_known(evidence);
}

Answer damage(const Evidence& evidence) {
  const auto& asset = evidence.facts();
  auto found = static_cast<std::int64_t>(asset.container_damage.size());
  if (asset.decode) found += std::max(asset.decode->errors_total, asset.decode->damaged_frames);
  if (found > 0 || asset.decode) return number(found);
  return Absent{AbsenceKind::not_measured,
                "Only a full decode can tell that nothing is damaged; measure at depth decode."};
}

}  // namespace

extern constinit const Quantity kFileName{
    "file.name",
    1,
    ValueKind::text,
    Unit::none,
    SubjectKind::file,
    {},
    {},
    {},
    "file name",
    "Name of the file without its directories, byte for byte.",
    "the path as given",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return whole_file(text(file_name(evidence.path())));
    },
    Missing::nothing};

extern constinit const Quantity kFileBytes{
    "file.bytes",
    1,
    ValueKind::number,
    Unit::bytes,
    SubjectKind::file,
    {},
    {},
    {},
    "file size",
    "Size of the file.",
    "the file system",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return whole_file(evidence.facts().bytes > 0 ? number(size_of_file(evidence))
                                                   : not_known(evidence));
    },
    Missing::raises};

extern constinit const Quantity kFileDuration{
    "file.duration",
    1,
    ValueKind::number,
    Unit::seconds,
    SubjectKind::file,
    {},
    {},
    {},
    "duration",
    "From the earliest presented instant to the end of the last picture or sound.",
    "the packet index, else the container's tables",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return tainted_by_structure(evidence, whole_file(duration(evidence)));
    },
    Missing::raises};

extern constinit const Quantity kFileConflicts{
    "file.conflicts",
    1,
    ValueKind::number,
    Unit::count,
    SubjectKind::file,
    {},
    {},
    {},
    "number of fields on which the voices disagree",
    "Fields that container and bitstream (or others) state differently; both are kept.",
    "the facts",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return whole_file(number(static_cast<std::int64_t>(evidence.facts().conflicts.size())));
    },
    Missing::raises};

extern constinit const Quantity kFileAvDurationDifference{
    "file.av_duration_difference",
    1,
    ValueKind::number,
    Unit::seconds,
    SubjectKind::file,
    {},
    {},
    {},
    "difference between the ends of picture and sound",
    "Largest distance between the ends of any two video and audio streams.",
    "the packet index, else the container's tables",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return tainted_by_structure(evidence, whole_file(ends_apart(evidence)));
    },
    Missing::either};

extern constinit const Quantity kAssetDamage{
    "asset.damage",
    1,
    ValueKind::number,
    Unit::count,
    SubjectKind::file,
    {},
    {},
    {},
    "number of defects in the bytes",
    "Defects of the container and frames that could not be decoded cleanly; none is only said "
    "after a full decode.",
    "container and codec checksums, the decoder",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return whole_file(damage(evidence));
    },
    Missing::raises};

extern constinit const Quantity kAssetStructureDamage{
    "asset.structure_damage",
    1,
    ValueKind::number,
    Unit::count,
    SubjectKind::file,
    {},
    {},
    {},
    "number of defects in the container",
    "Truncation, checksums that do not match, boxes that reach beyond the file.",
    "the container's own standard",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return whole_file(
          number(static_cast<std::int64_t>(evidence.facts().container_damage.size())));
    },
    Missing::raises};

}  // namespace cleangate::specs
