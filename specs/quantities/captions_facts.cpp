// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/fact_reading.h"

#include <algorithm>
#include <string>

namespace cleangate::specs {

using namespace facts;

namespace {

// A track of ancillary data may carry captions, or time code and AFD alone.
bool may_be_empty(const probes::CaptionFacts& captions) {
  return captions.carriage == "st436" && captions.standards.empty() && captions.services.empty();
}

Answer not_looked_into() {
  return Absent{AbsenceKind::not_measured,
                "There is a track of ancillary data (SMPTE ST 436); whether it carries captions is "
                "not looked for yet."};
}

Answer present(const Evidence& evidence) {
  const auto& captions = evidence.facts().captions;
  if (std::any_of(captions.begin(), captions.end(),
                  [](const auto& each) { return !may_be_empty(each); }))
    return flag(true);
  if (!captions.empty()) return not_looked_into();
  if (evidence.facts().depth == probes::Depth::header) return not_known(evidence);
  return flag(false);
}

template <class Ask>
std::vector<Reading> each_caption(const Evidence& evidence, Ask ask) {
  std::vector<Reading> readings;
  int index = 0;
  for (const probes::CaptionFacts& captions : evidence.facts().captions)
    readings.push_back({{SubjectKind::caption_service, index++},
                        may_be_empty(captions) ? not_looked_into() : ask(captions),
                        {},
                        {}});
  return readings;
}

Answer standards(const Evidence& evidence, const probes::CaptionFacts& captions) {
  std::string all;
  for (const std::string& standard : captions.standards) all += (all.empty() ? "" : "+") + standard;
  return all.empty() ? not_known(evidence) : text(all);
}

constexpr std::string_view kCarriages[] = {"a53", "c608", "c708", "st436", "stream", "sidecar"};

}  // namespace

extern constinit const Quantity kCaptionsPresent{
    "captions.present",
    1,
    ValueKind::flag,
    Unit::none,
    SubjectKind::file,
    {},
    {},
    {},
    "captions",
    "Whether captions are carried in the file or beside it.",
    "CEA-608, CEA-708, SMPTE ST 436 and the containers",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return whole_file(present(evidence));
    },
    Missing::raises};

extern constinit const Quantity kCaptionsCarriage{
    "captions.carriage",
    1,
    ValueKind::text,
    Unit::none,
    SubjectKind::caption_service,
    {},
    {},
    kCarriages,
    "caption carriage",
    "How captions are carried.",
    "ATSC A/53, SMPTE ST 436 and the containers",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_caption(
          evidence, [&](const probes::CaptionFacts& captions) { return text(captions.carriage); });
    },
    Missing::nothing};

extern constinit const Quantity kCaptionsStandards{
    "captions.standards",
    1,
    ValueKind::text,
    Unit::none,
    SubjectKind::caption_service,
    {},
    {},
    {},
    "caption standards",
    "Standards of one carriage joined with +: cea608+cea708, srt, webvtt, ttml.",
    "the standards themselves",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_caption(evidence, [&](const probes::CaptionFacts& captions) {
        return standards(evidence, captions);
      });
    },
    Missing::either};

}  // namespace cleangate::specs
