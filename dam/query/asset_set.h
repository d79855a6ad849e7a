// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "dam/record.h"

namespace cleangate::dam::query {

// A set of assets: one bit for each catalog number, so that and, or and not of whole catalogs cost
// microseconds. Numbers outside [0, size) are in no set.
class AssetSet {
 public:
  explicit AssetSet(AssetNumber size = 0)
      : size_(size), words_((static_cast<std::size_t>(size) + 63) / 64) {}

  // Was it new?
  bool insert(AssetNumber asset) {
    if (asset < 0 || asset >= size_) return false;
    std::uint64_t& word = words_[static_cast<std::size_t>(asset) / 64];
    const std::uint64_t bit = std::uint64_t{1} << (static_cast<std::size_t>(asset) % 64);
    const bool fresh = (word & bit) == 0;
    word |= bit;
    return fresh;
  }
  void erase(AssetNumber asset) {
    if (contains(asset))
      words_[static_cast<std::size_t>(asset) / 64] &=
          ~(std::uint64_t{1} << (static_cast<std::size_t>(asset) % 64));
  }
  // Every number from `first` on.
  void fill(AssetNumber first) {
    for (AssetNumber asset = first; asset < size_; ++asset) insert(asset);
  }
  [[nodiscard]] bool contains(AssetNumber asset) const {
    return asset >= 0 && asset < size_ &&
           (words_[static_cast<std::size_t>(asset) / 64] >> (static_cast<std::size_t>(asset) % 64) &
            1) != 0;
  }
  [[nodiscard]] std::int64_t count() const {
    std::int64_t total = 0;
    for (const std::uint64_t word : words_) total += std::popcount(word);
    return total;
  }
  [[nodiscard]] AssetNumber size() const { return size_; }

  AssetSet& operator&=(const AssetSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
    return *this;
  }
  AssetSet& operator|=(const AssetSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
    return *this;
  }
  AssetSet& operator-=(const AssetSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= ~other.words_[i];
    return *this;
  }

  // In ascending order.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (std::size_t i = 0; i < words_.size(); ++i)
      for (std::uint64_t word = words_[i]; word != 0; word &= word - 1)
        visit(static_cast<AssetNumber>(i * 64 + static_cast<std::size_t>(std::countr_zero(word))));
  }

 private:
  AssetNumber size_;
  std::vector<std::uint64_t> words_;
};

}  // namespace cleangate::dam::query
