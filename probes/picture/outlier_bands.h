// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace cleangate::probes {

inline constexpr std::size_t kMostBands = 3;
inline constexpr int kMostBandLines = 8;  // lines (of a field), or columns, side by side
inline constexpr int kBandFloor = 8;      // least level[0] of a band, code values of 8 bits
// Shares of a band's samples, in eighths, that OutlierBand::level tells of.
inline constexpr std::array<int, 4> kBandShares{2, 3, 4, 6};

// Lines or columns that differ from those on either side. Code values of 8 bits.
struct OutlierBand {
  std::uint16_t at = 0;    // the first of them
  std::uint8_t count = 0;  // as many, 1..8; 0: nothing was found
  std::uint8_t apart = 0;  // median |difference| of the two beside the band
  // At least this share of its samples lie at least so far outside of what the two samples beside
  // them span (mean over the lines of the band). Samples whose neighbors differ by more than that
  // count as 0.
  std::array<std::uint8_t, kBandShares.size()> level{};
  // Means of the quarters of what lies right before, and right behind the band.
  std::array<std::array<std::uint8_t, 4>, 2> around{};
};
using Bands = std::array<OutlierBand, kMostBands>;  // in order; those not found come last

// Chooses lines or columns that may differ from those beside them, and measures how.
class BandFinder {
 public:
  struct Candidate {
    int at = 0, count = 0;
    std::int64_t step = 0;
  };
  // `edges[i]` is the sum of |differences| of line i and line i - apart, over `samples` of samples
  // of `bits`; the sums of the first `apart` are not read.
  std::span<const Candidate> choose(std::span<const std::uint32_t> edges, int apart,
                                    std::uint64_t samples, int bits);
  // Room for a candidate: the line before, its lines, the line behind, `length` samples of 8 bits.
  void make_room(std::size_t length);
  [[nodiscard]] std::uint8_t* row(std::size_t candidate, int index) {
    return rows_.data() + (candidate * kRows + static_cast<std::size_t>(index)) * length_;
  }
  // What those samples show; count is 0 where it is below the floor.
  [[nodiscard]] OutlierBand measure(std::size_t candidate) const;

 private:
  static constexpr std::size_t kRows = kMostBandLines + 2;
  void consider(const Candidate& candidate, int apart);

  std::array<Candidate, kMostBands> candidates_{};
  std::size_t found_ = 0, length_ = 0;
  std::vector<std::uint8_t> rows_;
};

}  // namespace cleangate::probes
