// SPDX-License-Identifier: Apache-2.0
#include "probes/container/language.h"

#include <gtest/gtest.h>
#include <unicode/locid.h>

namespace cleangate::probes {
namespace {

TEST(Language, Tags) {
  EXPECT_EQ(bcp47("eng"), "en");
  EXPECT_EQ(bcp47("ger"), "de");  // bibliographic
  EXPECT_EQ(bcp47("deu"), "de");
  EXPECT_EQ(bcp47("gsw"), "gsw");  // has no two-letter code
  EXPECT_EQ(bcp47("EN-us"), "en-US");
  EXPECT_EQ(bcp47("zh_hant_tw"), "zh-Hant-TW");
  EXPECT_EQ(bcp47("en-x-ABC"), "en-x-abc");
  for (const char* nothing : {"", "und", "e", "e1", "en-", "en--us", "toolongalanguage", "en us"})
    EXPECT_EQ(bcp47(nothing), std::nullopt) << nothing;
}

// Every pair of three letters: ICU shortens the same codes to the same two letters.
TEST(Language, AgreesWithIcu) {
  int shortened = 0;
  for (char a = 'a'; a <= 'z'; ++a)
    for (char b = 'a'; b <= 'z'; ++b)
      for (char c = 'a'; c <= 'z'; ++c) {
        const std::string code{a, b, c};
        const std::string icu = icu::Locale(code.c_str()).getLanguage();
        if (icu.size() != 2 || code == "und") continue;
        // ICU keeps codes that ISO has withdrawn, and macrolanguages' former names.
        if (icu == "mo" || icu == "tl" || icu == "sh" || icu == "jw") continue;
        ++shortened;
        EXPECT_EQ(bcp47(code), icu) << code;
      }
  EXPECT_GE(shortened, 180);
}

TEST(Language, PackedLetters) {
  EXPECT_EQ(bcp47_of_mdhd(0x15c7, LanguageField::iso), "en");
  EXPECT_EQ(bcp47_of_mdhd(0x55c4, LanguageField::iso), std::nullopt);  // und
  EXPECT_EQ(bcp47_of_mdhd(0x7fff, LanguageField::quicktime), std::nullopt);
  EXPECT_EQ(bcp47_of_mdhd(0, LanguageField::quicktime), "en");
  EXPECT_EQ(bcp47_of_mdhd(0, LanguageField::iso), std::nullopt);
  EXPECT_EQ(bcp47_of_mdhd(11, LanguageField::quicktime), "ja");
  EXPECT_EQ(bcp47_of_mdhd(94, LanguageField::quicktime), "eo");
  EXPECT_EQ(bcp47_of_mdhd(128, LanguageField::quicktime), "cy");
  EXPECT_EQ(bcp47_of_mdhd(100, LanguageField::quicktime), std::nullopt);
}

}  // namespace
}  // namespace cleangate::probes
