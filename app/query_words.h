// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace cleangate::app {

class Command;

// A query on the command line: every argument that is no option, in order, with a space between, so
// that `find codec:prores -tag:draft` needs no quotation marks. A term that begins with a minus is
// no option; what begins with two is.
class QueryWords {
 public:
  // What the parser left over of this command.
  void take(Command command);
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool given() const { return given_; }
  // The arguments that it is made of.
  [[nodiscard]] const std::vector<std::string>& arguments() const { return arguments_; }
  // A message when something that looks like an option is none.
  [[nodiscard]] std::optional<std::string> unknown_option() const;

 private:
  std::string text_, unknown_;
  std::vector<std::string> arguments_;
  bool given_ = false;
};

// Lets the command read a query: call before its options are added.
void add_query(Command command, QueryWords& words);

}  // namespace cleangate::app
