// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <fmt/core.h>

#include "app/catalog_option.h"
#include "app/command_line.h"
#include "app/commands.h"
#include "core/text.h"
#include "dam/annotations.h"

namespace cleangate::app {
namespace {

struct WaiveOptions {
  CatalogOption catalog;
  std::string finding, reason, by, until, title, scope = "finding";
  std::int64_t revoke = 0;
};

dam::WaiverScope scope_of(const std::string& word) {
  if (word == "rule") return dam::WaiverScope::rule;
  return word == "title" ? dam::WaiverScope::title : dam::WaiverScope::finding;
}

std::string who(const WaiveOptions& options) {
  return options.by.empty() ? acting_person() : options.by;
}

ExitStatus revoke(const WaiveOptions& options, dam::Catalog& catalog) {
  const auto revoked = dam::revoke_waiver(catalog, options.revoke, who(options));
  if (!revoked) return usage_error(revoked.error().message);
  print(fmt::format("Waiver {} is revoked.\n", options.revoke));
  return finish_output(ExitStatus::pass);
}

std::string_view scope_text(const std::string& scope) {
  if (scope == "rule") return "its rule on this asset";
  return scope == "title" ? "its rule on the whole title" : "this finding";
}

ExitStatus waive(const WaiveOptions& options) {
  if (options.finding.empty() == (options.revoke == 0))
    return usage_error(
        "Name a FINDING to waive (`cleangate show ASSET` tells their ids), or a "
        "waiver with --revoke.");
  if (options.revoke == 0 && options.reason.empty())
    return usage_error("A waiver needs a reason: --reason TEXT.");
  if (options.title.empty() == (options.scope == "title"))
    return usage_error(
        "--title NAME belongs to --scope title: the waiver holds for every asset "
        "with the tag title:NAME.");
  auto catalog = open_existing_catalog(options.catalog, "waive");
  if (!catalog) return usage_error(catalog.error().message);
  if (options.revoke != 0) return revoke(options, *catalog);
  dam::Waiver waiver{
      options.finding, scope_of(options.scope), options.reason, who(options), {}, {}};
  if (!options.until.empty()) waiver.until = options.until;
  if (!options.title.empty()) waiver.title = options.title;
  const auto id = dam::waive(*catalog, waiver);
  if (!id) return usage_error(id.error().message);
  print(fmt::format("Waiver {} holds for {}{}, as long as the measurement is what it is.\n", *id,
                    scope_text(options.scope),
                    waiver.until ? " until " + readable(*waiver.until) : ""));
  return finish_output(ExitStatus::pass);
}

}  // namespace

void add_waive(Command program, Chosen& chosen) {
  auto options = std::make_shared<WaiveOptions>();
  const Command command = program.add_command(
      "waive", "Accepts a failure that was found: it stays visible, and no longer rejects");
  command.option("FINDING", options->finding,
                 "Id of a failing finding, or 8 or more of its first digits");
  command.option("--reason", options->reason, "Why it is acceptable");
  command.option("--by", options->by, "Who decides (default: $CLEANGATE_USER, login name)");
  command.option("--until", options->until, "Last day that it holds, YYYY-MM-DD");
  command
      .option("--scope", options->scope,
              "finding (default), rule (this requirement on this asset), title (on every "
              "asset of the title, where the same was measured)")
      .one_of({"finding", "rule", "title"});
  command.option("--title", options->title, "With --scope title: assets tagged title:NAME");
  command.option("--revoke", options->revoke, "Takes the waiver with this number back").positive();
  add_catalog_option(command, options->catalog);
  command.on_given([&chosen, options] { chosen = [options] { return waive(*options); }; });
}

}  // namespace cleangate::app
