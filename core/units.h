// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>

namespace cleangate {

// Fixed point in millionths: exact to compare, never a printed rounding. Units are types where
// mixing them is a bug.
namespace detail {
template <class Tag>
struct Micro {
  std::int64_t micro = 0;  // 1e-6 of the unit
  friend auto operator<=>(const Micro&, const Micro&) = default;
};
}  // namespace detail

struct LufsTag;
struct LuTag;
struct DbTpTag;
struct DbFsTag;
struct DbTag;
using Lufs = detail::Micro<LufsTag>;  // absolute loudness, ITU-R BS.1770-5 (LKFS is the same unit)
using Lu = detail::Micro<LuTag>;      // loudness difference, EBU Tech 3341
using DbTp = detail::Micro<DbTpTag>;  // true peak, BS.1770-5 annex 2
using DbFs = detail::Micro<DbFsTag>;  // sample peak
using Db = detail::Micro<DbTag>;      // level difference

[[nodiscard]] constexpr Lu operator-(Lufs a, Lufs b) { return {a.micro - b.micro}; }
[[nodiscard]] constexpr Lufs operator+(Lufs a, Lu b) { return {a.micro + b.micro}; }
[[nodiscard]] constexpr Lufs operator-(Lufs a, Lu b) { return {a.micro - b.micro}; }
[[nodiscard]] constexpr Lu operator+(Lu a, Lu b) { return {a.micro + b.micro}; }
[[nodiscard]] constexpr Lu operator-(Lu a, Lu b) { return {a.micro - b.micro}; }
[[nodiscard]] constexpr Db operator-(DbTp a, DbTp b) { return {a.micro - b.micro}; }
[[nodiscard]] constexpr Db operator-(DbFs a, DbFs b) { return {a.micro - b.micro}; }

}  // namespace cleangate
