// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <exception>

#include "app/command_line.h"
#include "app/commands.h"
#include "core/text.h"

namespace cleangate::app {
namespace {

ExitStatus run(int argc, char** argv) {
  CommandLine line("cleangate",
                   "Cleangate measures a master once and judges it against any delivery "
                   "specification.",
                   "cleangate " CLEANGATE_VERSION);
  const Command program = line.program();
  program.require_command();
  program.footer(
      "`cleangate COMMAND --help` tells more. Exit status: 0 pass, 1 a spec fails, 2 wrong "
      "usage,\n3 something undecided or not readable, 130 interrupted.");
  Chosen chosen;
  add_measure(program, chosen);
  add_check(program, chosen);
  add_ingest(program, chosen);
  add_judge(program, chosen);
  add_verify(program, chosen);
  add_find(program, chosen);
  add_show(program, chosen);
  add_tag(program, chosen);
  add_note(program, chosen);
  add_waive(program, chosen);
  add_export(program, chosen);
  add_stats(program, chosen);
  add_sql(program, chosen);
  add_catalog(program, chosen);
  add_specs(program, chosen);
  add_doctor(program, chosen);
  add_unbuilt(program, chosen);
  if (argc <= 1) {
    std::fputs(line.help().c_str(), stderr);
    return ExitStatus::usage;
  }
  const auto parsed = line.parse(argc, argv);
  if (!parsed)
    return usage_error(readable(parsed.error().message) + " (`cleangate --help` shows the usage.)");
  if (*parsed == Parsed::answered) return finish_output(ExitStatus::pass);
  return chosen();
}

}  // namespace

}  // namespace cleangate::app

int main(int argc, char** argv) {
  try {
    return static_cast<int>(cleangate::app::run(argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "cleangate: an error of our own: %s\n", error.what());
    return static_cast<int>(cleangate::app::ExitStatus::usage);
  }
}
