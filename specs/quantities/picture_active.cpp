// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "probes/picture/luma_row.h"
#include "specs/quantities/luma_frames.h"

namespace cleangate::specs {
namespace {

struct ActivePicture {
  std::int64_t x = 0, y = 0, width = 0, height = 0;
};

// Edges of the active rectangles of frames with picture, one entry a frame.
struct Edges {
  std::vector<std::int64_t> left, top, right, bottom;
};

std::variant<Edges, Absent> edges_of(const LumaFrames& frames, std::int64_t first,
                                     std::int64_t end) {
  const auto x = frames.read("active_x", 0, first, end), y = frames.read("active_y", 0, first, end);
  const auto width = frames.read("active_width", 0, first, end);
  const auto height = frames.read("active_height", 0, first, end);
  if (!x || !y || !width || !height)
    return Absent{AbsenceKind::damaged, "The stored luma rows cannot be read."};
  Edges edges;
  std::optional<std::int64_t> sample;  // a measured frame: all must have its size
  for (std::int64_t frame = first; frame < end; ++frame) {
    if (frames.state(frame) != LumaFrames::State::measured) continue;
    if (!sample) sample = frame;
    if (frames.width(frame) != frames.width(*sample) ||
        frames.height(frame) != frames.height(*sample))
      return Absent{AbsenceKind::undefined,
                    fmt::format("The frames of stream {} change their size from {}x{} to {}x{}.",
                                frames.map().stream(), frames.width(*sample),
                                frames.height(*sample), frames.width(frame), frames.height(frame))};
    if (frames.flags(frame) & probes::LumaRow::kNoPicture) continue;
    const auto i = static_cast<std::size_t>(frame - first);
    edges.left.push_back((*x)[i]);
    edges.top.push_back((*y)[i]);
    edges.right.push_back((*x)[i] + (*width)[i]);
    edges.bottom.push_back((*y)[i] + (*height)[i]);
  }
  if (edges.left.empty())
    return Absent{AbsenceKind::undefined,
                  fmt::format("Every frame of stream {} is black.", frames.map().stream())};
  return edges;
}

// The outermost rectangle whose every edge is reached by at least `share` percent of the frames.
ActivePicture consensus(Edges edges, const Rational& share) {
  const auto count = static_cast<std::int64_t>(edges.left.size());
  const auto part = checked_mul(Rational(count), share / Rational(100));
  const std::int64_t needed = std::clamp<std::int64_t>(part ? part->ceil() : count, 1, count);
  const auto reached = [needed](std::vector<std::int64_t>& edge, auto before) {
    std::nth_element(edge.begin(), edge.begin() + (needed - 1), edge.end(), before);
    return edge[static_cast<std::size_t>(needed - 1)];
  };
  ActivePicture picture;
  picture.x = reached(edges.left, std::less<>());
  picture.y = reached(edges.top, std::less<>());
  picture.width = std::max<std::int64_t>(0, reached(edges.right, std::greater<>()) - picture.x);
  picture.height = std::max<std::int64_t>(0, reached(edges.bottom, std::greater<>()) - picture.y);
  return picture;
}

// One reading per video stream; `value_of` turns the active picture of a stream into its value.
template <class ValueOf>
std::vector<Reading> read_streams(const Evidence& evidence, const Parameters& parameters,
                                  const Window& window, ValueOf value_of) {
  std::vector<Reading> readings;
  for (const Subject& subject : video_subjects(evidence)) {
    Reading& reading = readings.emplace_back();
    reading.subject = subject;
    const auto frames = LumaFrames::of(evidence, subject.index);
    if (!frames) {
      reading.value = frames.error();
      continue;
    }
    const auto [first, end] = frames->map().frames_in(window);
    if (auto nothing = frames->nothing_in(first, end)) {
      reading.value = std::move(*nothing);
      continue;
    }
    auto edges = edges_of(*frames, first, end);
    if (auto* absent = std::get_if<Absent>(&edges)) {
      reading.value = std::move(*absent);
      continue;
    }
    reading.value =
        value_of(subject, consensus(std::get<Edges>(std::move(edges)), parameters.number("share")));
    reading.tainted_because = frames->taint(first, end);
  }
  return readings;
}

using Value = decltype(Reading::value);

template <std::int64_t ActivePicture::*kSide>
std::vector<Reading> evaluate(const Evidence& evidence, const Parameters& parameters,
                              const Window& window) {
  return read_streams(evidence, parameters, window,
                      [](const Subject&, const ActivePicture& picture) -> Value {
                        return Scalar(Rational(picture.*kSide));
                      });
}

// Width times pixel aspect over height: as a viewer sees it.
std::vector<Reading> evaluate_aspect(const Evidence& evidence, const Parameters& parameters,
                                     const Window& window) {
  return read_streams(
      evidence, parameters, window,
      [&](const Subject& subject, const ActivePicture& picture) -> Value {
        const probes::VideoFacts* video = nullptr;
        for (const probes::StreamFacts& stream : evidence.facts().streams)
          if (stream.index == subject.index) video = stream.video();
        if (!video || !video->pixel_aspect.is_known())
          return Absent{AbsenceKind::not_measured,
                        fmt::format("The pixel aspect of stream {} is not known.", subject.index)};
        if (picture.height == 0)
          return Absent{AbsenceKind::undefined,
                        fmt::format("Stream {} has no lasting picture.", subject.index)};
        const auto aspect =
            checked_mul(*video->pixel_aspect, Rational(picture.width, picture.height));
        if (!aspect)
          return Absent{AbsenceKind::undefined,
                        fmt::format("The pixel aspect of stream {} is absurd.", subject.index)};
        return Scalar(*aspect);
      });
}

constexpr std::array<RowNeed, 2> kNeeds{{{"picture.luma"}, {"video.frame_time"}}};
constexpr std::array<ParameterInfo, 1> kParameters{
    {{"share", Unit::percent, ValueKind::number, "5 %",
      "Each edge is the outermost that at least this share of the frames with picture reach."}}};

template <std::int64_t ActivePicture::*kSide>
constexpr Quantity side(std::string_view id, std::string_view noun, std::string_view meaning) {
  return {id,
          1,
          ValueKind::number,
          Unit::pixels,
          SubjectKind::video_stream,
          kNeeds,
          kParameters,
          {},
          noun,
          meaning,
          "docs/quantities/picture.active.md (own method)",
          evaluate<kSide>,
          Missing::either};
}

}  // namespace

extern const Quantity kPictureActiveAspect{
    .id = "picture.active_aspect",
    .version = 1,
    .kind = ValueKind::number,
    .unit = Unit::ratio,
    .subject = SubjectKind::video_stream,
    .needs = kNeeds,
    .parameters = kParameters,
    .allowed = {},
    .noun = "aspect ratio of the active picture",
    .meaning = "Width of the active picture over its height, as presented, over all frames.",
    .document = "docs/quantities/picture.active.md (own method)",
    .evaluate = evaluate_aspect,
    .missing = Missing::either};
extern const Quantity kPictureActiveX{
    side<&ActivePicture::x>("picture.active_x", "left edge of the active picture",
                            "Luma samples left of the active picture, over all frames.")};
extern const Quantity kPictureActiveY{
    side<&ActivePicture::y>("picture.active_y", "top edge of the active picture",
                            "Lines above the active picture, over all frames.")};
extern const Quantity kPictureActiveWidth{
    side<&ActivePicture::width>("picture.active_width", "width of the active picture",
                                "Width of the active picture in luma samples, over all frames.")};
extern const Quantity kPictureActiveHeight{
    side<&ActivePicture::height>("picture.active_height", "height of the active picture",
                                 "Height of the active picture in lines, over all frames.")};

}  // namespace cleangate::specs
