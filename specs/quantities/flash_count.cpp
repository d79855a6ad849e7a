// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/flash_count.h"

#include <algorithm>
#include <cmath>

namespace cleangate::specs {
namespace {

using probes::FlashCut;
using probes::kLightCells;
using probes::kLightColumns;
using probes::kWideCells;
using probes::kWideColumns;

std::size_t index(int row, int column, int columns) {
  return static_cast<std::size_t>(row * columns + column);
}

// A change of luminance that counts.
bool counts(float from, float to, const FlashLimits& limits, bool hdr) {
  constexpr float kSlack = 1e-3F;  // cd/m2, of the arithmetic
  const float darker = std::min(from, to), change = std::abs(to - from);
  if (darker < static_cast<float>(limits.dark))
    return change >= static_cast<float>(limits.change) - kSlack;
  return hdr && change * 17 >= from + to;
}

// A flat ground of which a part, as flat, changes: then the darkest and the brightest squares move
// apart exactly as far as the part changes, unless all of it changes.
bool part_of_flat(float darkest, float brightest, float reach) {
  constexpr float kUnequal = 0.08F;
  return darkest >= 0 && brightest >= 0 &&
         std::abs(darkest + brightest - reach) <= kUnequal * reach;
}

class LuminanceChanges {
 public:
  LuminanceChanges(const FlashPicture& before, const FlashPicture& now, const FlashLimits& limits,
                   bool hdr)
      : before_(before), now_(now), limits_(limits), hdr_(hdr) {}

  // Of a light cell within a wide cell; 0 where too little changes in the mean and not a part.
  [[nodiscard]] float share(std::size_t cell, std::size_t wide) const {
    const float change = now_.light[cell] - before_.light[cell];
    const float sign = change < 0 ? -1.0F : 1.0F;
    const FlashPicture& dark = change < 0 ? now_ : before_;
    const FlashPicture& bright = change < 0 ? before_ : now_;
    const float reach = bright.brightest[wide] - dark.darkest[wide];
    const float darkest = bright.darkest[wide] - dark.darkest[wide];
    const float brightest = bright.brightest[wide] - dark.brightest[wide];
    if (counts(dark.darkest[wide], bright.brightest[wide], limits_, hdr_) &&
        part_of_flat(darkest, brightest, reach))
      return sign * std::min(1.0F, std::abs(change) / reach);
    return counts(before_.light[cell], now_.light[cell], limits_, hdr_) ? sign : 0.0F;
  }
  [[nodiscard]] float change(std::size_t cell) const {
    return now_.light[cell] - before_.light[cell];
  }

