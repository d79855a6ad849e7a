// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include "app/commands.h"

namespace cleangate::app {

void add_unbuilt(CLI::App& program, Chosen& chosen) {
  for (const char* name : {"watch", "relate", "sign-off", "rights", "report"}) {
    CLI::App* command = program.add_subcommand(name, "Not built yet");
    command->group("Not built yet");
    command->prefix_command();  // whatever follows is not read
    command->callback([&chosen, name] {
      chosen = [name] { return usage_error(fmt::format("`{}` is not built yet.", name)); };
    });
  }
}

}  // namespace cleangate::app
