// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dam/query/syntax.h"

namespace cleangate::dam::query {

struct Word {
  std::string_view text;
  std::size_t at = 0;
};

// Reads a query from left to right. Whatever was taken, white space behind it is skipped by the
// keyword functions and by skip_space.
class Scanner {
 public:
  explicit Scanner(std::string_view query) : query_(query) {}

  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] bool at_end() const { return at_ >= query_.size(); }
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < query_.size() ? query_[at_ + ahead] : '\0';
  }
  void advance(std::size_t bytes) { at_ += bytes; }
  void skip_space();

  // "and", "or", "not", alone and in any case.
  [[nodiscard]] bool sees_keyword(std::string_view word) const;
  std::optional<Word> keyword(std::string_view word);
  // A minus with something right behind it.
  bool take_minus();

  // A word, a phrase, or field, comparison and values.
  Term term();

 private:
  [[nodiscard]] std::size_t field_length() const;
  [[nodiscard]] std::size_t word_length() const;
  Comparison comparison(const std::string& field);
  Term field_term(std::size_t length);
  Term word_term();
  Value quoted();
  Value bare(bool plain);
  std::optional<Value> value(bool plain);
  Operand operand(const Term& term, bool plain);
  void require_end_of_term(const Term& term) const;

  std::string_view query_;
  std::size_t at_ = 0;
};

}  // namespace cleangate::dam::query
