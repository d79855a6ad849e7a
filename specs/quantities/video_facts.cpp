// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/fact_reading.h"

#include <algorithm>
#include <string>

namespace cleangate::specs {

using namespace facts;

namespace {

constexpr std::string_view kScans[] = {"progressive", "interlaced", "mixed"};
constexpr std::string_view kFieldOrders[] = {"top", "bottom"};
constexpr std::string_view kChromas[] = {"4:0:0", "4:1:0", "4:1:1", "4:2:0",
                                         "4:2:2", "4:4:0", "4:4:4"};

}  // namespace

extern constinit const Quantity kVideoStreamCount{
    "video.stream_count",
    1,
    ValueKind::number,
    Unit::count,
    SubjectKind::file,
    {},
    {},
    {},
    "number of video streams",
    "Video streams in the file.",
    "the container",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return whole_file(
          number(std::count_if(evidence.facts().streams.begin(), evidence.facts().streams.end(),
                               [](const auto& stream) { return stream.video() != nullptr; })));
    },
    Missing::raises};

extern constinit const Quantity kVideoCodec{
    "video.codec",
    1,
    ValueKind::text,
    Unit::none,
    SubjectKind::video_stream,
    {},
    {},
    {},
    "video codec",
    "The codec as libav names it: prores, h264, hevc, mpeg2video and others.",
    "the bitstream, else the container",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_video(evidence,
                        [&]([[maybe_unused]] const probes::StreamFacts& stream,
                            [[maybe_unused]] const probes::VideoFacts& video) -> Answer {
                          return stream.codec.empty() ? not_known(evidence) : text(stream.codec);
                        });
    },
    Missing::nothing};

extern constinit const Quantity kVideoProfile{
    "video.profile",
    1,
    ValueKind::text,
    Unit::none,
    SubjectKind::video_stream,
    {},
    {},
    {},
    "codec profile",
    "Profile by its real name: 422 HQ, High 4:2:2 Intra, Main 10.",
    "the codec's own standard",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_picture_format(evidence,
                                 [&]([[maybe_unused]] const probes::StreamFacts& stream,
                                     [[maybe_unused]] const probes::VideoFacts& video) -> Answer {
                                   return of(evidence, stream.profile, kAsText,
                                             "The codec has no profiles.");
                                 });
    },
    Missing::nothing};

extern constinit const Quantity kVideoLevel{
    "video.level",
    1,
    ValueKind::text,
    Unit::none,
    SubjectKind::video_stream,
    {},
    {},
    {},
    "codec level",
    "Level by its real name: 4.1, High.",
    "the codec's own standard",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_video(evidence,
                        [&]([[maybe_unused]] const probes::StreamFacts& stream,
                            [[maybe_unused]] const probes::VideoFacts& video) -> Answer {
                          return of(evidence, stream.level, kAsText, "The codec has no levels.");
                        });
    },
    Missing::nothing};

extern constinit const Quantity kVideoCodecTag{
    "video.codec_tag",
    1,
    ValueKind::text,
    Unit::none,
    SubjectKind::video_stream,
    {},
    {},
    {},
    "codec tag",
    "Four-character code, or 0x and eight hex digits.",
    "the container",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_video(evidence,
                        [&]([[maybe_unused]] const probes::StreamFacts& stream,
                            [[maybe_unused]] const probes::VideoFacts& video) -> Answer {
                          return of(evidence, stream.codec_tag, kAsText,
                                    "The container has no codec tags.");
                        });
    },
    Missing::nothing};

extern constinit const Quantity kVideoWidth{
    "video.width",
    1,
    ValueKind::number,
    Unit::pixels,
    SubjectKind::video_stream,
    {},
    {},
    {},
    "frame width",
    "Luma samples of a line as presented (cropping of the bitstream applied).",
    "the bitstream, else the container",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_picture_format(evidence,
                                 [&]([[maybe_unused]] const probes::StreamFacts& stream,
                                     [[maybe_unused]] const probes::VideoFacts& video) -> Answer {
                                   return positive(evidence, video.width);
                                 });
    },
    Missing::nothing};

extern constinit const Quantity kVideoHeight{
    "video.height",
    1,
    ValueKind::number,
    Unit::pixels,
    SubjectKind::video_stream,
    {},
    {},
    {},
    "frame height",
    "Luma lines of a frame as presented (cropping of the bitstream applied).",
    "the bitstream, else the container",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_picture_format(evidence,
                                 [&]([[maybe_unused]] const probes::StreamFacts& stream,
                                     [[maybe_unused]] const probes::VideoFacts& video) -> Answer {
                                   return positive(evidence, video.height);
                                 });
    },
    Missing::nothing};

extern constinit const Quantity kVideoShortSide{
    "video.short_side",
    1,
    ValueKind::number,
    Unit::pixels,
    SubjectKind::video_stream,
    {},
    {},
    {},
    "short side of the frame",
    "The smaller of width and height as presented: 1080 of 1920x1080 and of 1080x1920.",
    "the bitstream, else the container",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_picture_format(evidence,
                                 [&]([[maybe_unused]] const probes::StreamFacts& stream,
                                     [[maybe_unused]] const probes::VideoFacts& video) -> Answer {
                                   return positive(evidence, std::min(video.width, video.height));
                                 });
    },
    Missing::nothing};

