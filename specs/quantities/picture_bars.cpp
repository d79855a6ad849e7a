// SPDX-License-Identifier: Apache-2.0
// Color bars: where they are shown, which ones, and how far their levels are off.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

#include "probes/picture/bars_row.h"
#include "probes/picture/luma_ladder.h"
#include "specs/quantities/picture_rows.h"
#include "specs/quantities/shown_runs.h"
#include "specs/quantities/stream_readings.h"

namespace cleangate::specs {
namespace {

using probes::BarComponent;
using probes::BarLevel;
using probes::BarsBand;
using probes::BarsPattern;
using probes::BarsRow;

using Codes = std::array<std::vector<std::int64_t>, std::size_t{probes::kMostBars} * 3>;

// The picture.bars rows of a stream, by presented frame.
class BarsFrames {
 public:
  [[nodiscard]] static tl::expected<BarsFrames, Absent> of(const Evidence& evidence, int stream);

  [[nodiscard]] const FrameMap& map() const { return rows_.map(); }
  [[nodiscard]] std::vector<Shown> find(std::int64_t first, std::int64_t end,
                                        const Rational& score) const;
  // Why nothing can be said of frames [first, end).
  [[nodiscard]] std::optional<Absent> nothing_in(std::int64_t first, std::int64_t end) const;
  [[nodiscard]] BarsPattern pattern(std::int64_t frame) const {
    return static_cast<BarsPattern>(pattern_[rows_.row(frame)]);
  }
  // Of frames [first, end); nothing when the rows cannot be read.
  [[nodiscard]] std::optional<Codes> codes(std::int64_t first, std::int64_t end) const;
  // The largest error of the bars of a frame that shows some, `i` being its place among `codes`.
  [[nodiscard]] int error(std::int64_t frame, const Codes& codes, std::size_t i) const;

 private:
  explicit BarsFrames(PictureRows rows) : rows_(std::move(rows)) {}
  [[nodiscard]] Shown judge(std::int64_t frame, const Rational& score) const;
  [[nodiscard]] SignalRange range(std::int64_t frame) const;
  [[nodiscard]] probes::LumaWeights weights(std::int64_t frame) const;

