// SPDX-License-Identifier: Apache-2.0
// Pictures that show nothing but one color, and pictures without color.
#include <algorithm>
#include <array>
#include <vector>

#include "specs/quantities/shown_runs.h"
#include "specs/quantities/signal_frames.h"
#include "specs/quantities/stream_readings.h"

namespace cleangate::specs {
namespace {

using probes::SignalRow;

enum class Wanted : std::uint8_t { single_color, no_color };

struct Limits {
  Rational spread, dark;  // percent
};

constexpr std::uint32_t kP0point1 = 1, kP1 = 2, kP99 = 6, kP99point9 = 7;  // kLumaQuantileShares

std::int64_t part_of(std::int64_t range, const Rational& percent) {
  return (std::clamp(percent, Rational(0), Rational(100)) * Rational(range, 100)).floor();
}

// Two quantiles of each component that tells color.
struct Components {
  std::vector<std::pair<std::vector<std::int64_t>, std::vector<std::int64_t>>> ends;
};

class PlainFinder {
 public:
  PlainFinder(const SignalFrames& frames, Wanted wanted, const Limits& limits)
      : frames_(frames), wanted_(wanted), limits_(limits) {}
  // Of frames [first, end); nothing when the rows cannot be read.
  [[nodiscard]] std::optional<std::vector<Shown>> find(std::int64_t first, std::int64_t end);

 private:
  bool read(std::int64_t first, std::int64_t end);
  bool read(std::span<const std::string_view> names, Components& into, std::int64_t first,
            std::int64_t end) const;
  [[nodiscard]] Shown judge(std::int64_t frame, std::size_t i) const;
  [[nodiscard]] bool one_color(const Components& of, std::int64_t range, std::size_t i) const;
  [[nodiscard]] bool neutral(std::int64_t frame, std::int64_t range, std::size_t i) const;

