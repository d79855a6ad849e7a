// SPDX-License-Identifier: Apache-2.0
#include "core/text.h"

#include <gtest/gtest.h>

#include <random>

namespace cleangate {
namespace {

TEST(Text, KnowsUtf8) {
  EXPECT_TRUE(is_utf8("Gänsehaut 東京 🎬"));
  for (const char* wrong :
       {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80", "\xE2\x82", "\xFF", "a\xC3"})
    EXPECT_FALSE(is_utf8(wrong));
}

TEST(Text, ANameCannotBreakALineOrDriveATerminal) {
  EXPECT_EQ(readable("a\nb"), "a\\nb");
  EXPECT_EQ(readable("\x1b[31mred"), "\\x1b[31mred");
  EXPECT_EQ(readable("bad\xFFname"), "bad\xEF\xBF\xBDname");
  EXPECT_EQ(readable("\xC2\x9B"
                     "31m"),
            "\\xc2\\x9b31m");  // C1 CSI
  EXPECT_EQ(readable("a\xE2\x80\xAE"
                     "vom.exe"),
            "a\\xe2\\x80\\xaevom.exe");  // right-to-left override
  EXPECT_EQ(readable("Gänse \"haut\" 'x'"), "Gänse \"haut\" 'x'");
  EXPECT_EQ(to_valid_utf8("a\nb\xFF"), "a\nb\xEF\xBF\xBD");
}

// RFC 4648, section 10.
TEST(Text, Base64) {
  const std::pair<std::string, std::string> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : vectors) {
    EXPECT_EQ(to_base64(plain), coded);
    EXPECT_EQ(from_base64(coded), plain);
  }
  std::mt19937 random(4);
  for (int i = 0; i < 200; ++i) {
    std::string bytes(random() % 50, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
  }
  for (const char* wrong : {"Zg=", "Zg", "Z===", "=AAA", "Zg==Zg==", "Zm9*"})
    EXPECT_FALSE(from_base64(wrong)) << wrong;
}

TEST(Text, SuggestsTheNearestWord) {
  const std::vector<std::string> words{"video.frame_rate", "video.codec", "loudness.integrated"};
  EXPECT_EQ(nearest("video.framerate", words), "video.frame_rate");
  EXPECT_EQ(nearest("loudnes.intergated", words), "loudness.integrated");
  EXPECT_EQ(nearest("banana", words), std::nullopt);
  EXPECT_EQ(nearest("", words), std::nullopt);
}

}  // namespace
}  // namespace cleangate
