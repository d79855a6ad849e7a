// SPDX-License-Identifier: Apache-2.0
#include "dam/query/syntax.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cleangate::dam::query {
namespace {

using ::testing::HasSubstr;

// A query's shape, in a form that can be compared: (and word tag:a,b (not (or x 1..2)))
std::string shape(const Value& value) {
  return (value.quoted ? "'" + value.text + "'" : value.text) + (value.prefix ? "*" : "");
}

std::string shape(const Operand& operand) {
  if (!operand.range) return shape(*operand.low);
  return (operand.low ? shape(*operand.low) : "") + ".." +
         (operand.high ? shape(*operand.high) : "");
}

std::string shape(const Term& term) {
  std::string text = term.field;
  if (!text.empty()) {
    constexpr const char* kSigns[] = {":", "!=", "<", "<=", ">", ">="};
    text += kSigns[static_cast<std::size_t>(term.comparison)];
  }
  for (std::size_t i = 0; i < term.operands.size(); ++i)
    text += (i > 0 ? "," : "") + shape(term.operands[i]);
  return text;
}

std::string shape(const Node& node) {
  if (node.kind == Node::Kind::everything) return "*";
  if (node.kind == Node::Kind::term) return shape(node.term);
  std::string text = node.kind == Node::Kind::all_of   ? "(and"
                     : node.kind == Node::Kind::any_of ? "(or"
                                                       : "(not";
  for (const Node& part : node.parts) text += " " + shape(part);
  return text + ")";
}

std::string shape_of(std::string_view query) {
  try {
    return shape(parse(query));
  } catch (const Mistake& mistake) {
    return std::string("column ") + std::to_string(mistake.at + 1) + ": " + mistake.what();
  }
}

TEST(QuerySyntax, EmptyIsEverything) {
  for (const char* query : {"", " ", " \t\n"}) EXPECT_EQ(shape_of(query), "*");
}

TEST(QuerySyntax, WordsStandSideBySide) {
  EXPECT_EQ(shape_of("night"), "night");
  EXPECT_EQ(shape_of(" night  shoot "), "(and night shoot)");
  EXPECT_EQ(shape_of("night and shoot"), "(and night shoot)");
  EXPECT_EQ(shape_of("nig*"), "nig*");
  EXPECT_EQ(shape_of("\"night shoot\""), "'night shoot'");
  EXPECT_EQ(shape_of("\"night sh\"*"), "'night sh'*");
  EXPECT_EQ(shape_of(R"("a \"b\" \\ c")"), R"('a "b" \ c')");
  EXPECT_EQ(shape_of("\"and\" \"or\""), "(and 'and' 'or')");
  EXPECT_EQ(shape_of("S01-E02"), "S01-E02");
}

TEST(QuerySyntax, AndBindsStrongerThanOr) {
  EXPECT_EQ(shape_of("a b or c"), "(or (and a b) c)");
  EXPECT_EQ(shape_of("a AND b Or c and not d"), "(or (and a b) (and c (not d)))");
  EXPECT_EQ(shape_of("a (b or c)"), "(and a (or b c))");
  EXPECT_EQ(shape_of("a(b or c)d"), "(and a (or b c) d)");
  EXPECT_EQ(shape_of("((a))"), "a");
  EXPECT_EQ(shape_of("not (a b) or -c"), "(or (not (and a b)) (not c))");
  EXPECT_EQ(shape_of("not not a"), "(not (not a))");
  EXPECT_EQ(shape_of("--a"), "(not (not a))");
  EXPECT_EQ(shape_of("-tag:draft"), "(not tag:draft)");
  EXPECT_EQ(shape_of("order android notes"), "(and order android notes)");
}

TEST(QuerySyntax, FieldsCompareAndRange) {
  EXPECT_EQ(shape_of("codec:prores"), "codec:prores");
  EXPECT_EQ(shape_of("Codec:ProRes"), "codec:ProRes");
  EXPECT_EQ(shape_of("codec:prores,h264"), "codec:prores,h264");
  EXPECT_EQ(shape_of("codec=prores"), "codec:prores");
  EXPECT_EQ(shape_of("a:=1 a:!=1 a!=1"), "(and a:1 a!=1 a!=1)");
  EXPECT_EQ(shape_of("a:>=2 a>=2 a:<5 a<5 a<=5 a>5"), "(and a>=2 a>=2 a<5 a<5 a<=5 a>5)");
  EXPECT_EQ(shape_of("loudness.integrated:-24..-22"), "loudness.integrated:-24..-22");
  EXPECT_EQ(shape_of("d:1h.. d:..30s d:1.5..2.5"), "(and d:1h.. d:..30s d:1.5..2.5)");
  EXPECT_EQ(shape_of("d:..5,10..20,30.."), "d:..5,10..20,30..");
  EXPECT_EQ(shape_of("rate:30000/1001"), "rate:30000/1001");
  EXPECT_EQ(shape_of("aspect:16:9"), "aspect:16:9");
  EXPECT_EQ(shape_of("tag:\"two words\",b"), "tag:'two words',b");
  EXPECT_EQ(shape_of("timecode:\"01:00:00:00\"..\"02:00:00:00\""),
            "timecode:'01:00:00:00'..'02:00:00:00'");
  EXPECT_EQ(shape_of("(codec:prores)"), "codec:prores");
}

TEST(QuerySyntax, PathsAndTextsAreTakenWhole) {
  EXPECT_EQ(shape_of("path:/a/../b,c"), "path:/a/../b,c");
  EXPECT_EQ(shape_of("path:*(2020)*.mov"), "path:*(2020)*.mov");
  EXPECT_EQ(shape_of("(path:/a)"), "path:/a");
  EXPECT_EQ(shape_of("path:\"/a b\""), "path:'/a b'");
  EXPECT_EQ(shape_of("note:>5"), "note:>5");
}

TEST(QuerySyntax, MistakesSayWhere) {
  const auto at = [](const char* query) {
    const std::string shape = shape_of(query);
    return shape.starts_with("column ") ? std::stoi(shape.substr(7)) : 0;
  };
  EXPECT_EQ(at("a )"), 3);
  EXPECT_EQ(at("(a b"), 1);
  EXPECT_EQ(at("a ()"), 4);
  EXPECT_EQ(at("a ("), 3);
  EXPECT_EQ(at("or a"), 1);
  EXPECT_EQ(at("a or"), 3);
  EXPECT_EQ(at("a or or b"), 3);
  EXPECT_EQ(at("a and"), 3);
  EXPECT_EQ(at("not"), 1);
  EXPECT_EQ(at("a - b"), 3);
  EXPECT_EQ(at("a \"b"), 3);
  EXPECT_EQ(at("codec:"), 1);
  EXPECT_EQ(at("codec: prores"), 1);
  EXPECT_EQ(at("codec:.."), 7);
  EXPECT_EQ(at("codec:a,"), 1);
  EXPECT_EQ(at("a:>1..2"), 4);
  EXPECT_EQ(at("path>5"), 5);
  EXPECT_EQ(at("tag:\"a\"b"), 8);
  EXPECT_EQ(at("\"a\"b"), 4);
  EXPECT_EQ(at("x >=5"), 3);
  EXPECT_EQ(at("é:5"), 3);  // bytes
}

TEST(QuerySyntax, DepthAndLengthHaveLimits) {
  EXPECT_THAT(shape_of(std::string(200, '(') + "a" + std::string(200, ')')), HasSubstr("too deep"));
  EXPECT_THAT(shape_of(std::string(200, '-') + "a"), HasSubstr("too deep"));
  EXPECT_THAT(shape_of(std::string(70'000, 'a')), HasSubstr("longer than"));
  std::string many;
  for (int i = 0; i < 501; ++i) many += "a ";
  EXPECT_THAT(shape_of(many), HasSubstr("more than 500"));
}

std::string told(const std::string& query) {
  try {
    [[maybe_unused]] const Node node = parse(query);
  } catch (const Mistake& mistake) {
    return mistake_error(query, mistake).message;
  }
  return "";
}

TEST(QuerySyntax, TheCaretStandsBelowTheMistake) {
  EXPECT_EQ(told("night codec: x"),
            "The query, column 7: codec needs a value right behind it, without a space: codec:…\n"
            "  night codec: x\n"
            "        ^~~~~~");
  // Columns and carets count characters, not bytes, and nothing drives the terminal.
  EXPECT_EQ(told("één \x1b \"zwei"),
            "The query, column 7: This quotation mark is not closed.\n"
            "  één \\x1b \"zwei\n"
            "           ^");
  const std::string far = told(std::string(3000, 'a') + " )" + std::string(3000, 'b'));
  EXPECT_LT(far.size(), 400u);
  EXPECT_THAT(far, HasSubstr("column 3002"));
}

TEST(QuerySyntax, AnyBytesAreReadOrRefused) {
  std::uint32_t state = 1;
  const std::string_view alphabet = "ab:.\"()-<>=!,* \\orndt1\x01\xff\xc3";
  for (int round = 0; round < 20'000; ++round) {
    std::string query;
    for (int i = 0; i < 12; ++i) {
      state = state * 1664525u + 1013904223u;
      query += alphabet[(state >> 16) % alphabet.size()];
    }
    try {
      [[maybe_unused]] const Node node = parse(query);
    } catch (const Mistake& mistake) {
      EXPECT_LE(mistake.at, query.size());
      EXPECT_FALSE(mistake_error(query, mistake).message.empty());
    }
  }
}

}  // namespace
}  // namespace cleangate::dam::query
