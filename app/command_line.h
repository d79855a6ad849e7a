// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

// The command line as the verbs see it. CLI11 reads it; only command_line.cpp includes that
// library, which costs every file that does more than five seconds of compiling.
namespace cleangate::app {

// An option or argument of a command; the parser owns it.
class CommandOption {
 public:
  explicit CommandOption(CLI::Option& option) : option_(&option) {}

  CommandOption& required();
  CommandOption& hidden();           // not in --help
  CommandOption& only_one();         // of a list: exactly one value
  CommandOption& one_each();         // of a list: one value each time the option is given
  CommandOption& comma_separated();  // of a list: one_each, with several values in one
  CommandOption& one_of(std::initializer_list<std::string> values);
  CommandOption& range(int first, int last);  // both included
  CommandOption& range(double first, double last);
  CommandOption& positive();

 private:
  CLI::Option* option_;
};

// The program or one of its commands; the parser owns it. What is read goes to the variables given,
// which must outlive the parsing; they keep their value where an option is not given.
class Command {
 public:
  explicit Command(CLI::App& app) : app_(&app) {}

  [[nodiscard]] Command add_command(std::string_view name, std::string_view about) const;
  void require_command() const;  // one of those added must be given
  void on_given(std::function<void()> call) const;

  void group(std::string_view title) const;  // in the list of commands
  void footer(std::string_view text) const;

  // A name with a minus ("--jobs", "-o,--output") is an option's, else a positional argument's.
  CommandOption option(std::string_view name, std::string& value, std::string_view about) const;
  CommandOption option(std::string_view name, std::optional<std::string>& value,
                       std::string_view about) const;
  CommandOption option(std::string_view name, std::vector<std::string>& values,
                       std::string_view about) const;
  CommandOption option(std::string_view name, int& value, std::string_view about) const;
  CommandOption option(std::string_view name, std::int64_t& value, std::string_view about) const;
  CommandOption option(std::string_view name, std::size_t& value, std::string_view about) const;
  CommandOption option(std::string_view name, double& value, std::string_view about) const;
  CommandOption on_option(std::string_view name,
                          std::function<void(const std::string&)> call) const;
  void flag(std::string_view name, bool& value, std::string_view about) const;
  CommandOption on_flag(std::string_view name, std::function<void()> call) const;

  // -h is no flag of this command, and of those added to it.
  void only_long_help() const;
  // What is no option of this command is no mistake: remaining() has it.
  void allow_remaining() const;
  [[nodiscard]] std::vector<std::string> remaining() const;
  // Whatever follows the command is not read.
  void ignore_what_follows() const;

 private:
  CLI::App* app_;
};

enum class Parsed { command, answered };  // answered: --help or --version, printed on stdout

// The parser of one program.
class CommandLine {
 public:
  CommandLine(std::string_view name, std::string_view about, std::string_view version);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  [[nodiscard]] Command program() const { return Command(*app_); }
  [[nodiscard]] std::string help() const;
  // usage with the parser's own words, which may hold bytes as given.
  [[nodiscard]] Expected<Parsed> parse(int argc, char** argv);

 private:
  std::unique_ptr<CLI::App> app_;
};

}  // namespace cleangate::app
