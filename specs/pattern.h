// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.h"

namespace cleangate::specs {

// A regular expression without backtracking (docs/profile-grammar.md, 14): time is linear in text
// times pattern, so that neither a hostile file name nor a careless profile can stall a judgement.
class Pattern {
 public:
  // The error says what is wrong and where ("at 4: …").
  [[nodiscard]] static Expected<Pattern> compile(std::string_view pattern);
  // Is there a match anywhere in `text`?
  [[nodiscard]] bool matches(std::string_view text) const;
  // `text` so that a pattern takes it literally.
  [[nodiscard]] static std::string quote(std::string_view text);

  using Ranges = std::vector<std::pair<std::uint32_t, std::uint32_t>>;  // inclusive code points
  enum class Op : std::uint8_t { symbol, split, jump, at_start, at_end, accept };
  struct State {
    Op op = Op::accept;
    std::uint32_t next = 0, other = 0;
    std::uint32_t set = 0;  // index into sets_, of a symbol
  };

 private:
  friend class PatternCompiler;
  std::vector<State> states_;
  std::vector<Ranges> sets_;
};

}  // namespace cleangate::specs
