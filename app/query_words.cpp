// SPDX-License-Identifier: Apache-2.0
#include "app/query_words.h"

#include <fmt/core.h>

#include "app/command_line.h"
#include "core/text.h"

namespace cleangate::app {

void add_query(Command command, QueryWords&) {
  command.allow_remaining();
  command.only_long_help();  // -h… may be a term
  command.footer(
      "QUERY: words, \"phrases\", field:value, field:>=2, field:1..5, and, or, not, parentheses. "
      "docs/query.md tells all of it.");
}

void QueryWords::take(Command command) {
  text_.clear();
  arguments_.clear();
  bool only_terms = false;  // behind "--"
  for (const std::string& word : command.remaining()) {
    if (word == "--" && !only_terms) {
      only_terms = true;
      continue;
    }
    if (word.starts_with("--") && !only_terms && unknown_.empty()) unknown_ = word;
    text_ += (given_ ? " " : "") + word;
    arguments_.push_back(word);
    given_ = true;
  }
}

std::optional<std::string> QueryWords::unknown_option() const {
  if (unknown_.empty()) return std::nullopt;
  return fmt::format(
      "There is no option {}. (`--help` shows the usage; a query that begins with "
      "two minus signs stands behind `--`.)",
      readable(unknown_));
}

}  // namespace cleangate::app
