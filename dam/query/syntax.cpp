// SPDX-License-Identifier: Apache-2.0
#include "dam/query/syntax.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.h"
#include "dam/query/scanner.h"

namespace cleangate::dam::query {
namespace {

constexpr int kDeepest = 100;
constexpr int kMostTerms = 500;
constexpr std::size_t kMostValues = 10'000;  // SQLite binds 32,766; a value may need two
constexpr std::size_t kLongest = 65'536;

// Recursive descent over
//   query = [ any ] ;  any = all { "or" all } ;  all = one { [ "and" ] one } ;
//   one = ( "not" | "-" ) one | "(" any ")" | term
class Parser {
 public:
  explicit Parser(std::string_view query) : scan_(query) {}

  Node parse() {
    scan_.skip_space();
    if (scan_.at_end()) return {};
    Node node = any(0);
    if (!scan_.at_end())  // only a closing parenthesis stops `any`
      throw Mistake(scan_.at(), 1, "This parenthesis closes nothing.");
    return node;
  }

 private:
  static Node joined(Node::Kind kind, std::vector<Node> parts) {
    if (parts.size() == 1) return std::move(parts.front());
    Node node;
    node.kind = kind;
    node.parts = std::move(parts);
    return node;
  }

  Node any(int depth) {
    std::vector<Node> parts;
    parts.push_back(all(depth));
    while (const auto word = scan_.keyword("or")) {
      require_more(*word);
      parts.push_back(all(depth));
    }
    return joined(Node::Kind::any_of, std::move(parts));
  }

  Node all(int depth) {
    std::vector<Node> parts;
    parts.push_back(one(depth));
    while (true) {
      if (const auto word = scan_.keyword("and")) {
        require_more(*word);
      } else if (scan_.at_end() || scan_.peek() == ')' || scan_.sees_keyword("or")) {
        break;
      }
      parts.push_back(one(depth));
    }
    return joined(Node::Kind::all_of, std::move(parts));
  }

  void require_more(const Word& word) {
    if (scan_.at_end() || scan_.peek() == ')' || scan_.sees_keyword("or") ||
        scan_.sees_keyword("and"))
      throw Mistake(word.at, word.text.size(),
                    fmt::format("Something must follow {}. (To look for the word itself, write "
                                "\"{}\".)",
                                word.text, word.text));
  }

  Node one(int depth) {
    if (depth > kDeepest) throw Mistake(scan_.at(), 1, "The query is nested too deep.");
    const std::size_t start = scan_.at();
    for (const std::string_view word : {"or", "and"})
      if (scan_.sees_keyword(word))
        throw Mistake(start, word.size(),
                      fmt::format("Something must stand before {}. (To look for the word itself, "
                                  "write \"{}\".)",
                                  word, word));
    if (const auto word = scan_.keyword("not")) {
      require_more(*word);
      return negated(depth);
    }
    if (scan_.take_minus()) return negated(depth);
    if (scan_.peek() == '(') return group(depth);
    if (scan_.peek() == ')')
      throw Mistake(start, 1, "Something must stand before this parenthesis.");
    return term();
  }

  Node negated(int depth) {
    Node node;
    node.kind = Node::Kind::none_of;
    node.parts.push_back(one(depth + 1));
    return node;
  }

  Node group(int depth) {
    const std::size_t open = scan_.at();
    scan_.advance(1);
    scan_.skip_space();
    if (scan_.at_end()) throw Mistake(open, 1, "This parenthesis is not closed.");
    Node node = any(depth + 1);
    if (scan_.at_end()) throw Mistake(open, 1, "This parenthesis is not closed.");
    scan_.advance(1);
    scan_.skip_space();
    return node;
  }

  Node term() {
    if (++terms_ > kMostTerms)
      throw Mistake(scan_.at(), 1, fmt::format("The query has more than {} terms.", kMostTerms));
    Node node;
    node.kind = Node::Kind::term;
    node.term = scan_.term();
    values_ += node.term.operands.size();
    if (values_ > kMostValues)
      throw Mistake(node.term.at, node.term.length,
                    fmt::format("The query has more than {} values.", kMostValues));
    scan_.skip_space();
    return node;
  }

  Scanner scan_;
  int terms_ = 0;
  std::size_t values_ = 0;
};

// Characters that valid UTF-8 has.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

// Bytes of `text` at `at` moved to the beginning of a character.
std::size_t at_character(std::string_view text, std::size_t at, bool forward) {
  const auto inside = [&] { return (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80; };
  while (at > 0 && at < text.size() && inside()) forward ? ++at : --at;
  return std::min(at, text.size());
}

}  // namespace

Node parse(std::string_view query) {
  if (query.size() > kLongest)
    throw Mistake(kLongest, 1, fmt::format("The query is longer than {} bytes.", kLongest));
  return Parser(query).parse();
}

bool takes_plain_text(std::string_view field) {
  constexpr std::array<std::string_view, 5> kPlain{"path", "name", "note", "cue", "finding"};
  return std::find(kPlain.begin(), kPlain.end(), field) != kPlain.end();
}

Error mistake_error(std::string_view query, const Mistake& mistake) {
  constexpr std::size_t kAround = 60;  // bytes shown on both sides of the mistake
  const std::size_t at = at_character(query, std::min(mistake.at, query.size()), false);
  const std::size_t end = at_character(query, std::min(at + mistake.length, query.size()), true);
  const std::size_t from = at_character(query, at > kAround ? at - kAround : 0, false);
  const std::size_t to = at_character(query, std::min(end + kAround, query.size()), true);
  const std::string before = (from > 0 ? "…" : "") + readable(query.substr(from, at - from));
  const std::string marked = readable(query.substr(at, std::min(end, to) - at));
  const std::string after = readable(query.substr(end, to - end)) + (to < query.size() ? "…" : "");
  const std::size_t width = std::clamp<std::size_t>(characters(marked), 1, 2 * kAround);
  return {ErrorCode::usage,
          fmt::format("The query, column {}: {}\n  {}{}{}\n  {}^{}",
                      characters(to_valid_utf8(query.substr(0, at))) + 1, mistake.what(), before,
                      marked, after, std::string(characters(before), ' '),
                      std::string(width - 1, '~'))};
}

}  // namespace cleangate::dam::query
