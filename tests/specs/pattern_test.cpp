// SPDX-License-Identifier: Apache-2.0
#include "specs/pattern.h"

#include <gtest/gtest.h>

#include <regex>

#include "specs/value.h"

namespace cleangate::specs {
namespace {

bool match(const std::string& pattern, const std::string& text) {
  const auto compiled = Pattern::compile(pattern);
  EXPECT_TRUE(compiled) << pattern << ": " << (compiled ? "" : compiled.error().message);
  return compiled && compiled->matches(text);
}

TEST(Pattern, AgreesWithStdRegexOnWhatBothKnow) {
  const char* patterns[] = {
      "abc",       "^abc$",     "a|b|cd", "^(ab)+$",           "^a{2,3}$", "^a?b*c+$",
      "[a-c]x",    "^[^a-c]+$", "\\d{4}", "^\\w+_\\d+\\.mov$", "^$",       "(a|b)(c|)",
      "^a{0,2}b$", "[.]x",      "x$|^y",  "^(?:a|bc){2}$"};
  const char* texts[] = {"",      "abc",  "ab",   "aab",  "aaab",     "cd",
                         "xabcx", "bcbc", "aaaa", "2024", "f_12.mov", "f12.mov",
                         "ax",    ".x",   "y",    "zx",   "abab"};
  for (const char* pattern : patterns)
    for (const char* text : texts)
      EXPECT_EQ(match(pattern, text), std::regex_search(text, std::regex(pattern)))
          << pattern << " on " << text;
}

TEST(Pattern, KnowsUnicodeAndLooseBytes) {
  EXPECT_TRUE(match("^.$", "ü"));
  EXPECT_FALSE(match("^[^“”]+$", "a“b"));
  EXPECT_TRUE(match("^[^“”]+$", "a\xffz"));
  EXPECT_FALSE(match("^[a-z]+$", "a\xffz"));
}

// PropList.txt of Unicode, White_Space.
TEST(Pattern, SpacesAreThoseOfUnicode) {
  for (const char* space : {" ", "\t", "\n", "\r", "\xc2\x85", "\xc2\xa0", "\u1680", "\u2000",
                            "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"}) {
    EXPECT_TRUE(match("^a\\sb$", std::string("a") + space + "b")) << space;
    EXPECT_FALSE(match("^[^\\s]+$", std::string("a") + space + "b")) << space;
    EXPECT_FALSE(match("a\\Sb", std::string("a") + space + "b")) << space;
  }
  for (const char* other : {"a", "\u200b", "\u00a1", "_"})  // U+200B has no width and is none
    EXPECT_FALSE(match("\\s", other)) << other;
}

TEST(Pattern, CannotBeStalled) {
  EXPECT_FALSE(match("^(a+)+$", std::string(200, 'a') + "b"));
  EXPECT_FALSE(Pattern::compile("((((a{1000}){1000}){1000}){1000})"));
  EXPECT_FALSE(Pattern::compile("((((){1000}){1000}){1000})"));
  EXPECT_FALSE(Pattern::compile(std::string(200, '(')));
  for (const char* wrong :
       {"(", ")", "[", "a**", "*a", "a{2", "a{3,2}", "\\1", "(?=a)", "a\\", "\\b"})
    EXPECT_FALSE(Pattern::compile(wrong)) << wrong;
}

TEST(Pattern, QuotedTextMatchesItselfAlone) {
  const std::string text = "a.b*c(d)[e]^$|\\{1}-/";
  EXPECT_TRUE(match("^" + Pattern::quote(text) + "$", text));
  EXPECT_FALSE(match("^" + Pattern::quote(text) + "$", "aXb*c(d)[e]^$|\\{1}-/"));
}

TEST(Value, NumbersAreExactAndUnitsScale) {
  EXPECT_EQ(parse_amount("3.75 Mb/s"), (Amount{Rational(3'750'000), Unit::bits_per_second}));
  EXPECT_EQ(parse_amount("500ms"), (Amount{Rational(1, 2), Unit::seconds}));
  EXPECT_EQ(parse_amount("24000/1001"), (Amount{Rational(24000, 1001), Unit::none}));
  EXPECT_EQ(parse_amount("16:9"), (Amount{Rational(16, 9), Unit::none}));
  EXPECT_EQ(parse_amount("-23 LKFS"), (Amount{Rational(-23), Unit::lufs}));
  EXPECT_EQ(parse_amount("1 GiB"), (Amount{Rational(1 << 30), Unit::bytes}));
  for (const char* wrong :
       {"", "s", "1e3 s", "1 2", "16:0", "9223372036854775807 GB", "- 3", "1 S"})
    EXPECT_FALSE(parse_amount(wrong)) << wrong;
}

TEST(Value, PrintsDigitsEnoughToShowWhy) {
  const Rational limit[] = {Rational(-45, 2)};
  EXPECT_EQ(format_amount(Rational(-2246, 100), Unit::lufs, limit), "-22.46 LUFS");
  EXPECT_EQ(format_amount(Rational(-214, 10), Unit::lufs, limit), "-21.4 LUFS");
  EXPECT_EQ(format_amount(Rational(-23), Unit::lufs, limit), "-23.0 LUFS");
  EXPECT_EQ(format_amount(Rational(30000, 1001), Unit::frames_per_second),
            "29.97 fps (30000/1001)");
  EXPECT_EQ(format_amount(Rational(9'000'000), Unit::bits_per_second), "9 Mb/s");
  const Rational border[] = {Rational(5'000'000)};
  EXPECT_EQ(format_amount(Rational(4'999'999), Unit::bits_per_second, border), "4.999999 Mb/s");
}

}  // namespace
}  // namespace cleangate::specs
