// SPDX-License-Identifier: Apache-2.0
#include "specs/pattern.h"

#include <utility>

#include "specs/pattern_symbols.h"

namespace cleangate::specs {
namespace {

// The states alive at one place of the text, each once.
class Alive {
 public:
  explicit Alive(std::size_t states) : seen_(states, false) {}
  // Adds `state` and everything it reaches without reading; true when that accepts.
  bool add(const std::vector<Pattern::State>& states, std::uint32_t state, bool first, bool last) {
    pending_.assign(1, state);
    bool accepts = false;
    while (!pending_.empty()) {
      const std::uint32_t at = pending_.back();
      pending_.pop_back();
      if (seen_[at]) continue;
      seen_[at] = true;
      list_.push_back(at);
      const Pattern::State& here = states[at];
      switch (here.op) {
        case Pattern::Op::accept:
          accepts = true;
          break;
        case Pattern::Op::split:
          pending_.push_back(here.next);
          pending_.push_back(here.other);
          break;
        case Pattern::Op::jump:
          pending_.push_back(here.next);
          break;
        case Pattern::Op::at_start:
          if (first) pending_.push_back(here.next);
          break;
        case Pattern::Op::at_end:
          if (last) pending_.push_back(here.next);
          break;
        case Pattern::Op::symbol:
          break;
      }
    }
    return accepts;
  }
  [[nodiscard]] const std::vector<std::uint32_t>& list() const { return list_; }
  void clear() {
    for (const std::uint32_t at : list_) seen_[at] = false;
    list_.clear();
  }

 private:
  std::vector<bool> seen_;
  std::vector<std::uint32_t> list_, pending_;
};

}  // namespace

bool Pattern::matches(std::string_view text) const {
  Alive now(states_.size()), next(states_.size());
  std::size_t at = 0;
  if (now.add(states_, 0, true, text.empty())) return true;
  while (at < text.size()) {
    const std::uint32_t symbol = next_symbol(text, at);
    const bool last = at == text.size();
    bool accepted = false;
    for (const std::uint32_t state : now.list()) {
      const State& here = states_[state];
      if (here.op == Op::symbol && contains(sets_[here.set], symbol))
        accepted |= next.add(states_, here.next, false, last);
    }
    accepted |= next.add(states_, 0, false, last);  // a match may begin anywhere
    if (accepted) return true;
    std::swap(now, next);
    next.clear();
  }
  return false;
}

std::string Pattern::quote(std::string_view text) {
  std::string quoted;
  for (const char c : text) {
    if (std::string_view("\\^$.|?*+()[]{}-/").find(c) != std::string_view::npos) quoted += '\\';
    quoted += c;
  }
  return quoted;
}

}  // namespace cleangate::specs
