// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cleangate::app {

// How text for people is laid out on one output.
struct Layout {
  int width = 100;     // columns
  bool color = false;  // ANSI colors: only on a terminal, and NO_COLOR is honoured
};

// Layout of a descriptor: the terminal's width where it is one, else $COLUMNS, else 100; never
// under 60.
[[nodiscard]] Layout layout_of(int descriptor);

enum class Ink { plain, bold, dim, good, bad, doubt, warning };
// `text` in a color, when the layout has colors.
[[nodiscard]] std::string ink(const Layout& layout, Ink color, std::string_view text);

// Columns that valid UTF-8 takes on a terminal (wide East Asian characters count two, combining
// marks none).
[[nodiscard]] int columns(std::string_view text);

// Breaks `text` at spaces into lines of at most the layout's width; every line after the first
// starts with `indent` spaces, and the first is taken to start at column `indent` already. Words
// longer than a line stay whole. Ends with a newline.
[[nodiscard]] std::string wrapped(const Layout& layout, int indent, std::string_view text);

// The text, or its beginning and an ellipsis: at most `width` columns.
[[nodiscard]] std::string shortened(const std::string& text, int width);

}  // namespace cleangate::app
