// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cleangate::dam::query {

// A set of rows by their numbers: one bit for each, so that and, or and not of whole catalogs cost
// microseconds. Numbers outside [0, size) are in no set.
class NumberSet {
 public:
  explicit NumberSet(std::int64_t size = 0)
      : size_(size), words_((static_cast<std::size_t>(size) + 63) / 64) {}

  // Was it new?
  bool insert(std::int64_t number) {
    if (number < 0 || number >= size_) return false;
    std::uint64_t& word = words_[static_cast<std::size_t>(number) / 64];
    const std::uint64_t bit = std::uint64_t{1} << (static_cast<std::size_t>(number) % 64);
    const bool fresh = (word & bit) == 0;
    word |= bit;
    return fresh;
  }
  void erase(std::int64_t number) {
    if (contains(number))
      words_[static_cast<std::size_t>(number) / 64] &=
          ~(std::uint64_t{1} << (static_cast<std::size_t>(number) % 64));
  }
  // Every number from `first` on.
  void fill(std::int64_t first) {
    for (std::int64_t number = first; number < size_; ++number) insert(number);
  }
  [[nodiscard]] bool contains(std::int64_t number) const {
    return number >= 0 && number < size_ &&
           (words_[static_cast<std::size_t>(number) / 64] >>
                (static_cast<std::size_t>(number) % 64) &
            1) != 0;
  }
  [[nodiscard]] std::int64_t count() const {
    std::int64_t total = 0;
    for (const std::uint64_t word : words_) total += std::popcount(word);
    return total;
  }
  [[nodiscard]] std::int64_t size() const { return size_; }
  // The smallest, or -1.
  [[nodiscard]] std::int64_t first() const {
    for (std::size_t i = 0; i < words_.size(); ++i)
      if (words_[i] != 0) return static_cast<std::int64_t>(i * 64) + std::countr_zero(words_[i]);
    return -1;
  }

  NumberSet& operator&=(const NumberSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
    return *this;
  }
  NumberSet& operator|=(const NumberSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
    return *this;
  }
  NumberSet& operator-=(const NumberSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= ~other.words_[i];
    return *this;
  }

  // In ascending order.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (std::size_t i = 0; i < words_.size(); ++i)
      for (std::uint64_t word = words_[i]; word != 0; word &= word - 1)
        visit(static_cast<std::int64_t>(i * 64 + static_cast<std::size_t>(std::countr_zero(word))));
  }

 private:
  std::int64_t size_;
  std::vector<std::uint64_t> words_;
};

using AssetSet = NumberSet;      // by catalog numbers
using JudgementSet = NumberSet;  // by judgement.id

}  // namespace cleangate::dam::query
