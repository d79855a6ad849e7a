// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/frame_sweep.h"

#include <algorithm>
#include <vector>

#include "probes/picture/flash_kernels.h"
#include "probes/picture/flash_sweep.h"
#include "probes/picture/picture_digest.h"

namespace cleangate::probes {
namespace {

constexpr int kCell = 8;            // samples
constexpr int kShortSumBits = 12;   // depth up to which the sums of 15 lines fit 16 bits
constexpr unsigned kBlack8 = 24;    // black_threshold() at 8 bits
constexpr int kPictureShare = 128;  // a line has picture when more than width/128 samples show it
constexpr std::array<unsigned, kContrastRungs> kContrast8{2, 4, 8, 16, 32, 64};

std::uint16_t scale8(unsigned value, int bits) {
  return static_cast<std::uint16_t>(bits >= 8 ? value << (bits - 8) : value >> (8 - bits));
}

// First and one past the last element over the limit; 0, 0 when there is none.
std::pair<int, int> extent(std::span<const std::uint16_t> counts, int limit) {
  const auto over = [limit](std::uint16_t count) { return count > limit; };
  const auto first = std::find_if(counts.begin(), counts.end(), over);
  if (first == counts.end()) return {0, 0};
  const auto last = std::find_if(counts.rbegin(), counts.rend(), over);
  return {static_cast<int>(first - counts.begin()), static_cast<int>(counts.rend() - last)};
}

}  // namespace

struct FrameSweep::State {
  explicit State(Options given)
      : options(given),
        kernels(&sweep_kernels(given.cpu)),
        folds(&flash_kernels(given.cpu)),
        flash(given.cpu),
        changes(given.cpu),
        fields(given.cpu),
        outliers(given.cpu),
        digester(given.cpu),
        signal(given.cpu),
        texture(given.cpu) {}

  void forget();
  void prepare();
  void visit_strip(int first, int end);
  template <class Sum>
  void close_cells(int line, std::vector<Sum>& sums);
  void find_active();
  void count_active();
  void count_part(int y, int x, int width);
  [[nodiscard]] int step() const { return std::max(1, options.strip_lines); }

  Options options;
  const SweepKernels* kernels;
  const FlashKernels* folds;
  LumaLines lines;
  Unmeasured unmeasured = Unmeasured::layout;
  int width = 0, height = 0, bits = 0;
  ColorModel model = ColorModel::ycbcr;
  ColorDescription color;

  LumaHistogram all{*kernels}, part{*kernels};
  std::span<const std::uint32_t> histogram, active_histogram;
  std::vector<std::uint32_t> active_counts;

  std::uint16_t black = 0, contrast_max = 0;
  std::array<std::uint16_t, kContrastRungs> rungs{};
  std::array<std::uint32_t, kContrastRungs> contrast_above{};
  std::vector<std::uint16_t> line_above, column_above;
  PictureRect active;

  int cell_columns = 0, cell_rows = 0, cell_first_line = 0;
  std::vector<std::uint16_t> short_sums;  // of the columns since cell_first_line
  std::vector<std::uint32_t> long_sums;
  std::vector<std::uint16_t> cell_means;

  FlashSweep flash;
  ChangeSweep changes;
  bool compares = false;
  FieldSweep fields;
  OutlierSweep outliers;
  PictureDigest digester;
  bool digests = false;
  std::uint64_t digest = 0;
  SignalSweep signal;
  bool signals = false;
  BarsFinder bars;
  TextureSweep texture;

