// SPDX-License-Identifier: Apache-2.0
#include "specs/pattern_symbols.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "core/text.h"

namespace cleangate::specs {
namespace {

constexpr std::size_t kMostStates = 10000;
constexpr std::size_t kMostPattern = 4096;  // bytes
constexpr int kMostCount = 1000;
constexpr int kMostNesting = 100;

Pattern::Ranges complement(Pattern::Ranges ranges) {
  std::sort(ranges.begin(), ranges.end());
  Pattern::Ranges inverse;
  std::uint32_t from = 0;
  for (const auto& [low, high] : ranges) {
    if (low > from) inverse.emplace_back(from, low - 1);
    from = std::max(from, high + 1);
  }
  inverse.emplace_back(from, kLooseByte + 0xFF);
  return inverse;
}

std::optional<Pattern::Ranges> shorthand(std::uint32_t letter) {
  static const Pattern::Ranges kDigit{{'0', '9'}};
  static const Pattern::Ranges kWord{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
  static const Pattern::Ranges kSpace{
      {'\t', '\r'},     {' ', ' '},       {0x85, 0x85},     {0xA0, 0xA0},     {0x1680, 0x1680},
      {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}};
  switch (letter) {
    case 'd':
      return kDigit;
    case 'D':
      return complement(kDigit);
    case 'w':
      return kWord;
    case 'W':
      return complement(kWord);
    case 's':
      return kSpace;
    case 'S':
      return complement(kSpace);
    default:
      return std::nullopt;
  }
}

struct PatternError {
  std::size_t at;
  std::string message;
};

// What a pattern is before it becomes states.
struct Piece {
  enum class Kind { empty, set, start, end, sequence, choice, repeat } kind = Kind::empty;
  Pattern::Ranges set;
  std::vector<Piece> parts;
  int least = 0, most = -1;  // repeat; -1: without end
};

}  // namespace

class PatternCompiler {
 public:
  explicit PatternCompiler(std::string_view text) : text_(text) {}

  Pattern compile() {
    if (text_.size() > kMostPattern) throw PatternError{0, "the pattern is longer than 4096 bytes"};
    if (!is_utf8(text_)) throw PatternError{0, "the pattern is not UTF-8"};
    const Piece whole = choice();
    if (at_ < text_.size()) throw PatternError{at_, "a ')' without its '('"};
    emit(whole);
    push({Pattern::Op::accept, 0, 0, 0});
    return std::move(pattern_);
  }

 private:
  [[nodiscard]] bool done() const { return at_ >= text_.size(); }
  [[nodiscard]] bool sees(char c) const { return !done() && text_[at_] == c; }
  bool take(char c) {
    if (!sees(c)) return false;
    ++at_;
    return true;
  }

  Piece choice() {
    if (++nesting_ > kMostNesting) throw PatternError{at_, "groups nested too deep"};
    Piece all{Piece::Kind::choice, {}, {}, 0, -1};
    do all.parts.push_back(sequence());
    while (take('|'));
    --nesting_;
    return all.parts.size() == 1 ? std::move(all.parts.front()) : all;
  }

  Piece sequence() {
    Piece all{Piece::Kind::sequence, {}, {}, 0, -1};
    while (!done() && !sees('|') && !sees(')')) all.parts.push_back(repeated());
    return all;
  }

  Piece repeated() {
    const std::size_t began = at_;
    Piece piece = atom();
    int least = 0, most = -1;
    if (done()) return piece;
    if (take('*')) {
    } else if (take('+')) {
      least = 1;
    } else if (take('?')) {
      most = 1;
    } else if (sees('{')) {
      bounds(least, most);
    } else {
      return piece;
    }
    if (sees('?')) throw PatternError{at_, "lazy quantifiers are not supported"};
    if (sees('*') || sees('+') || sees('{'))
      throw PatternError{at_, "a quantifier of a quantifier"};
    if (piece.kind == Piece::Kind::start || piece.kind == Piece::Kind::end)
      throw PatternError{began, "a quantifier of ^ or $"};
    Piece all{Piece::Kind::repeat, {}, {}, least, most};
    all.parts.push_back(std::move(piece));
    return all;
  }

  int number() {
    int value = 0;
    bool any = false;
    while (!done() && text_[at_] >= '0' && text_[at_] <= '9') {
      value = value * 10 + (text_[at_++] - '0');
      any = true;
      if (value > kMostCount) throw PatternError{at_, "a count above 1000"};
    }
    if (!any) throw PatternError{at_, "a number is missing; write \\{ for the character"};
    return value;
  }

  void bounds(int& least, int& most) {
    ++at_;
    least = most = number();
    if (take(',')) most = sees('}') ? -1 : number();
    if (!take('}')) throw PatternError{at_, "a '{' without its '}'"};
    if (most >= 0 && most < least) throw PatternError{at_, "counts in the wrong order"};
  }

  Piece atom() {
    Piece piece{Piece::Kind::set, {}, {}, 0, -1};
    switch (text_[at_]) {
      case '^':
        ++at_;
        piece.kind = Piece::Kind::start;
        return piece;
      case '$':
        ++at_;
        piece.kind = Piece::Kind::end;
        return piece;
      case '.':
        ++at_;
        piece.set = complement({{'\n', '\n'}});
        return piece;
      case '(':
        return group();
      case '[':
        ++at_;
        piece.set = set();
        return piece;
      case '*':
      case '+':
      case '?':
      case '{':
        throw PatternError{at_, "a quantifier with nothing before it"};
      case '\\':
        piece.set = escape();
        return piece;
      default: {
        const std::uint32_t symbol = next_symbol(text_, at_);
        piece.set = {{symbol, symbol}};
        return piece;
      }
    }
  }

