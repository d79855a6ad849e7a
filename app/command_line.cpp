// SPDX-License-Identifier: Apache-2.0
#include "app/command_line.h"

#include <utility>

#include <CLI/CLI.hpp>

namespace cleangate::app {
namespace {

template <class T>
CommandOption add(CLI::App& app, std::string_view name, T& value, std::string_view about) {
  return CommandOption(*app.add_option(std::string(name), value, std::string(about)));
}

}  // namespace

CommandOption& CommandOption::required() {
  option_->required();
  return *this;
}

CommandOption& CommandOption::hidden() {
  option_->group("");
  return *this;
}

CommandOption& CommandOption::only_one() {
  option_->expected(1);
  return *this;
}

CommandOption& CommandOption::one_each() {
  option_->allow_extra_args(false);
  return *this;
}

CommandOption& CommandOption::comma_separated() {
  option_->delimiter(',');
  return one_each();
}

CommandOption& CommandOption::one_of(std::initializer_list<std::string> values) {
  option_->check(CLI::IsMember(values));
  return *this;
}

CommandOption& CommandOption::range(int first, int last) {
  option_->check(CLI::Range(first, last));
  return *this;
}

CommandOption& CommandOption::range(double first, double last) {
  option_->check(CLI::Range(first, last));
  return *this;
}

CommandOption& CommandOption::positive() {
  option_->check(CLI::PositiveNumber);
  return *this;
}

Command Command::add_command(std::string_view name, std::string_view about) const {
  return Command(*app_->add_subcommand(std::string(name), std::string(about)));
}

void Command::require_command() const { app_->require_subcommand(1); }

void Command::on_given(std::function<void()> call) const { app_->callback(std::move(call)); }

void Command::group(std::string_view title) const { app_->group(std::string(title)); }

void Command::footer(std::string_view text) const { app_->footer(std::string(text)); }

CommandOption Command::option(std::string_view name, std::string& value,
                              std::string_view about) const {
  return add(*app_, name, value, about);
}

CommandOption Command::option(std::string_view name, std::optional<std::string>& value,
                              std::string_view about) const {
  return add(*app_, name, value, about);
}

CommandOption Command::option(std::string_view name, std::vector<std::string>& values,
                              std::string_view about) const {
  return add(*app_, name, values, about);
}

CommandOption Command::option(std::string_view name, int& value, std::string_view about) const {
  return add(*app_, name, value, about);
}

CommandOption Command::option(std::string_view name, std::int64_t& value,
                              std::string_view about) const {
  return add(*app_, name, value, about);
}

CommandOption Command::option(std::string_view name, std::size_t& value,
                              std::string_view about) const {
  return add(*app_, name, value, about);
}

CommandOption Command::option(std::string_view name, double& value, std::string_view about) const {
  return add(*app_, name, value, about);
}

CommandOption Command::on_option(std::string_view name,
                                 std::function<void(const std::string&)> call) const {
  return CommandOption(*app_->add_option_function<std::string>(std::string(name), call));
}

void Command::flag(std::string_view name, bool& value, std::string_view about) const {
  app_->add_flag(std::string(name), value, std::string(about));
}

CommandOption Command::on_flag(std::string_view name, std::function<void()> call) const {
  return CommandOption(*app_->add_flag_callback(std::string(name), std::move(call)));
}

void Command::only_long_help() const {
  app_->set_help_flag("--help", "Print this help message and exit");
}

void Command::allow_remaining() const { app_->allow_extras(); }

std::vector<std::string> Command::remaining() const { return app_->remaining(); }

void Command::ignore_what_follows() const { app_->prefix_command(); }

CommandLine::CommandLine(std::string_view name, std::string_view about, std::string_view version)
    : app_(std::make_unique<CLI::App>(std::string(about), std::string(name))) {
  app_->set_version_flag("--version", std::string(version));
}

CommandLine::~CommandLine() = default;

std::string CommandLine::help() const { return app_->help(); }

Expected<Parsed> CommandLine::parse(int argc, char** argv) {
  try {
    app_->parse(argc, argv);
  } catch (const CLI::Success& wanted) {
    app_->exit(wanted);
    return Parsed::answered;
  } catch (const CLI::ParseError& error) {
    return fail(ErrorCode::usage, error.what());
  }
  return Parsed::command;
}

}  // namespace cleangate::app
