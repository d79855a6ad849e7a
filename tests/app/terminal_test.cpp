// SPDX-License-Identifier: Apache-2.0
#include "app/terminal.h"

#include <gtest/gtest.h>

namespace cleangate::app {
namespace {

TEST(Terminal, CountsColumnsOfWideAndCombiningCharacters) {
  EXPECT_EQ(columns("abc"), 3);
  EXPECT_EQ(columns("é"), 1);          // one code point
  EXPECT_EQ(columns("e\xCC\x81"), 1);  // e and a combining acute
  EXPECT_EQ(columns("映画"), 4);       // two wide characters
  EXPECT_EQ(columns("±–✗"), 3);
  EXPECT_EQ(columns(""), 0);
}

TEST(Terminal, WrapsAtTheWidthAndIndentsWhatFollows) {
  const Layout layout{20, false};
  EXPECT_EQ(wrapped(layout, 4, "one two three four five"), "one two three\n    four five\n");
  EXPECT_EQ(wrapped(layout, 4, "short"), "short\n");
  EXPECT_EQ(wrapped(layout, 4, ""), "\n");
}

TEST(Terminal, KeepsWordsThatAreLongerThanTheLine) {
  const Layout layout{10, false};
  EXPECT_EQ(wrapped(layout, 2, "a sha256:0123456789abcdef b"),
            "a\n  sha256:0123456789abcdef\n  b\n");
}

TEST(Terminal, ColorsOnlyWhereTheLayoutHasThem) {
  EXPECT_EQ(ink({100, false}, Ink::bad, "FAIL"), "FAIL");
  EXPECT_EQ(ink({100, true}, Ink::bad, "FAIL"), "\x1b[1;31mFAIL\x1b[0m");
  EXPECT_EQ(ink({100, true}, Ink::plain, "x"), "x");
}

}  // namespace
}  // namespace cleangate::app