  Piece group() {
    const std::size_t began = at_++;
    if (take('?') && !take(':'))
      throw PatternError{began, "only ( ) and (?: ) groups are supported"};
    Piece inner = choice();
    if (!take(')')) throw PatternError{began, "a '(' without its ')'"};
    return inner;
  }

  Pattern::Ranges escape() {
    const std::size_t began = at_++;
    if (done()) throw PatternError{began, "a '\\' at the end"};
    const std::uint32_t symbol = next_symbol(text_, at_);
    if (auto ranges = shorthand(symbol)) return *ranges;
    if (symbol == 't') return {{'\t', '\t'}};
    if (symbol == 'n') return {{'\n', '\n'}};
    const bool alphanumeric = symbol < 0x80 && contains(*shorthand('w'), symbol) && symbol != '_';
    if (alphanumeric)
      throw PatternError{began, fmt::format("'\\{}' is not supported", static_cast<char>(symbol))};
    return {{symbol, symbol}};
  }

  Pattern::Ranges set() {
    const std::size_t began = at_;
    const bool inverse = take('^');
    Pattern::Ranges ranges;
    for (bool first = true; !sees(']') || first; first = false) {
      if (done()) throw PatternError{began, "a '[' without its ']'"};
      if (sees('[') && at_ + 1 < text_.size() && text_[at_ + 1] == ':')
        throw PatternError{at_, "[:named:] classes are not supported"};
      Pattern::Ranges low = sees('\\') ? escape() : plain();
      const bool single = low.size() == 1 && low[0].first == low[0].second;
      if (single && sees('-') && at_ + 1 < text_.size() && text_[at_ + 1] != ']') {
        ++at_;
        const Pattern::Ranges high = sees('\\') ? escape() : plain();
        if (high.size() != 1 || high[0].first != high[0].second || high[0].first < low[0].first)
          throw PatternError{at_, "a range in the wrong order"};
        low[0].second = high[0].first;
      }
      ranges.insert(ranges.end(), low.begin(), low.end());
    }
    ++at_;
    return inverse ? complement(std::move(ranges)) : ranges;
  }

  Pattern::Ranges plain() {
    const std::uint32_t symbol = next_symbol(text_, at_);
    return {{symbol, symbol}};
  }

  // States of `piece`, appended; they go on at the next state appended after them.
  void emit(const Piece& piece) {
    // An empty group repeated a thousand times makes no state: the steps are bounded as well.
    if (++steps_ > 10 * kMostStates) too_many();
    switch (piece.kind) {
      case Piece::Kind::empty:
        return;
      case Piece::Kind::set:
        pattern_.sets_.push_back(piece.set);
        push({Pattern::Op::symbol, here() + 1, 0,
              static_cast<std::uint32_t>(pattern_.sets_.size() - 1)});
        return;
      case Piece::Kind::start:
        push({Pattern::Op::at_start, here() + 1, 0, 0});
        return;
      case Piece::Kind::end:
        push({Pattern::Op::at_end, here() + 1, 0, 0});
        return;
      case Piece::Kind::sequence:
        for (const Piece& part : piece.parts) emit(part);
        return;
      case Piece::Kind::choice:
        emit_choice(piece);
        return;
      case Piece::Kind::repeat:
        emit_repeat(piece);
        return;
    }
  }

  void emit_choice(const Piece& piece) {
    std::vector<std::uint32_t> exits;
    for (std::size_t i = 0; i < piece.parts.size(); ++i) {
      const bool last = i + 1 == piece.parts.size();
      const std::uint32_t split = here();
      if (!last) push({Pattern::Op::split, split + 1, 0, 0});
      emit(piece.parts[i]);
      if (last) break;
      exits.push_back(here());
      push({Pattern::Op::jump, 0, 0, 0});
      pattern_.states_[split].other = here();
    }
    for (const std::uint32_t exit : exits) pattern_.states_[exit].next = here();
  }

  void emit_repeat(const Piece& piece) {
    const Piece& part = piece.parts.front();
    for (int i = 0; i < piece.least; ++i) emit(part);
    if (piece.most < 0) {
      const std::uint32_t split = here();
      push({Pattern::Op::split, split + 1, 0, 0});
      emit(part);
      push({Pattern::Op::jump, split, 0, 0});
      pattern_.states_[split].other = here();
      return;
    }
    std::vector<std::uint32_t> splits;
    for (int i = piece.least; i < piece.most; ++i) {
      splits.push_back(here());
      push({Pattern::Op::split, here() + 1, 0, 0});
      emit(part);
    }
    for (const std::uint32_t split : splits) pattern_.states_[split].other = here();
  }

  [[nodiscard]] std::uint32_t here() const {
    return static_cast<std::uint32_t>(pattern_.states_.size());
  }
  [[noreturn]] void too_many() const {
    throw PatternError{at_, "the pattern needs more than 10000 states"};
  }
  void push(Pattern::State state) {
    if (pattern_.states_.size() >= kMostStates) too_many();
    pattern_.states_.push_back(state);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int nesting_ = 0;
  std::size_t steps_ = 0;
  Pattern pattern_;
};

Expected<Pattern> Pattern::compile(std::string_view pattern) {
  try {
    return PatternCompiler(pattern).compile();
  } catch (const PatternError& error) {
    return fail(ErrorCode::invalid_profile, fmt::format("at {}: {}", error.at, error.message));
  }
}

}  // namespace cleangate::specs