 private:
  const FlashPicture &before_, &now_;
  const FlashLimits& limits_;
  bool hdr_;
};

// Where a cell next to it changes as a whole, the change of this one tells how far that reaches.
float beside(const LuminanceChanges& all, const CellChanges& found, int row, int column, int rows,
             int columns) {
  const float change = all.change(index(row, column, kLightColumns));
  float most = 0;
  for (int y = std::max(0, row - 1); y <= std::min(rows - 1, row + 1); ++y)
    for (int x = std::max(0, column - 1); x <= std::min(columns - 1, column + 1); ++x) {
      const std::size_t cell = index(y, x, kLightColumns);
      const float whole = all.change(cell);
      if (std::abs(found[cell]) >= 1.0F && whole * change > 0)
        most = std::max(most, std::abs(change) / std::abs(whole));
    }
  return std::copysign(std::min(1.0F, most), change);
}

}  // namespace

bool may_flash(const LightCells& least, const LightCells& most, const LightCells& now,
               const CellAreas& areas, const FlashLimits& limits) {
  // What counts is at least `change`, above `dark` at least an eighth of it (Michelson 1/17); a
  // cell that changes in part, does so in the share of its own change of that of the part.
  const double least_change = std::min(limits.change, limits.dark / 8);
  double up = 0, down = 0;
  for (std::size_t i = 0; i < kLightCells; ++i) {
    up += areas[i] * std::min(static_cast<double>(now[i] - least[i]), least_change);
    down += areas[i] * std::min(static_cast<double>(most[i] - now[i]), least_change);
  }
  constexpr double kSlack = 0.99;  // of the arithmetic
  return std::max(up, down) > kSlack * limits.area * least_change;
}

void luminance_changes(const FlashPicture& before, const FlashPicture& now, int width, int height,
                       const FlashLimits& limits, bool hdr, CellChanges& changes) {
  const FlashCut across = FlashCut::across(width), down = FlashCut::down(height);
  const LuminanceChanges all(before, now, limits, hdr);
  std::array<int, kLightColumns> wide_column{};
  for (int x = 0; x < across.light; ++x)
    wide_column[static_cast<std::size_t>(x)] = across.wide_of(x);
  CellChanges found{};
  bool any = false;
  for (int y = 0; y < down.light; ++y) {
    const int wide_row = down.wide_of(y);
    for (int x = 0; x < across.light; ++x) {
      const std::size_t cell = index(y, x, kLightColumns);
      found[cell] =
          all.share(cell, index(wide_row, wide_column[static_cast<std::size_t>(x)], kWideColumns));
      any = any || found[cell] != 0;
    }
  }
  changes = found;
  if (!any) return;
  for (int y = 0; y < down.light; ++y)
    for (int x = 0; x < across.light; ++x) {
      const std::size_t cell = index(y, x, kLightColumns);
      if (found[cell] == 0) changes[cell] = beside(all, found, y, x, down.light, across.light);
    }
}

void red_changes(const FlashPicture& before, const FlashPicture& now, const FlashLimits& limits,
                 CellChanges& changes) {
  changes = {};
  std::array<float, kWideCells> moved{};
  float most_in = 0, most_out = 0;
  for (std::size_t i = 0; i < kWideCells; ++i) {
    most_in = std::max(most_in, now.red[i] - before.red[i]);
    most_out = std::max(most_out, before.red[i] - now.red[i]);
  }
  constexpr float kFew = 0.05F;  // share of a cell
  if (std::max(most_in, most_out) < kFew) return;
  for (std::size_t i = 0; i < kWideCells; ++i)
    moved[i] = std::hypot(now.u[i] - before.u[i], now.v[i] - before.v[i]);
  for (const bool in : {true, false}) {
    const float most = in ? most_in : most_out;
    if (most < kFew) continue;
    // How far the color moves is read where the most squares turn red, or cease to be: there
    // squares that are red in part weigh least.
    float difference = 1;
    const auto turned = [&](std::size_t i) {
      return in ? now.red[i] - before.red[i] : before.red[i] - now.red[i];
    };
    for (std::size_t i = 0; i < kWideCells; ++i)
      if (turned(i) >= 0.9F * most) difference = std::min(difference, moved[i] / turned(i));
    if (difference < static_cast<float>(limits.red_difference)) continue;
    for (std::size_t i = 0; i < kWideCells; ++i) {
      if (turned(i) <= 0) continue;
      const float share = std::min({1.0F, moved[i] / difference, turned(i) + 0.15F});
      changes[i] = in ? share : -share;
    }
  }
}

CellAreas cell_areas(int width, int height, FlashPart part) {
  const bool wide = part == FlashPart::red;
  const FlashCut across = FlashCut::across(width), down = FlashCut::down(height);
  const int columns = wide ? across.wide : across.light, rows = wide ? down.wide : down.light;
  const double samples = static_cast<double>(width) * height;
  CellAreas areas{};
  for (int y = 0; y < rows; ++y)
    for (int x = 0; x < columns; ++x)
      areas[index(y, x, wide ? kWideColumns : kLightColumns)] =
          static_cast<double>(across.sample(x + 1, columns) - across.sample(x, columns)) *
          (down.sample(y + 1, rows) - down.sample(y, rows)) / samples;
  return areas;
}

void FlashCount::forget() {
  for (Cell& cell : cells_) cell = {};
}

// False: it only goes on.
bool FlashCount::record(Cell& cell, const Change& change, int direction) const {
  if (direction == cell.direction) return false;
  cell.direction = direction;
  const auto kept = static_cast<std::size_t>(2 * limits_.flashes + 1);
  if (cell.changes.size() == kept) cell.changes.erase(cell.changes.begin());
  cell.changes.push_back(change);
  return true;
}

// More than so many flashes within the window. That flashes with leading edges 360 ms (50 Hz; 334
// ms at 60 Hz) apart are acceptable follows: four of them do not fit.
bool FlashCount::harmful(const Cell& cell) const {
  const auto wanted = static_cast<std::size_t>(2 * limits_.flashes + 1);
  return cell.changes.size() >= wanted &&
         cell.changes.back().start_ns - cell.changes.front().start_ns < limits_.window_ns;
}

std::optional<FlashCount::Harm> FlashCount::add(std::int64_t frame, std::int64_t since,
                                                std::int64_t start_ns, const CellChanges& changes,
                                                const CellAreas& areas) {
  double up = 0, down = 0;
  for (std::size_t i = 0; i < kLightCells; ++i)
    (changes[i] > 0 ? up : down) += static_cast<double>(std::abs(changes[i])) * areas[i];
  constexpr double kSlack = 1e-9;  // of the arithmetic
  const double limit = limits_.area + kSlack;
  if (up <= limit && down <= limit) return std::nullopt;
  Harm harm{frame, 0};
  bool begins = false;
  for (std::size_t i = 0; i < kLightCells; ++i) {
    if (changes[i] == 0 || (changes[i] > 0 ? up : down) <= limit) continue;
    Cell& cell = cells_[i];
    begins |= record(cell, {frame, start_ns, std::abs(changes[i])}, changes[i] > 0 ? 1 : -1);
    if (cell.changes.back().frame <= since || !harmful(cell)) continue;
    float share = 1;
    for (const Change& each : cell.changes) share = std::min(share, each.share);
    harm.area += static_cast<double>(share) * areas[i];
    harm.first = std::min(harm.first, cell.changes.front().frame);
  }
  if (begins && harm.area > limit) return harm;
  return std::nullopt;
}

}  // namespace cleangate::specs
