// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <fmt/core.h>

#include "app/catalog_option.h"
#include "app/command_line.h"
#include "app/commands.h"
#include "app/interrupt.h"
#include "app/query_words.h"
#include "app/show_text.h"
#include "dam/query/find.h"

namespace cleangate::app {
namespace {

struct ExportOptions {
  CatalogOption catalog;
  bool json_lines = false, all = false;
  QueryWords query;
};

// One line: the document that `show --json` prints of this asset.
Expected<std::string> line_of(dam::Catalog& catalog, dam::AssetNumber number, FindingsShown shown) {
  const auto asset = load_remembered(catalog, number);
  if (!asset) return tl::unexpected(asset.error());
  const auto events = dam::load_events(catalog, number);
  if (!events) return tl::unexpected(events.error());
  return show_document(*asset, *events, shown, nullptr, JsonShape::line);
}

ExitStatus export_assets(const ExportOptions& options) {
  if (const auto wrong = options.query.unknown_option()) return usage_error(*wrong);
  if (!options.json_lines)
    return usage_error(
        "`export` writes JSON lines: give --json-lines. (`find --csv` writes a "
        "table.)");
  auto catalog = open_catalog(options.catalog, dam::Access::read, "export");
  if (!catalog) return usage_error(catalog.error().message);
  const auto numbers = dam::select_assets(*catalog, options.query.text());
  if (!numbers) return usage_error(numbers.error().message);
  Interrupt interrupt;
  int broken = 0;
  for (const dam::AssetNumber number : *numbers) {
    if (interrupt.requested()) return finish_output(ExitStatus::interrupted);
    const auto line =
        line_of(*catalog, number, options.all ? FindingsShown::all : FindingsShown::notable);
    if (line) {
      print(*line);
    } else {
      usage_error(fmt::format("Asset {}: {}", number, line.error().message));
      ++broken;
    }
  }
  return finish_output(broken > 0 ? ExitStatus::inconclusive : ExitStatus::pass);
}

}  // namespace

void add_export(Command program, Chosen& chosen) {
  auto options = std::make_shared<ExportOptions>();
  const Command command =
      program.add_command("export", "Writes what the catalog knows of assets, one a line");
  add_query(command, options->query);
  command.flag("--json-lines", options->json_lines,
               "One JSON document a line, as `show --json` prints it");
  command.flag("--all", options->all, "With every requirement, the met ones too");
  add_catalog_option(command, options->catalog);
  command.on_given([&chosen, options, command] {
    options->query.take(command);
    chosen = [options] { return export_assets(*options); };
  });
}

}  // namespace cleangate::app