  const SignalFrames& frames_;
  Wanted wanted_;
  Limits limits_;
  std::vector<std::int64_t> cell_min_, cell_max_;
  Components chroma_, rgb_;
};

bool PlainFinder::read(std::span<const std::string_view> names, Components& into,
                       std::int64_t first, std::int64_t end) const {
  const bool plain = wanted_ == Wanted::single_color;
  for (const std::string_view name : names) {
    auto low = frames_.read(name, plain ? kP1 : kP0point1, first, end);
    auto high = frames_.read(name, plain ? kP99 : kP99point9, first, end);
    if (!low || !high) return false;
    into.ends.emplace_back(std::move(*low), std::move(*high));
  }
  return true;
}

bool PlainFinder::read(std::int64_t first, std::int64_t end) {
  static constexpr std::array<std::string_view, 2> kChroma{"cb", "cr"};
  static constexpr std::array<std::string_view, 3> kRgb{"red", "green", "blue"};
  auto low = frames_.luma().read("cell_min", 0, first, end);
  auto high = frames_.luma().read("cell_max", 0, first, end);
  if (!low || !high || !read(kChroma, chroma_, first, end) || !read(kRgb, rgb_, first, end))
    return false;
  cell_min_ = std::move(*low);
  cell_max_ = std::move(*high);
  return true;
}

bool PlainFinder::one_color(const Components& of, std::int64_t range, std::size_t i) const {
  const std::int64_t most = part_of(range, limits_.spread);
  return std::all_of(of.ends.begin(), of.ends.end(), [&](const auto& component) {
    return component.second[i] - component.first[i] <= most;
  });
}

bool PlainFinder::neutral(std::int64_t frame, std::int64_t range, std::size_t i) const {
  const std::int64_t most = part_of(range, limits_.spread);
  const std::int64_t middle = std::int64_t{1} << (frames_.bits(frame) - 1);
  return std::all_of(chroma_.ends.begin(), chroma_.ends.end(), [&](const auto& component) {
    return component.first[i] >= middle - most && component.second[i] <= middle + most;
  });
}

Shown PlainFinder::judge(std::int64_t frame, std::size_t i) const {
  const std::int64_t lacking = wanted_ == Wanted::no_color ? SignalRow::kNoChroma : 0;
  if (!frames_.tells(frame, lacking)) return Shown::open;
  const LumaScale scale = frames_.luma().scale(frame);
  const int shift = 16 - scale.bits;
  const std::int64_t range = (scale.nominal.white - scale.nominal.black) << shift;
  const std::int64_t dark = (scale.nominal.black << shift) + part_of(range, limits_.dark);
  if (cell_max_[i] <= dark) return Shown::no;  // black has its own quantity
  const std::int64_t flags = frames_.flags(frame);
  const int bits = frames_.bits(frame);
  const std::int64_t excursion =
      flags & SignalRow::kFull ? (std::int64_t{1} << bits) - 1 : std::int64_t{224} << (bits - 8);
  if (wanted_ == Wanted::no_color) return neutral(frame, excursion, i) ? Shown::yes : Shown::no;
  if (cell_max_[i] - cell_min_[i] > part_of(range, limits_.spread)) return Shown::no;
  if (!(flags & SignalRow::kNoChroma))
    return one_color(chroma_, excursion, i) ? Shown::yes : Shown::no;
  if (flags & SignalRow::kNoRgb) return Shown::open;
  constexpr std::int64_t kRgbRange = (probes::kRgbWhite - probes::kRgbBlack) / 4;
  return one_color(rgb_, kRgbRange, i) ? Shown::yes : Shown::no;
}

std::optional<std::vector<Shown>> PlainFinder::find(std::int64_t first, std::int64_t end) {
  if (!read(first, end)) return std::nullopt;
  std::vector<Shown> shown;
  for (std::int64_t frame = first; frame < end; ++frame)
    shown.push_back(judge(frame, static_cast<std::size_t>(frame - first)));
  return shown;
}

template <Wanted kWanted>
std::vector<Reading> evaluate(const Evidence& evidence, const Parameters& parameters,
                              const Window& window) {
  const Limits limits{parameters.number("spread"), parameters.number("dark")};
  const std::int64_t lacking = kWanted == Wanted::no_color ? SignalRow::kNoChroma : 0;
  return read_video_streams(
      evidence, window, [&](int stream) { return SignalFrames::of(evidence, stream); },
      [&](const SignalFrames& frames, std::int64_t first, std::int64_t end, Reading& reading) {
        if (const auto shown = PlainFinder(frames, kWanted, limits).find(first, end))
          tell_spans(frames.map(), runs_of(frames.map(), first, *shown), reading);
        else
          reading.value = Absent{AbsenceKind::damaged, "The stored color rows cannot be read."};
      },
      lacking);
}

constexpr std::array<RowNeed, 3> kNeeds{
    {{"picture.signal"}, {"picture.luma"}, {"video.frame_time"}}};
constexpr ParameterInfo kDark{
    "dark", Unit::percent, ValueKind::number, "5 %",
    "Frames with no cell of 8x8 samples brighter than this are black and not counted here."};
constexpr std::array<ParameterInfo, 2> kSingleParameters{
    {{"spread", Unit::percent, ValueKind::number, "2 %",
      "The means of cells of 8x8 luma samples, and 98 % of C'b and of C'r (of R', G' and B'), lie "
      "within this share of the range."},
     kDark}};
constexpr std::array<ParameterInfo, 2> kNoColorParameters{
    {{"spread", Unit::percent, ValueKind::number, "1 %",
      "99.8 % of C'b and of C'r lie no farther from neutral than this share of their excursion."},
     kDark}};

template <Wanted kWanted>
constexpr Quantity quantity(std::string_view id, std::span<const ParameterInfo> parameters,
                            std::string_view noun, std::string_view meaning) {
  return {.id = id,
          .version = 1,
          .kind = ValueKind::spans,
          .unit = Unit::frames,
          .subject = SubjectKind::video_stream,
          .needs = kNeeds,
          .parameters = parameters,
          .allowed = {},
          .noun = noun,
          .meaning = meaning,
          .document = "ITU-R BT.709-6 and BT.2100-2: nominal levels",
          .evaluate = evaluate<kWanted>,
          .missing = Missing::raises};
}

}  // namespace

extern const Quantity kPictureSingleColor{quantity<Wanted::single_color>(
    "picture.single_color", kSingleParameters, "picture of one color",
    "Runs of presented frames, one or longer, that show one even color, black excepted.")};
extern const Quantity kPictureNoColor{quantity<Wanted::no_color>(
    "picture.no_color", kNoColorParameters, "picture without color",
    "Runs of presented frames, one or longer, that are gray throughout, black excepted.")};

}  // namespace cleangate::specs
