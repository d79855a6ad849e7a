// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <memory>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "app/catalog_option.h"
#include "app/command_line.h"
#include "app/commands.h"
#include "app/json_text.h"
#include "app/query_words.h"
#include "app/terminal.h"
#include "app/wording.h"
#include "core/text.h"
#include "dam/maintenance.h"
#include "dam/query/find.h"

namespace cleangate::app {
namespace {

using Kind = dam::CheckProblem::Kind;

struct CatalogOptions {
  CatalogOption catalog;
  std::string path;  // of the backup
  bool full = false, json = false, dry_run = false;
  QueryWords query;
};

const char* word_of(Kind kind) {
  switch (kind) {
    case Kind::database:
      return "database";
    case Kind::words:
      return "words";
    case Kind::missing_series:
      return "missing_series";
    case Kind::damaged_series:
      return "damaged_series";
    case Kind::foreign_file:
      return "foreign_file";
    case Kind::orphaned_series:
      return "orphaned_series";
    case Kind::leftover:
      break;
  }
  return "leftover";
}

std::string check_document(const dam::CheckReport& report, const CatalogOptions& options,
                           const std::string& path) {
  Json problems = Json::array();
  for (const dam::CheckProblem& problem : report.problems)
    problems.push_back({{"kind", word_of(problem.kind)},
                        {"what", to_valid_utf8(problem.what)},
                        {"advice", to_valid_utf8(problem.advice)},
                        {"harmless", problem.harmless}});
  Json json = headed("cleangate.catalog_check/1");
  json["catalog"] = to_valid_utf8(path);
  json["depth"] = options.full ? "full" : "quick";
  json["sound"] = report.sound();
  json["assets"] = report.assets;
  json["series"] = report.series;
  json["series_bytes"] = report.series_bytes;
  json["database_bytes"] = report.database_bytes;
  json["problems"] = std::move(problems);
  return printed(json) + "\n";
}

std::string check_text(const Layout& layout, const dam::CheckReport& report) {
  std::string out;
  for (const dam::CheckProblem& problem : report.problems) {
    std::string kind = word_of(problem.kind);
    for (char& c : kind)
      if (c == '_') c = ' ';
    out += ink(layout, problem.harmless ? Ink::dim : Ink::bad, kind) + "  " +
           readable(problem.what) + "\n    " + wrapped(layout, 4, readable(problem.advice));
  }
  return out + fmt::format("{}: {}, {} ({}), database {}.\n",
                           report.sound() ? "Sound" : "NOT SOUND",
                           count_text(report.assets, "asset", "assets"),
                           count_text(report.series, "series", "series"),
                           bytes_text(report.series_bytes), bytes_text(report.database_bytes));
}

// 0: sound; 1: it is not, as a digest that no longer matches.
ExitStatus check(const CatalogOptions& options) {
  // The word index can be compared only where the catalog can be written.
  auto catalog = options.full ? open_existing_catalog(options.catalog, "catalog check")
                              : open_catalog(options.catalog, dam::Access::read, "catalog check");
  if (!catalog && catalog.error().code == ErrorCode::permission)
    catalog = open_catalog(options.catalog, dam::Access::read, "catalog check");
  if (!catalog) return usage_error(catalog.error().message);
  const auto report =
      dam::check_catalog(*catalog, options.full ? dam::CheckDepth::full : dam::CheckDepth::quick);
  if (!report) return usage_error(report.error().message);
  print(options.json ? check_document(*report, options, catalog->path())
                     : check_text(layout_of(STDOUT_FILENO), *report));
  return finish_output(report->sound() ? ExitStatus::pass : ExitStatus::fail);
}

// Rows that the source names and does not have: the copy is as incomplete as it is.
ExitStatus tell_missing(const dam::Backup& copy) {
  if (copy.missing.empty()) return ExitStatus::pass;
  constexpr std::size_t kShown = 10;
  print(
      fmt::format("INCOMPLETE: {} missing or damaged in the source, so that rules that need them "
                  "are inconclusive in the copy:\n",
                  count_text(static_cast<std::int64_t>(copy.missing.size()), "series file is",
                             "series files are")));
  for (std::size_t i = 0; i < std::min(copy.missing.size(), kShown); ++i)
    print("  " + readable(copy.missing[i]) + "\n");
  return ExitStatus::fail;
}

ExitStatus backup(const CatalogOptions& options) {
  auto catalog = open_existing_catalog(options.catalog, "catalog backup");
  if (!catalog) return usage_error(catalog.error().message);
  const auto done = dam::backup_catalog(*catalog, options.path);
  if (!done) return usage_error(done.error().message);
  print(fmt::format("Backed up to {}.\n", readable(options.path)));
  return finish_output(tell_missing(*done));
}

ExitStatus restore(const CatalogOptions& options) {
  const std::string target = catalog_path(options.catalog);
  if (target.empty()) return usage_error("Which catalog is to be replaced? Give --catalog FILE.");
  const auto done = dam::restore_catalog(options.path, target);
  if (!done) return usage_error(done.error().message);
  print(fmt::format("{} is restored from {}{}.\n", readable(target), readable(options.path),
                    done->replaced ? "; what was there is kept beside it" : ""));
  return finish_output(tell_missing(*done));
}

// What is dropped can only be measured again from the media: an empty query is refused.
ExitStatus prune(const CatalogOptions& options) {
  if (const auto wrong = options.query.unknown_option()) return usage_error(*wrong);
  if (!options.query.given())
    return usage_error(
        "Which assets? `catalog prune QUERY` drops their rows; what was found of "
        "them stays, but rules that need the rows become inconclusive.");
  auto catalog = open_existing_catalog(options.catalog, "catalog prune");
  if (!catalog) return usage_error(catalog.error().message);
  const auto assets = dam::select_assets(*catalog, options.query.text());
  if (!assets) return usage_error(assets.error().message);
  const auto count = static_cast<std::int64_t>(assets->size());
  if (options.dry_run) {
    print(fmt::format("{} would be pruned; nothing was changed (--dry-run).\n",
                      count_text(count, "asset", "assets")));
    return finish_output(ExitStatus::pass);
  }
  const auto pruned = dam::prune(*catalog, *assets);
  if (!pruned) return usage_error(pruned.error().message);
  print(fmt::format("{}: {} dropped, {} freed.\n", count_text(pruned->assets, "asset", "assets"),
                    count_text(pruned->series, "series", "series"), bytes_text(pruned->bytes)));
  return finish_output(ExitStatus::pass);
}

ExitStatus tidy(const CatalogOptions& options) {
  auto catalog = open_existing_catalog(options.catalog, "catalog tidy");
  if (!catalog) return usage_error(catalog.error().message);
  if (const auto done = dam::tidy_catalog(*catalog); !done)
    return usage_error(done.error().message);
  print("Leftovers are removed and the word index is rebuilt.\n");
  return finish_output(ExitStatus::pass);
}

using Run = ExitStatus (*)(const CatalogOptions&);

Command add_part(Command command, const char* name, const char* about, Chosen& chosen,
                 const std::shared_ptr<CatalogOptions>& options, Run run) {
  Command part = command.add_command(name, about);
  add_catalog_option(part, options->catalog);
  part.on_given([&chosen, options, run, part] {
    options->query.take(part);
    chosen = [options, run] { return run(*options); };
  });
  return part;
}

}  // namespace

void add_catalog(Command program, Chosen& chosen) {
  auto options = std::make_shared<CatalogOptions>();
  const Command command = program.add_command("catalog", "Care of the catalog itself");
  command.require_command();
  Command part =
      add_part(command, "check", "Is all there, and as it was written?", chosen, options, check);
  part.flag("--full", options->full, "Read every series file and check every index");
  part.flag("--json", options->json, "One JSON document");
  part = add_part(command, "backup", "A second catalog, while others go on writing", chosen,
                  options, backup);
  part.option("TARGET", options->path, "Where: must not exist").required();
  part = add_part(command, "restore", "Puts a backup in the catalog's place", chosen, options,
                  restore);
  part.option("BACKUP", options->path, "The backup").required();
  part = add_part(command, "prune", "Drops the measured rows of the assets a query finds", chosen,
                  options, prune);
  add_query(part, options->query);
  part.flag("--dry-run", options->dry_run, "Only tell how many assets it would be");
  add_part(command, "tidy", "Removes leftovers and rebuilds the word index", chosen, options, tidy);
}

}  // namespace cleangate::app