  std::vector<std::uint16_t> scratch;  // a strip and the line below it
  std::vector<const void*> strip;      // its lines
};

void FrameSweep::State::forget() {
  width = height = bits = 0;
  histogram = active_histogram = {};
  line_above.clear();
  column_above.clear();
  contrast_above = {};
  contrast_max = black = 0;
  active = {};
  cell_columns = cell_rows = 0;
  cell_means.clear();
  flash.forget();
  changes.forget();
  signal.forget();
  bars.forget();
  texture.forget();
  fields.forget();
  outliers.forget();
  compares = digests = false;
  digest = 0;
}

void FrameSweep::State::prepare() {
  const auto columns = static_cast<std::size_t>(width);
  black = scale8(kBlack8, bits);
  for (std::size_t i = 0; i < kContrastRungs; ++i) rungs[i] = scale8(kContrast8[i], bits);
  contrast_max = 0;
  contrast_above = {};
  line_above.assign(static_cast<std::size_t>(height), 0);
  column_above.assign(columns, 0);
  if (bits <= kShortSumBits)
    short_sums.assign(columns, 0);
  else
    long_sums.assign(columns, 0);
  cell_columns = std::max(1, width / kCell);
  cell_rows = std::max(1, height / kCell);
  cell_first_line = 0;
  cell_means.resize(static_cast<std::size_t>(cell_columns) * static_cast<std::size_t>(cell_rows));
  all.reset(bits);
  const auto held = static_cast<std::size_t>(std::max(1, options.strip_lines)) + 1;
  strip.resize(held);
  if (scratch.size() < held * columns) scratch.resize(held * columns);
}

void FrameSweep::State::visit_strip(int first, int end) {
  const auto columns = static_cast<std::size_t>(width);
  for (int y = first; y <= std::min(end, height - 1); ++y) {
    const auto i = static_cast<std::size_t>(y - first);
    strip[i] = lines.line(y, scratch.data() + i * columns);
  }
  const bool short_sum = bits <= kShortSumBits;
  LumaLine task;
  task.width = width;
  task.mask = static_cast<std::uint16_t>((1u << bits) - 1);
  task.black = black;
  task.rungs = rungs;
  task.column_above = column_above.data();
  task.column_sum = short_sum ? static_cast<void*>(short_sums.data()) : long_sums.data();
  const auto measure = lines.bytes() ? kernels->line8
                       : short_sum   ? kernels->line16
                                     : kernels->line16_deep;
  for (int y = first; y < end; ++y) {
    const auto i = static_cast<std::size_t>(y - first);
    task.line = strip[i];
    task.next = y + 1 < height ? strip[i + 1] : strip[i];
    const LineCounts counts = measure(task);
    line_above[static_cast<std::size_t>(y)] = static_cast<std::uint16_t>(counts.above);
    contrast_max = std::max(contrast_max, counts.contrast_max);
    for (std::size_t r = 0; r < kContrastRungs; ++r) contrast_above[r] += counts.contrast_above[r];
    // The next line has just been read, the one below it comes next.
    const ReadSoon soon{lines.in_place() ? lines.in_memory(0, y + 2) : nullptr,
                        compares ? changes.reads(y + 1) : nullptr};
    if (lines.bytes())
      all.add(static_cast<const std::uint8_t*>(task.line), width, soon);
    else
      all.add(static_cast<const std::uint16_t*>(task.line), width, soon);
    if (short_sum)
      close_cells(y, short_sums);
    else
      close_cells(y, long_sums);
    flash.line(y);
    if (compares) changes.line(y, task.line);
    if (digests) fields.line(y, task.line);
    if (digests) digester.line(y);
    if (signals) signal.line(y);
    texture.line(y, task.line);
    outliers.line(y, task.line);
  }
}

// Turns the column sums into a row of cells where line y is the last of one.
template <class Sum>
void FrameSweep::State::close_cells(int line, std::vector<Sum>& sums) {
  const int row = cell_first_line / kCell;
  const bool last_row = row >= cell_rows - 1;
  if (last_row ? line != height - 1 : line != cell_first_line + kCell - 1) return;
  const auto held = static_cast<std::uint32_t>(line - cell_first_line + 1);
  const int shift = 16 - bits;
  std::uint16_t* means =
      cell_means.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(cell_columns);
  const int whole = held == kCell ? cell_columns - 1 : 0;
  if constexpr (sizeof(Sum) == 2) {
    if (whole > 0) folds->fold(sums.data(), whole, 3, shift, 6, means);
  } else {
    if (whole > 0) folds->fold_deep(sums.data(), whole, 3, shift, 6, means);
  }
  for (int column = whole; column < cell_columns; ++column) {
    const int x = column * kCell, end = column == cell_columns - 1 ? width : x + kCell;
    std::uint32_t sum = 0;  // at most 15 * 15 * 65535
    for (int i = x; i < end; ++i) sum += sums[static_cast<std::size_t>(i)];
    // Left-justified the sum stays below 2^24 as well: the depth goes up as the shift goes down.
    const std::uint32_t samples = held * static_cast<std::uint32_t>(end - x);
    means[column] = static_cast<std::uint16_t>((sum << shift) / samples);
  }
  std::fill(sums.begin(), sums.end(), Sum{0});
  cell_first_line = line + 1;
}

void FrameSweep::State::find_active() {
  const auto [left, right] = extent(column_above, height / kPictureShare);
  const auto [top, bottom] = extent(line_above, width / kPictureShare);
  active = {};
  if (left == right || top == bottom) return;
  active = {static_cast<std::uint16_t>(left), static_cast<std::uint16_t>(top),
            static_cast<std::uint16_t>(right - left), static_cast<std::uint16_t>(bottom - top)};
}

void FrameSweep::State::count_part(int y, int x, int count) {
  if (count <= 0) return;
  const void* line = lines.line(y, scratch.data());
  if (lines.bytes())
    part.add(static_cast<const std::uint8_t*>(line) + x, count);
  else
    part.add(static_cast<const std::uint16_t*>(line) + x, count);
}

// Counts the smaller of the active rectangle and what surrounds it; the other is the rest.
void FrameSweep::State::count_active() {
  active_histogram = histogram;
  const auto inside = static_cast<std::uint64_t>(active.width) * active.height;
  const auto raster = static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(height);
  if (active.empty() || inside == raster) return;
  part.reset(bits);
  const int right = active.x + active.width, bottom = active.y + active.height;
  const bool count_inside = inside * 2 <= raster;
  if (count_inside) {
    for (int y = active.y; y < bottom; ++y) count_part(y, active.x, active.width);
    active_histogram = part.counts();
    return;
  }
  for (int y = 0; y < height; ++y) {
    if (y < active.y || y >= bottom) {
      count_part(y, 0, width);
      continue;
    }
    count_part(y, 0, active.x);
    count_part(y, right, width - right);
  }
  const auto outside = part.counts();
  active_counts.resize(histogram.size());
  for (std::size_t i = 0; i < outside.size(); ++i) active_counts[i] = histogram[i] - outside[i];
  active_histogram = active_counts;
}

FrameSweep::FrameSweep() : FrameSweep(Options{}) {}
FrameSweep::FrameSweep(Options options) : state_(std::make_unique<State>(options)) {}
FrameSweep::~FrameSweep() = default;
FrameSweep::FrameSweep(FrameSweep&&) noexcept = default;
FrameSweep& FrameSweep::operator=(FrameSweep&&) noexcept = default;

void FrameSweep::compare(const VideoFrame& frame, const VideoFrame& previous) {
  State& s = *state_;
  s.forget();
  s.unmeasured = s.lines.open(frame);
  if (!s.changes.begin(frame, previous)) return;
  std::vector<std::uint16_t>& scratch = s.scratch;
  if (scratch.size() < static_cast<std::size_t>(frame.width))
    scratch.resize(static_cast<std::size_t>(frame.width));
  s.fields.begin(frame, &previous, s.lines);
  for (int y = 0; y < frame.height; ++y) {
    const void* line = s.lines.line(y, scratch.data());
    s.changes.line(y, line);
    s.fields.line(y, line);
  }
  s.changes.finish();
  s.fields.finish();
}

void FrameSweep::run(const VideoFrame& frame, const VideoFrame* previous) {
  State& s = *state_;
  s.forget();
  s.model = frame.layout.model;
  s.color = frame.color;
  s.unmeasured = s.lines.open(frame);
  if (s.unmeasured != Unmeasured::measured) return;
  s.width = frame.width;
  s.height = frame.height;
  s.bits = s.lines.bits();
  s.prepare();
  s.digests = s.options.changes == Options::Changes::measured;
  if (s.digests) s.digester.begin(frame);
  if (s.digests) s.fields.begin(frame, previous, s.lines);
  s.signals = s.signal.begin(frame, s.lines);
  s.flash.begin(frame);
  s.texture.begin(frame, s.lines);
  s.outliers.begin(frame, s.lines);
  s.compares = s.digests && previous && s.changes.begin(frame, *previous);
  if (s.compares) s.signal.fetch_along(s.changes.before());
  for (int y = 0; y < s.height; y += s.step()) s.visit_strip(y, std::min(y + s.step(), s.height));
  if (s.compares) s.changes.finish();
  s.flash.finish(s.cell_means, s.bits);
  if (s.digests) s.digest = s.digester.finish();
  if (s.digests) s.fields.finish();
  if (s.signals) s.signal.finish();
  s.texture.finish();
  s.outliers.finish();
  s.histogram = s.all.counts();
  s.find_active();
  s.bars.find(frame, s.lines, s.active);
  s.count_active();
}

Unmeasured FrameSweep::unmeasured() const { return state_->unmeasured; }
int FrameSweep::width() const { return state_->width; }
int FrameSweep::height() const { return state_->height; }
int FrameSweep::bits() const { return state_->bits; }
ColorModel FrameSweep::model() const { return state_->model; }
const ColorDescription& FrameSweep::color() const { return state_->color; }
std::span<const std::uint32_t> FrameSweep::histogram() const { return state_->histogram; }
std::uint16_t FrameSweep::black_threshold() const { return state_->black; }
std::span<const std::uint16_t> FrameSweep::line_above() const { return state_->line_above; }
std::span<const std::uint16_t> FrameSweep::column_above() const { return state_->column_above; }
PictureRect FrameSweep::active() const { return state_->active; }
std::span<const std::uint32_t> FrameSweep::active_histogram() const {
  return state_->active_histogram;
}
std::uint16_t FrameSweep::contrast_max() const { return state_->contrast_max; }
const std::array<std::uint32_t, kContrastRungs>& FrameSweep::contrast_above() const {
  return state_->contrast_above;
}
const std::array<std::uint16_t, kContrastRungs>& FrameSweep::contrast_rungs() const {
  return state_->rungs;
}
std::uint64_t FrameSweep::digest() const { return state_->digest; }
const SignalMeasure& FrameSweep::signal() const { return state_->signal.measure(); }
const BarsMeasure& FrameSweep::bars() const { return state_->bars.measure(); }
const FrameChange& FrameSweep::change() const { return state_->changes.change(); }
const TextureMeasure& FrameSweep::texture() const { return state_->texture.measure(); }
const FrameFields& FrameSweep::fields() const { return state_->fields.fields(); }
const FlashRow& FrameSweep::flash() const { return state_->flash.row(); }
const FrameOutliers& FrameSweep::outliers() const { return state_->outliers.outliers(); }
CellGrid FrameSweep::cells() const {
  return {state_->cell_columns, state_->cell_rows, state_->cell_means};
}

}  // namespace cleangate::probes