  PictureRows rows_;
  ColorDescription stream_color_;
  std::vector<std::int64_t> flags_, bits_, pattern_, score_, stated_kr_, stated_kb_, fit_kr_,
      fit_kb_;  // per row
};

tl::expected<BarsFrames, Absent> BarsFrames::of(const Evidence& evidence, int stream) {
  auto rows = PictureRows::of(evidence, stream, BarsRow::kType, "color bars");
  if (!rows) return tl::unexpected(rows.error());
  BarsFrames frames(std::move(*rows));
  const std::pair<std::string_view, std::vector<std::int64_t>*> kColumns[] = {
      {"flags", &frames.flags_},         {"bits", &frames.bits_},
      {"pattern", &frames.pattern_},     {"score", &frames.score_},
      {"stated_kr", &frames.stated_kr_}, {"stated_kb", &frames.stated_kb_},
      {"fit_kr", &frames.fit_kr_},       {"fit_kb", &frames.fit_kb_}};
  for (const auto& [name, into] : kColumns) {
    auto values = frames.rows_.column(name);
    if (!values) return tl::unexpected(values.error());
    *into = std::move(*values);
  }
  for (const probes::StreamFacts& each : evidence.facts().streams)
    if (each.index == stream && each.video()) frames.stream_color_ = each.video()->color;
  return frames;
}

Shown BarsFrames::judge(std::int64_t frame, const Rational& score) const {
  constexpr std::int64_t kUnknown = BarsRow::kDamaged | BarsRow::kNotMeasured | BarsRow::kTooSmall;
  const std::size_t row = rows_.row(frame);
  if (map().damaged(frame) || (flags_[row] & kUnknown)) return Shown::open;
  if (flags_[row] & BarsRow::kNoChroma) return Shown::no;
  const bool known = pattern_[row] > 0 &&
                     pattern_[row] < static_cast<std::int64_t>(probes::kBarsPatterns) &&
                     bits_[row] >= 8 && bits_[row] <= 16;
  return known && Rational(score_[row]) >= score ? Shown::yes : Shown::no;
}

std::vector<Shown> BarsFrames::find(std::int64_t first, std::int64_t end,
                                    const Rational& score) const {
  std::vector<Shown> shown;
  for (std::int64_t frame = first; frame < end; ++frame) shown.push_back(judge(frame, score));
  return shown;
}

std::optional<Absent> BarsFrames::nothing_in(std::int64_t first, std::int64_t end) const {
  if (first >= end) return no_frame_there(map());
  const int stream = map().stream();
  std::int64_t small = 0, unread = 0, gray = 0;
  for (std::int64_t frame = first; frame < end; ++frame) {
    const std::int64_t flags = flags_[rows_.row(frame)];
    if (map().damaged(frame) || (flags & BarsRow::kDamaged)) continue;
    if (flags & BarsRow::kTooSmall)
      ++small;
    else if (flags & BarsRow::kNotMeasured)
      ++unread;
    else if (flags & BarsRow::kNoChroma)
      ++gray;
    else
      return std::nullopt;
  }
  if (gray > 0)
    return Absent{AbsenceKind::not_applicable, fmt::format("Stream {} has no color.", stream)};
  if (small > 0)
    return Absent{AbsenceKind::not_measured,
                  fmt::format("The picture of stream {} is too small to tell color bars.", stream)};
  if (unread > 0)
    return Absent{
        AbsenceKind::not_measured,
        fmt::format("Stream {} has a pixel layout whose color bars are not measured.", stream)};
  return all_damaged_there(map());
}

std::optional<Codes> BarsFrames::codes(std::int64_t first, std::int64_t end) const {
  Codes codes;
  for (std::uint32_t i = 0; i < codes.size(); ++i) {
    auto values = rows_.read("bars", i, first, end);
    if (!values) return std::nullopt;
    codes[i] = std::move(*values);
  }
  return codes;
}

// As the frame states it, else the stream; else the usual one.
SignalRange BarsFrames::range(std::int64_t frame) const {
  const std::size_t row = rows_.row(frame);
  const bool rgb = flags_[row] & BarsRow::kRgb;
  if (flags_[row] & BarsRow::kNoRange)
    return probes::nominal_range(rgb ? ColorModel::rgb : ColorModel::ycbcr, stream_color_.range,
                                 static_cast<int>(bits_[row]));
  return flags_[row] & BarsRow::kFull ? SignalRange::full : SignalRange::narrow;
}

// Of the matrix that the frame states, else the stream; else the one that fits.
probes::LumaWeights BarsFrames::weights(std::int64_t frame) const {
  const std::size_t row = rows_.row(frame);
  if (stated_kr_[row] > 0)
    return {static_cast<std::int32_t>(stated_kr_[row]), static_cast<std::int32_t>(stated_kb_[row])};
  if (stream_color_.matrix != MatrixCoefficients::unspecified)
    if (const auto weights = probes::luma_weights(stream_color_)) return *weights;
  return {static_cast<std::int32_t>(fit_kr_[row]), static_cast<std::int32_t>(fit_kb_[row])};
}

int BarsFrames::error(std::int64_t frame, const Codes& codes, std::size_t i) const {
  const std::size_t row = rows_.row(frame);
  const BarsPattern of = pattern(frame);
  const bool rgb = flags_[row] & BarsRow::kRgb;
  int largest = 0;
  for (int bar = 0; bar < bars_of(layout_of(of)); ++bar) {
    const BarLevel lit = bar_rgb(of, BarsBand::main, bar);
    const BarLevel wanted = rgb ? lit : ycbcr_of(lit, weights(frame));
    for (std::size_t c = 0; c < 3; ++c) {
      const std::int64_t code = codes[static_cast<std::size_t>(bar) * 3 + c][i];
      const auto component = !rgb && c > 0 ? BarComponent::chroma : BarComponent::level;
      const int found = probes::bar_level(static_cast<std::uint32_t>(code), component, range(frame),
                                          static_cast<int>(bits_[row]));
      largest = std::max(largest, std::abs(found - wanted[c]));
    }
  }
  return largest;
}

// What is asked of the frames in a window: which of them show bars is known already.
struct Asked {
  const BarsFrames& frames;
  std::int64_t first, end;
  const std::vector<Shown>& shown;
  [[nodiscard]] bool shows(std::int64_t frame) const {
    return shown[static_cast<std::size_t>(frame - first)] == Shown::yes;
  }
  [[nodiscard]] bool any() const {
    return std::find(shown.begin(), shown.end(), Shown::yes) != shown.end();
  }
  [[nodiscard]] std::optional<std::string> taint() const {
    const auto open = std::count(shown.begin(), shown.end(), Shown::open);
    return taint_of(frames.map(), open, end - first);
  }
  [[nodiscard]] Absent no_bars() const {
    if (const auto why = taint()) return {AbsenceKind::damaged, *why};
    return {AbsenceKind::not_applicable,
            fmt::format("Stream {} shows no color bars.", frames.map().stream())};
  }
};

void tell_runs(const Asked& asked, Reading& reading) {
  const FrameMap& map = asked.frames.map();
  tell_spans(map, runs_of(map, asked.first, asked.shown), reading);
}

void tell_error(const Asked& asked, Reading& reading) {
  if (!asked.any()) {
    reading.value = asked.no_bars();
    return;
  }
  const auto codes = asked.frames.codes(asked.first, asked.end);
  if (!codes) {
    reading.value = Absent{AbsenceKind::damaged, "The stored color bars cannot be read."};
    return;
  }
  int largest = -1;
  std::int64_t where = asked.first;
  for (std::int64_t frame = asked.first; frame < asked.end; ++frame) {
    if (!asked.shows(frame)) continue;
    const int error =
        asked.frames.error(frame, *codes, static_cast<std::size_t>(frame - asked.first));
    if (error > largest) where = frame;
    largest = std::max(largest, error);
  }
  reading.value = Scalar(Rational(largest, 100));
  reading.where.push_back(asked.frames.map().span(where, where + 1));
  reading.tainted_because = asked.taint();
}

void tell_pattern(const Asked& asked, Reading& reading) {
  if (!asked.any()) {
    reading.value = asked.no_bars();
    return;
  }
  auto only = BarsPattern::none;
  for (std::int64_t frame = asked.first; frame < asked.end; ++frame) {
    if (!asked.shows(frame)) continue;
    const BarsPattern shown = asked.frames.pattern(frame);
    if (only != BarsPattern::none && shown != only) {
      reading.value =
          Absent{AbsenceKind::undefined,
                 fmt::format("Stream {} shows color bars of several patterns ({}, {}).",
                             asked.frames.map().stream(), bars_name(only), bars_name(shown))};
      return;
    }
    only = shown;
  }
  reading.value = Scalar(std::string(bars_name(only)));
  reading.tainted_because = asked.taint();
}

template <void (*kTell)(const Asked&, Reading&)>
std::vector<Reading> evaluate(const Evidence& evidence, const Parameters& parameters,
                              const Window& window) {
  return read_video_streams(
      evidence, window, [&](int stream) { return BarsFrames::of(evidence, stream); },
      [&](const BarsFrames& frames, std::int64_t first, std::int64_t end, Reading& reading) {
        const auto shown = frames.find(first, end, parameters.number("score"));
        kTell({frames, first, end, shown}, reading);
      });
}

constexpr std::array<RowNeed, 2> kNeeds{{{"picture.bars"}, {"video.frame_time"}}};
constexpr std::array<ParameterInfo, 1> kParameters{
    {{"score", Unit::none, ValueKind::number, "800",
      "A frame shows color bars when it looks like a pattern this much, of 1000."}}};
constexpr std::array<std::string_view, 7> kNames{"smpte",      "rp219",     "ebu75",   "ebu100",
                                                 "bt2111_hlg", "bt2111_pq", "tech3373"};
constexpr std::string_view kDocument =
    "SMPTE EG 1, SMPTE RP 219-1, ITU-R BT.471-1, ITU-R BT.2111-2, EBU Tech 3373, ARIB STD-B28, "
    "ARIB STD-B72";

}  // namespace

extern const Quantity kPictureBars{
    .id = "picture.bars",
    .version = 1,
    .kind = ValueKind::spans,
    .unit = Unit::frames,
    .subject = SubjectKind::video_stream,
    .needs = kNeeds,
    .parameters = kParameters,
    .allowed = {},
    .noun = "color bars",
    .meaning = "Runs of presented frames, one or longer, that show a color-bar test pattern.",
    .document = kDocument,
    .evaluate = evaluate<tell_runs>,
    .missing = Missing::raises};
extern const Quantity kPictureBarsError{
    .id = "picture.bars_error",
    .version = 1,
    .kind = ValueKind::number,
    .unit = Unit::percent,
    .subject = SubjectKind::video_stream,
    .needs = kNeeds,
    .parameters = kParameters,
    .allowed = {},
    .noun = "largest level error of the color bars",
    .meaning =
        "The largest difference of Y', C'b, C'r (or R', G', B') of any bar from its "
        "document, in the frames of picture.bars.",
    .document = kDocument,
    .evaluate = evaluate<tell_error>,
    .missing = Missing::raises};
extern const Quantity kPictureBarsPattern{
    .id = "picture.bars_pattern",
    .version = 1,
    .kind = ValueKind::text,
    .unit = Unit::none,
    .subject = SubjectKind::video_stream,
    .needs = kNeeds,
    .parameters = kParameters,
    .allowed = kNames,
    .noun = "color-bar pattern",
    .meaning = "Which pattern the frames of picture.bars show.",
    .document = kDocument,
    .evaluate = evaluate<tell_pattern>,
    .missing = Missing::either};

}  // namespace cleangate::specs
