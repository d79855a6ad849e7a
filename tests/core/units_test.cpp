// SPDX-License-Identifier: Apache-2.0
#include "core/units.h"

#include <gtest/gtest.h>

#include <type_traits>

namespace cleangate {
namespace {

template <class A, class B>
concept Addable = requires(A a, B b) {
  a + b;
};
template <class A, class B>
concept Subtractable = requires(A a, B b) {
  a - b;
};
template <class A, class B>
concept Comparable = requires(A a, B b) {
  a < b;
};

// What must not compile.
static_assert(!Addable<Lufs, Lufs>);
static_assert(!Addable<DbTp, DbTp>);
static_assert(!Subtractable<Lu, Lufs>);
static_assert(!Subtractable<Lufs, DbTp>);
static_assert(!Comparable<Lufs, Lu>);
static_assert(!Comparable<DbTp, DbFs>);
static_assert(std::is_same_v<decltype(Lufs{} - Lufs{}), Lu>);
static_assert(std::is_same_v<decltype(Lufs{} + Lu{}), Lufs>);

TEST(Units, DifferencesOfLoudnessAreLu) {
  constexpr Lufs measured{-22'460'000}, target{-23'000'000};
  EXPECT_EQ((measured - target).micro, 540'000);
  EXPECT_EQ((target + Lu{540'000}).micro, measured.micro);
  EXPECT_LT(target, measured);
}

}  // namespace
}  // namespace cleangate
