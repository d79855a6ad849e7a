// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <fmt/core.h>

#include "app/catalog_option.h"
#include "app/command_line.h"
#include "app/commands.h"
#include "dam/annotations.h"
#include "dam/assets.h"

namespace cleangate::app {
namespace {

struct NoteOptions {
  CatalogOption catalog;
  std::string asset, text, by;
};

ExitStatus note(const NoteOptions& options) {
  auto catalog = open_existing_catalog(options.catalog, "note");
  if (!catalog) return usage_error(catalog.error().message);
  const auto number = dam::resolve_asset(*catalog, options.asset);
  if (!number) return usage_error(number.error().message);
  const auto added = dam::add_note(*catalog, *number, options.text,
                                   options.by.empty() ? acting_person() : options.by);
  if (!added) return usage_error(added.error().message);
  print(fmt::format("Noted on asset {}.\n", *number));
  return finish_output(ExitStatus::pass);
}

}  // namespace

void add_note(Command program, Chosen& chosen) {
  auto options = std::make_shared<NoteOptions>();
  const Command command = program.add_command("note", "Adds a note to an asset");
  command.option("ASSET", options->asset, "Path, content id (8 or more digits) or number")
      .required();
  command.option("TEXT", options->text, "The note").required();
  command.option("--by", options->by, "Who writes it (default: $CLEANGATE_USER, login name)");
  add_catalog_option(command, options->catalog);
  command.on_given([&chosen, options] { chosen = [options] { return note(*options); }; });
}

}  // namespace cleangate::app
