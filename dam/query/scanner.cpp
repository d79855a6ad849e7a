// SPDX-License-Identifier: Apache-2.0
#include "dam/query/scanner.h"

#include <fmt/format.h>

#include "core/text.h"

namespace cleangate::dam::query {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool in_name(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '-';
}
bool compares(char c) { return c == ':' || c == '=' || c == '<' || c == '>'; }

}  // namespace

void Scanner::skip_space() {
  while (!at_end() && is_space(query_[at_])) ++at_;
}

bool Scanner::sees_keyword(std::string_view word) const {
  if (query_.size() - at_ < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i)
    if (lower(query_[at_ + i]) != word[i]) return false;
  const char next = peek(word.size());
  return next == '\0' || is_space(next) || next == '(' || next == ')';
}

std::optional<Word> Scanner::keyword(std::string_view word) {
  if (at_end() || !sees_keyword(word)) return std::nullopt;
  const Word found{query_.substr(at_, word.size()), at_};
  at_ += word.size();
  skip_space();
  return found;
}

bool Scanner::take_minus() {
  if (peek() != '-') return false;
  if (at_ + 1 >= query_.size() || is_space(peek(1)) || peek(1) == ')')
    throw Mistake(at_, 1, "A minus stands right before what is left out: -tag:draft.");
  ++at_;
  return true;
}

// How many characters of a field's name stand here before a comparison; 0: none.
std::size_t Scanner::field_length() const {
  std::size_t length = 0;
  while (in_name(peek(length))) ++length;
  const bool differs = peek(length) == '!' && peek(length + 1) == '=';
  return length > 0 && (compares(peek(length)) || differs) ? length : 0;
}

Term Scanner::term() {
  const std::size_t length = peek() == '"' ? 0 : field_length();
  return length > 0 ? field_term(length) : word_term();
}

// ---- field:value --------------------------------------------------------------------------------

Comparison Scanner::comparison(const std::string& field) {
  const std::size_t start = at_;
  const bool colon = peek() == ':';
  if (colon) ++at_;
  if (colon && takes_plain_text(field)) return Comparison::matches;
  const auto take = [&](std::string_view sign) {
    if (query_.substr(at_, sign.size()) != sign) return false;
    at_ += sign.size();
    return true;
  };
  const Comparison found = take(">=")   ? Comparison::at_least
                           : take("<=") ? Comparison::at_most
                           : take("!=") ? Comparison::differs
                           : take(">")  ? Comparison::more
                           : take("<")  ? Comparison::less
                                        : Comparison::matches;
  if (found == Comparison::matches) take("=");
  if (takes_plain_text(field) && found != Comparison::matches)
    throw Mistake(start, at_ - start,
                  fmt::format("{} cannot be compared: write {}:…", field, field));
  return found;
}

Term Scanner::field_term(std::size_t length) {
  Term term;
  term.at = at_;
  for (const char c : query_.substr(at_, length)) term.field += lower(c);
  at_ += length;
  term.comparison = comparison(term.field);
  const bool plain = takes_plain_text(term.field);
  term.operands.push_back(operand(term, plain));
  while (!plain && peek() == ',') {
    ++at_;
    term.operands.push_back(operand(term, plain));
  }
  term.length = at_ - term.at;
  require_end_of_term(term);
  return term;
}

Operand Scanner::operand(const Term& term, bool plain) {
  Operand read;
  read.at = at_;
  read.low = value(plain);
  if (!plain && peek() == '.' && peek(1) == '.') {
    at_ += 2;
    read.range = true;
    read.high = value(plain);
  }
  read.length = at_ - read.at;
  const auto here = [&](const std::string& message) {
    return Mistake(read.length > 0 ? read.at : term.at,
                   std::max<std::size_t>(at_ - (read.length > 0 ? read.at : term.at), 1), message);
  };
  if (!read.low && !read.high)
    throw here(read.range ? "A range needs at least one end: 1..5, 1.. or ..5."
                          : fmt::format("{} needs a value right behind it, without a space: {}:…",
                                        readable(term.field), readable(term.field)));
  if (read.range && term.comparison != Comparison::matches)
    throw here("A range stands behind a colon alone: write duration:1h..2h.");
  return read;
}

std::optional<Value> Scanner::value(bool plain) {
  if (peek() == '"') return quoted();
  Value read = bare(plain);
  if (read.text.empty()) return std::nullopt;
  return read;
}

// Up to white space, a comma, "..", or a parenthesis that was not opened inside.
Value Scanner::bare(bool plain) {
  Value read;
  read.at = at_;
  int open = 0;
  while (!at_end() && !is_space(peek()) && peek() != '"') {
    if (!plain && (peek() == ',' || (peek() == '.' && peek(1) == '.'))) break;
    if (peek() == '(') ++open;
    if (peek() == ')' && --open < 0) break;
    read.text += query_[at_++];
  }
  read.length = at_ - read.at;
  return read;
}

Value Scanner::quoted() {
  Value read;
  read.at = at_;
  read.quoted = true;
  ++at_;
  while (peek() != '"') {
    if (at_end()) throw Mistake(read.at, 1, "This quotation mark is not closed.");
    if (peek() == '\\' && (peek(1) == '"' || peek(1) == '\\')) ++at_;
    read.text += query_[at_++];
  }
  ++at_;
  if (peek() == '*') {
    read.prefix = true;
    ++at_;
  }
  read.length = at_ - read.at;
  return read;
}

void Scanner::require_end_of_term(const Term& term) const {
  if (at_end() || is_space(peek()) || peek() == '(' || peek() == ')') return;
  throw Mistake(at_, 1,
                fmt::format("The value of {} ends here; a space must follow. Quote the whole value "
                            "where it has spaces or quotation marks: {}:\"…\".",
                            readable(term.field), readable(term.field)));
}

// ---- words --------------------------------------------------------------------------------------

std::size_t Scanner::word_length() const {
  std::size_t length = 0;
  while (at_ + length < query_.size()) {
    const char c = peek(length);
    if (is_space(c) || c == '(' || c == ')' || c == '"') break;
    ++length;
  }
  return length;
}

Term Scanner::word_term() {
  Term term;
  term.at = at_;
  Value read;
  if (peek() == '"') {
    read = quoted();
  } else {
    read.at = at_;
    read.length = word_length();
    read.text = query_.substr(at_, read.length);
    at_ += read.length;
    if (read.text.ends_with('*')) {
      read.prefix = true;
      read.text.pop_back();
    }
  }
  if (!at_end() && !is_space(peek()) && peek() != ')' && peek() != '(')
    throw Mistake(at_, 1, "A space must stand between words and phrases.");
  if (const auto sign = read.text.find_first_of(":<>="); !read.quoted && sign != std::string::npos)
    throw Mistake(read.at + sign, 1,
                  fmt::format("No name of a field stands before '{}'. To look for the word, put it "
                              "in quotation marks.",
                              read.text[sign]));
  term.length = at_ - term.at;
  term.operands.push_back({false, std::move(read), std::nullopt, term.at, term.length});
  return term;
}

}  // namespace cleangate::dam::query