extern constinit const Quantity kVideoResolution{
    "video.resolution",
    1,
    ValueKind::text,
    Unit::none,
    SubjectKind::video_stream,
    {},
    {},
    {},
    "resolution",
    "Width x height as one word: 1920x1080.",
    "the bitstream, else the container",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_picture_format(
          evidence,
          [&]([[maybe_unused]] const probes::StreamFacts& stream,
              [[maybe_unused]] const probes::VideoFacts& video) -> Answer {
            return video.width > 0 && video.height > 0
                       ? text(std::to_string(video.width) + "x" + std::to_string(video.height))
                       : not_known(evidence);
          });
    },
    Missing::nothing};

extern constinit const Quantity kVideoPixelAspect{
    "video.pixel_aspect",
    1,
    ValueKind::number,
    Unit::ratio,
    SubjectKind::video_stream,
    {},
    {},
    {},
    "pixel aspect ratio",
    "Width of a pixel over its height.",
    "the container, else the bitstream",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_picture_format(evidence,
                                 [&]([[maybe_unused]] const probes::StreamFacts& stream,
                                     [[maybe_unused]] const probes::VideoFacts& video) -> Answer {
                                   return of(evidence, video.pixel_aspect, kAsNumber,
                                             "Nothing states it.");
                                 });
    },
    Missing::nothing};

extern constinit const Quantity kVideoDisplayAspect{
    "video.display_aspect",
    1,
    ValueKind::number,
    Unit::ratio,
    SubjectKind::video_stream,
    {},
    {},
    {},
    "display aspect ratio",
    "Width over height as presented, rotation not applied.",
    "arithmetic",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_picture_format(evidence,
                                 [&]([[maybe_unused]] const probes::StreamFacts& stream,
                                     [[maybe_unused]] const probes::VideoFacts& video) -> Answer {
                                   return of(evidence, video.display_aspect, kAsNumber,
                                             "Nothing states it.");
                                 });
    },
    Missing::nothing};

extern constinit const Quantity kVideoRotation{
    "video.rotation",
    1,
    ValueKind::number,
    Unit::degrees,
    SubjectKind::video_stream,
    {},
    {},
    {},
    "rotation",
    "Degrees clockwise to present the picture upright; 0 where nothing says otherwise.",
    "the container",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_video(evidence,
                        [&]([[maybe_unused]] const probes::StreamFacts& stream,
                            [[maybe_unused]] const probes::VideoFacts& video) -> Answer {
                          return video.rotation.is_absent()
                                     ? number(0)
                                     : of(evidence, video.rotation, kAsNumber, "");
                        });
    },
    Missing::nothing};

extern constinit const Quantity kVideoScan{
    "video.scan",
    1,
    ValueKind::text,
    Unit::none,
    SubjectKind::video_stream,
    {},
    {},
    kScans,
    "scan",
    "progressive, interlaced or mixed, as flagged.",
    "the bitstream, else the container",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_video(evidence,
                        [&]([[maybe_unused]] const probes::StreamFacts& stream,
                            [[maybe_unused]] const probes::VideoFacts& video) -> Answer {
                          return of(evidence, video.scan, kAsWord, "Nothing states it.");
                        });
    },
    Missing::either};

extern constinit const Quantity kVideoFieldOrder{
    "video.field_order",
    1,
    ValueKind::text,
    Unit::none,
    SubjectKind::video_stream,
    {},
    {},
    kFieldOrders,
    "field order",
    "The field presented first.",
    "the bitstream, else the container",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_video(evidence,
                        [&]([[maybe_unused]] const probes::StreamFacts& stream,
                            [[maybe_unused]] const probes::VideoFacts& video) -> Answer {
                          return of(evidence, video.field_order, kAsWord,
                                    "A progressive picture has no field order.");
                        });
    },
    Missing::nothing};

extern constinit const Quantity kVideoChroma{
    "video.chroma",
    1,
    ValueKind::text,
    Unit::none,
    SubjectKind::video_stream,
    {},
    {},
    kChromas,
    "chroma format",
    "Chroma subsampling; 4:4:4 for RGB, 4:0:0 for gray.",
    "the bitstream, else the container",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_picture_format(evidence,
                                 [&]([[maybe_unused]] const probes::StreamFacts& stream,
                                     [[maybe_unused]] const probes::VideoFacts& video) -> Answer {
                                   return of(evidence, video.chroma, kAsText, "Nothing states it.");
                                 });
    },
    Missing::nothing};

extern constinit const Quantity kVideoBitDepth{
    "video.bit_depth",
    1,
    ValueKind::number,
    Unit::bits,
    SubjectKind::video_stream,
    {},
    {},
    {},
    "bit depth",
    "Bits of a luma sample.",
    "the bitstream, else the container",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_picture_format(evidence,
                                 [&]([[maybe_unused]] const probes::StreamFacts& stream,
                                     [[maybe_unused]] const probes::VideoFacts& video) -> Answer {
                                   return of(evidence, video.bit_depth, kAsNumber,
                                             "Nothing states it.");
                                 });
    },
    Missing::nothing};

extern constinit const Quantity kVideoAlpha{
    "video.alpha",
    1,
    ValueKind::flag,
    Unit::none,
    SubjectKind::video_stream,
    {},
    {},
    {},
    "an alpha channel",
    "Whether the pictures have an alpha plane.",
    "the bitstream, else the container",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_video(evidence,
                        [&]([[maybe_unused]] const probes::StreamFacts& stream,
                            [[maybe_unused]] const probes::VideoFacts& video) -> Answer {
                          return video.alpha.is_absent() ? flag(false)
                                                         : of(evidence, video.alpha, kAsFlag, "");
                        });
    },
    Missing::nothing};

}  // namespace cleangate::specs
