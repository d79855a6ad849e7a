// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/fact_reading.h"

#include <string>

namespace cleangate::specs {

using namespace facts;

namespace {

constexpr std::string_view kPrimaries[] = {"bt709",     "unspecified", "bt470m",   "bt470bg",
                                           "smpte170m", "smpte240m",   "film",     "bt2020",
                                           "smpte428",  "smpte431",    "smpte432", "ebu3213"};
constexpr std::string_view kTransfers[] = {
    "bt709",     "unspecified", "bt470m",    "bt470bg",      "smpte170m",   "smpte240m",
    "linear",    "log100",      "log316",    "iec61966-2-4", "bt1361e",     "iec61966-2-1",
    "bt2020-10", "bt2020-12",   "smpte2084", "smpte428",     "arib-std-b67"};
constexpr std::string_view kMatrices[] = {"gbr",
                                          "bt709",
                                          "unspecified",
                                          "fcc",
                                          "bt470bg",
                                          "smpte170m",
                                          "smpte240m",
                                          "ycgco",
                                          "bt2020nc",
                                          "bt2020c",
                                          "smpte2085",
                                          "chroma-derived-nc",
                                          "chroma-derived-c",
                                          "ictcp"};
constexpr std::string_view kRanges[] = {"narrow", "full", "unspecified"};
constexpr std::string_view kSdr = "The stream signals no high dynamic range.";

// Only a look into the bitstream can say that nothing is specified.
Answer told(const Evidence& evidence, std::string_view value) {
  const bool shallow = evidence.facts().depth == probes::Depth::header;
  return value == "unspecified" && shallow ? not_known(evidence) : text(value);
}

// The HDR facts; absent at depth header is not yet "none".
template <class Ask>
Answer hdr_fact(const Evidence& evidence, const probes::VideoFacts& video, Ask ask) {
  if (video.hdr.is_known()) return ask(*video.hdr);
  if (video.hdr.is_unknown() || evidence.facts().depth == probes::Depth::header)
    return not_known(evidence);
  return not_applicable(std::string(kSdr));
}

Answer formats(const probes::Hdr& hdr) {
  std::string all;
  for (const std::string& format : hdr.formats) all += (all.empty() ? "" : "+") + format;
  return text(all.empty() ? "sdr" : all);
}

template <auto kMember>
std::vector<Reading> color_code(const Evidence& evidence, const Parameters&, const Window&) {
  return each_picture_format(evidence,
                             [&](const probes::StreamFacts&, const probes::VideoFacts& video) {
                               return told(evidence, cleangate::to_string(video.color.*kMember));
                             });
}

// One code point of the color description (ITU-T H.273).
template <auto kMember>
constexpr Quantity color(std::string_view id, std::span<const std::string_view> allowed,
                         std::string_view noun, std::string_view meaning,
                         std::string_view document) {
  return {id,
          1,
          ValueKind::text,
          Unit::none,
          SubjectKind::video_stream,
          {},
          {},
          allowed,
          noun,
          meaning,
          document,
          color_code<kMember>,
          Missing::nothing};
}

template <auto kAsk>
std::vector<Reading> hdr_number(const Evidence& evidence, const Parameters&, const Window&) {
  return each_video(evidence, [&](const probes::StreamFacts&, const probes::VideoFacts& video) {
    return hdr_fact(evidence, video, kAsk);
  });
}

// One number of the HDR metadata.
template <auto kAsk>
constexpr Quantity metadata(std::string_view id, Unit unit, std::string_view noun,
                            std::string_view meaning, std::string_view document) {
  return {id,
          1,
          ValueKind::number,
          unit,
          SubjectKind::video_stream,
          {},
          {},
          {},
          noun,
          meaning,
          document,
          hdr_number<kAsk>,
          Missing::nothing};
}

template <auto kMember>
Answer light(const probes::Hdr& hdr) {
  return hdr.content_light ? number((*hdr.content_light).*kMember)
                           : not_applicable("No content light level is stated.");
}

template <auto kMember>
Answer mastering(const probes::Hdr& hdr) {
  return hdr.mastering ? number(Rational((*hdr.mastering).*kMember, 10000))
                       : not_applicable("No mastering display is stated.");
}

Answer dolby_vision_profile(const probes::Hdr& hdr) {
  return hdr.dolby_vision ? number(hdr.dolby_vision->profile)
                          : not_applicable("The stream is not Dolby Vision.");
}

}  // namespace

extern constinit const Quantity kVideoColorPrimaries = color<&ColorDescription::primaries>(
    "video.color_primaries", kPrimaries, "color primaries",
    "Color primaries as stated; unspecified is a value.", "ITU-T H.273, 8.1");
extern constinit const Quantity kVideoColorTransfer = color<&ColorDescription::transfer>(
    "video.color_transfer", kTransfers, "transfer characteristics",
    "Transfer characteristics as stated; unspecified is a value.", "ITU-T H.273, 8.2");
extern constinit const Quantity kVideoColorMatrix = color<&ColorDescription::matrix>(
    "video.color_matrix", kMatrices, "matrix coefficients",
    "Matrix coefficients as stated; unspecified is a value.", "ITU-T H.273, 8.3");
extern constinit const Quantity kVideoColorRange = color<&ColorDescription::range>(
    "video.color_range", kRanges, "signal range",
    "narrow or full as stated; unspecified is a value.", "ITU-T H.273, 8.3");

extern constinit const Quantity kVideoHdr{
    "video.hdr",
    1,
    ValueKind::text,
    Unit::none,
    SubjectKind::video_stream,
    {},
    {},
    {},
    "dynamic range",
    "sdr, or the signaled formats joined with +: pq10, hdr10, hlg, hdr10plus, dolby_vision.",
    "ITU-R BT.2100, SMPTE ST 2086, SMPTE ST 2094",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_picture_format(
          evidence,
          [&]([[maybe_unused]] const probes::StreamFacts& stream,
              [[maybe_unused]] const probes::VideoFacts& video) -> Answer {
            if (video.hdr.is_absent() && evidence.facts().depth != probes::Depth::header)
              return text("sdr");
            return hdr_fact(evidence, video, formats);
          });
    },
    Missing::nothing};

extern constinit const Quantity kVideoMaxCll = metadata<light<&probes::ContentLight::max_cll>>(
    "video.max_cll", Unit::candela_per_m2, "maximum content light level (MaxCLL)",
    "MaxCLL as stated.", "CTA-861.3");
extern constinit const Quantity kVideoMaxFall = metadata<light<&probes::ContentLight::max_fall>>(
    "video.max_fall", Unit::candela_per_m2, "maximum frame-average light level (MaxFALL)",
    "MaxFALL as stated.", "CTA-861.3");
extern constinit const Quantity kVideoMasteringLuminanceMax =
    metadata<mastering<&probes::MasteringDisplay::luminance_max>>(
        "video.mastering_luminance_max", Unit::candela_per_m2,
        "maximum luminance of the mastering display", "As stated.", "SMPTE ST 2086");
extern constinit const Quantity kVideoMasteringLuminanceMin =
    metadata<mastering<&probes::MasteringDisplay::luminance_min>>(
        "video.mastering_luminance_min", Unit::candela_per_m2,
        "minimum luminance of the mastering display", "As stated.", "SMPTE ST 2086");
extern constinit const Quantity kVideoDolbyVisionProfile = metadata<dolby_vision_profile>(
    "video.dolby_vision_profile", Unit::count, "Dolby Vision profile",
    "Profile of the Dolby Vision configuration record.",
    "Dolby Vision streams within the ISO base media file format");

}  // namespace cleangate::specs
