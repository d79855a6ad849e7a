// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

#include <fmt/core.h>

#include "app/command_line.h"
#include "app/commands.h"
#include "app/documents.h"
#include "app/options.h"
#include "app/terminal.h"
#include "app/wording.h"
#include "core/text.h"
#include "specs/profile.h"

namespace cleangate::app {
namespace {

struct SpecsOptions {
  SpecOptions specs;
  bool json = false;
  std::vector<std::string> names;
  std::string base, output;
};

std::string padded(std::string_view text, int width) {
  return std::string(text) +
         std::string(static_cast<std::size_t>(std::max(0, width - columns(text))), ' ');
}

ExitStatus list(const SpecsOptions& options) {
  if (const auto valid = validate(options.specs); !valid) return usage_error(valid.error().message);
  const specs::SpecLibrary library(spec_directories(options.specs));
  const auto entries = library.list();
  if (options.json) {
    print(spec_list_document(entries));
    return finish_output(ExitStatus::pass);
  }
  const Layout layout = layout_of(STDOUT_FILENO);
  int id_width = 4, status_width = 6;
  for (const auto& entry : entries) {
    id_width = std::max(id_width, columns(entry.id));
    status_width = std::max(status_width, columns(entry.valid ? entry.status : "broken"));
  }
  for (const auto& entry : entries) {
    const std::string about =
        entry.valid ? entry.title + (entry.edition.empty() ? "" : ", ") + entry.edition
                    : entry.problem;
    print(ink(layout, Ink::bold, padded(readable(entry.id), id_width)) + "  " +
          padded(entry.valid ? entry.status : "broken", status_width) + "  " +
          wrapped(layout, id_width + status_width + 4, readable(about)));
  }
  return finish_output(ExitStatus::pass);
}

void print_requirement(const Layout& layout, const specs::RequirementLine& line) {
  std::string severity = line.effective_severity;
  if (severity != line.severity)
    severity += fmt::format(" (capped from {} by its grade)", line.severity);
  print("  " + ink(layout, Ink::bold, readable(line.id)) + "  " + severity + "\n");
  const auto row = [&](std::string_view label, const std::string& text) {
    if (!text.empty())
      print("    " + ink(layout, Ink::dim, padded(label, 10)) +
            wrapped(layout, 14, readable(text)));
  };
  row("quantity", line.quantity);
  row("demands", line.demand);
  row("source", fmt::format("{}{}{} [{}]", line.source, line.clause.empty() ? "" : ", ",
                            line.clause, line.grade));
  row("note", line.note);
}

ExitStatus show(const SpecsOptions& options) {
  if (const auto valid = validate(options.specs); !valid) return usage_error(valid.error().message);
  const specs::SpecLibrary library(spec_directories(options.specs));
  const auto profile = library.load(options.names.front());
  if (!profile) return usage_error(profile.error().message);
  if (options.json) {
    print(spec_document(*profile, specs::describe(*profile)));
    return finish_output(ExitStatus::pass);
  }
  const Layout layout = layout_of(STDOUT_FILENO);
  print(ink(layout, Ink::bold, readable(profile->id)) + "  " + readable(profile->title) + "\n");
  print(fmt::format("  edition {}, our revision {}, status {}, from {}\n",
                    profile->edition.empty() ? "not stated" : readable(profile->edition),
                    profile->revision, specs::to_string(profile->status), readable(profile->file)));
  if (!profile->last_checked.empty())
    print(fmt::format("  sources last checked {}\n", readable(profile->last_checked)));
  print(fmt::format("  {}\n\n", profile->digest));
  for (const specs::RequirementLine& line : specs::describe(*profile))
    print_requirement(layout, line);
  return finish_output(ExitStatus::pass);
}

ExitStatus lint(const SpecsOptions& options) {
  if (const auto valid = validate(options.specs); !valid) return usage_error(valid.error().message);
  const specs::SpecLibrary library(spec_directories(options.specs));
  bool clean = true;
  for (const std::string& name : options.names) {
    const auto problems = library.lint(name);
    if (!problems) {
      usage_error(problems.error().message);
      clean = false;
      continue;
    }
    for (const specs::ProfileProblem& problem : *problems)
      print(readable(specs::to_string(problem)) + "\n");
    if (problems->empty())
      print(readable(name) + ": no problem.\n");
    else
      clean = false;
  }
  return finish_output(clean ? ExitStatus::pass : ExitStatus::usage);
}

// Creates the file; never overwrites one.
Expected<void> write_new_file(const std::string& path, const std::string& text) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0)
    return fail(ErrorCode::io,
                fmt::format("{}: cannot be written ({}).", readable(path), std::strerror(errno)));
  std::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t written = write(descriptor, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  const bool closed = close(descriptor) == 0;
  if (!rest.empty() || !closed)
    return fail(ErrorCode::io, fmt::format("{}: could not be written whole ({}).", readable(path),
                                           std::strerror(errno)));
  return {};
}

ExitStatus make_new(const SpecsOptions& options) {
  if (const auto valid = validate(options.specs); !valid) return usage_error(valid.error().message);
  const specs::SpecLibrary library(spec_directories(options.specs));
  const auto text = library.scaffold(
      options.names.front(), options.base.empty() ? std::nullopt : std::optional(options.base));
  if (!text) return usage_error(text.error().message);
  if (options.output.empty()) {
    print(*text);
  } else if (const auto written = write_new_file(options.output, *text); !written) {
    return usage_error(written.error().message);
  }
  return finish_output(ExitStatus::pass);
}

Command add_part(Command command, const char* name, const char* about,
                 const std::shared_ptr<SpecsOptions>& options) {
  Command part = command.add_command(name, about);
  part.option("--specs-dir", options->specs.directory, "A folder of profiles, searched first");
  return part;
}

}  // namespace

void add_specs(Command program, Chosen& chosen) {
  auto options = std::make_shared<SpecsOptions>();
  const Command command = program.add_command("specs", "The spec library");
  command.require_command();

  Command part = add_part(command, "list", "Lists the specs", options);
  part.flag("--json", options->json, "One JSON document");
  part.on_given([&chosen, options] { chosen = [options] { return list(*options); }; });

  part = add_part(command, "show", "Shows every requirement of a spec with its source", options);
  part.option("SPEC", options->names, "Id or profile file").required().only_one();
  part.flag("--json", options->json, "One JSON document");
  part.on_given([&chosen, options] { chosen = [options] { return show(*options); }; });

  part = add_part(command, "lint", "Finds every mistake in profiles", options);
  part.option("SPEC", options->names, "Ids or profile files").required();
  part.on_given([&chosen, options] { chosen = [options] { return lint(*options); }; });

  part = add_part(command, "new", "Prints a new profile to fill in", options);
  part.option("ID", options->names, "Id of the new profile").required().only_one();
  part.option("--extends", options->base, "A spec that the new one builds on");
  part.option("-o,--output", options->output, "Write to this file, which must not exist");
  part.on_given([&chosen, options] { chosen = [options] { return make_new(*options); }; });

  for (const char* name : {"diff", "import"}) {
    part = command.add_command(name, "Not built yet");
    part.ignore_what_follows();
    part.on_given([&chosen, name] {
      chosen = [name] { return usage_error(fmt::format("`specs {}` is not built yet.", name)); };
    });
  }
}

}  // namespace cleangate::app
