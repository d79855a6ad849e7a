// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/fact_reading.h"

#include <string>

namespace cleangate::specs {

using namespace facts;

namespace {

constexpr std::string_view kRateModes[] = {"constant", "variable"};
constexpr std::string_view kNoGop = "The stream has no groups of pictures.";

Answer gop_seconds(const Evidence& evidence, const probes::VideoFacts& video) {
  if (!video.gop.is_known() || !video.frame_rate.is_known() || *video.frame_rate <= Rational(0))
    return video.gop.is_absent() && evidence.facts().depth != probes::Depth::header
               ? not_applicable(std::string(kNoGop))
               : not_known(evidence);
  const auto seconds = checked_div(Rational(video.gop->length_max), *video.frame_rate);
  return seconds ? number(*seconds) : not_known(evidence);
}

}  // namespace

extern constinit const Quantity kVideoFrameRate{
    "video.frame_rate",
    1,
    ValueKind::number,
    Unit::frames_per_second,
    SubjectKind::video_stream,
    {},
    {},
    {},
    "frame rate",
    "Frames a second, never fields, exact; not known where it is variable without a nominal rate.",
    "the packet index",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_video(evidence,
                        [&]([[maybe_unused]] const probes::StreamFacts& stream,
                            [[maybe_unused]] const probes::VideoFacts& video) -> Answer {
                          return of(evidence, video.frame_rate, kAsNumber, "Nothing states it.");
                        });
    },
    Missing::either};

extern constinit const Quantity kVideoFrameRateMode{
    "video.frame_rate_mode",
    1,
    ValueKind::text,
    Unit::none,
    SubjectKind::video_stream,
    {},
    {},
    kRateModes,
    "frame rate mode",
    "constant when every presentation time lies within one tick of an exact grid.",
    "the packet index",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_video(evidence,
                        [&]([[maybe_unused]] const probes::StreamFacts& stream,
                            [[maybe_unused]] const probes::VideoFacts& video) -> Answer {
                          return of(evidence, video.frame_rate_mode, kAsWord, "Nothing states it.");
                        });
    },
    Missing::either};

extern constinit const Quantity kVideoFrameCount{
    "video.frame_count",
    1,
    ValueKind::number,
    Unit::count,
    SubjectKind::video_stream,
    {},
    {},
    {},
    "number of frames",
    "Presented frames.",
    "the packet index, the decoder",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return tainted_by_structure(
          evidence, each_video(evidence,
                               [&]([[maybe_unused]] const probes::StreamFacts& stream,
                                   [[maybe_unused]] const probes::VideoFacts& video) -> Answer {
                                 return of(evidence, video.frame_count, kAsNumber,
                                           "Nothing states it.");
                               }));
    },
    Missing::raises};

extern constinit const Quantity kVideoBitRate{
    "video.bit_rate",
    1,
    ValueKind::number,
    Unit::bits_per_second,
    SubjectKind::video_stream,
    {},
    {},
    {},
    "video bit rate",
    "Mean bit rate of the payload over the presented duration.",
    "the packet index",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return tainted_by_structure(
          evidence,
          each_video(evidence,
                     [&]([[maybe_unused]] const probes::StreamFacts& stream,
                         [[maybe_unused]] const probes::VideoFacts& video) -> Answer {
                       return of_essence(
                           evidence, stream.bit_rate,
                           [](const probes::BitRate& rate) { return Rational(rate.mean); },
                           "The stream has no packets.");
                     }));
    },
    Missing::either};

extern constinit const Quantity kVideoBitRateMax{
    "video.bit_rate_max",
    1,
    ValueKind::number,
    Unit::bits_per_second,
    SubjectKind::video_stream,
    {},
    {},
    {},
    "highest video bit rate within a second",
    "Largest second of payload, slid packet by packet.",
    "the packet index",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return tainted_by_structure(
          evidence, each_video(evidence,
                               [&]([[maybe_unused]] const probes::StreamFacts& stream,
                                   [[maybe_unused]] const probes::VideoFacts& video) -> Answer {
                                 return stream.bit_rate.is_known()
                                            ? of(evidence, stream.bit_rate->max_1s, kAsNumber,
                                                 "The stream is shorter than a second.")
                                            : not_known(evidence);
                               }));
    },
    Missing::raises};

