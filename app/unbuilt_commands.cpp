// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "app/command_line.h"
#include "app/commands.h"

namespace cleangate::app {

void add_unbuilt(Command program, Chosen& chosen) {
  for (const char* name : {"watch", "relate", "sign-off", "rights", "report"}) {
    const Command command = program.add_command(name, "Not built yet");
    command.group("Not built yet");
    command.ignore_what_follows();  // whatever follows is not read
    command.on_given([&chosen, name] {
      chosen = [name] { return usage_error(fmt::format("`{}` is not built yet.", name)); };
    });
  }
}

}  // namespace cleangate::app
