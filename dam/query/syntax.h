// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

// The query language as text (docs/query.md): what was written, and where. Names and values get
// their meaning in vocabulary.h and terms.h.
namespace cleangate::dam::query {

// What is wrong with a query and where: bytes of the query. Thrown inside this folder; who calls
// it gets an Error (mistake_error).
struct Mistake : std::runtime_error {
  Mistake(std::size_t where, std::size_t how_long, const std::string& what)
      : std::runtime_error(what), at(where), length(how_long) {}
  std::size_t at, length;
};

// ErrorCode::usage. The message's first line says what is wrong and in which column (counted in
// characters from 1); two more lines show the query with a caret below.
[[nodiscard]] Error mistake_error(std::string_view query, const Mistake& mistake);

struct Value {
  std::string text;
  bool quoted = false;  // taken as it is: no wildcard
  bool prefix = false;  // a star stands behind a word or phrase
  std::size_t at = 0, length = 0;
};

// One of the alternatives of `field:a,b..c`: a value, or a range, both ends included.
struct Operand {
  bool range = false;
  std::optional<Value> low, high;  // not a range: `low`
  std::size_t at = 0, length = 0;
};

enum class Comparison { matches, differs, less, at_most, more, at_least };

struct Term {
  std::string field;  // empty: a word or phrase
  Comparison comparison = Comparison::matches;
  std::vector<Operand> operands;  // at least one; several mean any of them
  std::size_t at = 0, length = 0;
};

struct Node {
  enum class Kind { everything, all_of, any_of, none_of, term };
  Kind kind = Kind::everything;
  std::vector<Node> parts;  // none_of has one
  Term term;
};

// Throws Mistake.
[[nodiscard]] Node parse(std::string_view query);

// Fields whose value is one text: commas, ".." and comparisons have no meaning there.
[[nodiscard]] bool takes_plain_text(std::string_view field);

}  // namespace cleangate::dam::query