extern constinit const Quantity kVideoGopLengthMax{
    "video.gop_length_max",
    1,
    ValueKind::number,
    Unit::frames,
    SubjectKind::video_stream,
    {},
    {},
    {},
    "longest GOP",
    "Frames from one random-access point to the next, the longest.",
    "the bitstream",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return tainted_by_structure(
          evidence,
          each_video(evidence,
                     [&]([[maybe_unused]] const probes::StreamFacts& stream,
                         [[maybe_unused]] const probes::VideoFacts& video) -> Answer {
                       return of_essence(
                           evidence, video.gop,
                           [](const probes::Gop& gop) { return Rational(gop.length_max); }, kNoGop);
                     }));
    },
    Missing::either};

extern constinit const Quantity kVideoGopDurationMax{
    "video.gop_duration_max",
    1,
    ValueKind::number,
    Unit::seconds,
    SubjectKind::video_stream,
    {},
    {},
    {},
    "duration of the longest GOP",
    "The longest GOP in frames over the frame rate.",
    "the bitstream",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return tainted_by_structure(
          evidence, each_video(evidence,
                               [&]([[maybe_unused]] const probes::StreamFacts& stream,
                                   [[maybe_unused]] const probes::VideoFacts& video) -> Answer {
                                 return gop_seconds(evidence, video);
                               }));
    },
    Missing::either};

extern constinit const Quantity kVideoGopClosed{
    "video.gop_closed",
    1,
    ValueKind::flag,
    Unit::none,
    SubjectKind::video_stream,
    {},
    {},
    {},
    "only closed GOPs",
    "Whether no leading picture refers to an earlier GOP.",
    "the bitstream",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return tainted_by_structure(
          evidence, each_video(evidence,
                               [&]([[maybe_unused]] const probes::StreamFacts& stream,
                                   [[maybe_unused]] const probes::VideoFacts& video) -> Answer {
                                 return of_essence(
                                     evidence, video.gop,
                                     [](const probes::Gop& gop) { return gop.closed; }, kNoGop);
                               }));
    },
    Missing::lowers};

extern constinit const Quantity kVideoBFramesMax{
    "video.b_frames_max",
    1,
    ValueKind::number,
    Unit::frames,
    SubjectKind::video_stream,
    {},
    {},
    {},
    "longest run of B pictures",
    "Consecutive B pictures, the longest run.",
    "the bitstream",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return tainted_by_structure(
          evidence,
          each_video(evidence,
                     [&]([[maybe_unused]] const probes::StreamFacts& stream,
                         [[maybe_unused]] const probes::VideoFacts& video) -> Answer {
                       return of_essence(
                           evidence, video.gop,
                           [](const probes::Gop& gop) { return Rational(gop.b_frames_max); },
                           kNoGop);
                     }));
    },
    Missing::either};

extern constinit const Quantity kVideoIntraOnly{
    "video.intra_only",
    1,
    ValueKind::flag,
    Unit::none,
    SubjectKind::video_stream,
    {},
    {},
    {},
    "intra pictures only",
    "Whether every picture is a random-access point.",
    "the bitstream",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return tainted_by_structure(
          evidence, each_video(evidence,
                               [&]([[maybe_unused]] const probes::StreamFacts& stream,
                                   [[maybe_unused]] const probes::VideoFacts& video) -> Answer {
                                 return of_essence(
                                     evidence, video.gop,
                                     [](const probes::Gop& gop) { return gop.intra_only; }, kNoGop);
                               }));
    },
    Missing::lowers};

}  // namespace cleangate::specs
