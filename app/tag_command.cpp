// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "app/catalog_option.h"
#include "app/command_line.h"
#include "app/commands.h"
#include "app/json_text.h"
#include "app/wording.h"
#include "core/text.h"
#include "dam/annotations.h"
#include "dam/assets.h"
#include "dam/query/find.h"

namespace cleangate::app {
namespace {

struct TagOptions {
  CatalogOption catalog;
  std::vector<std::string> words;  // [ASSET] add|remove NAME…
  std::optional<std::string> query;
  std::string by;
  bool dry_run = false, json = false;
};

// The command line taken apart: whose tags, and what happens to them.
struct Wanted {
  std::optional<std::string> asset;
  dam::TagChange change;
};

Expected<Wanted> wanted(const TagOptions& options) {
  Wanted read;
  std::size_t at = 0;
  if (!options.query && !options.words.empty()) read.asset = options.words[at++];
  std::vector<std::string>* names = nullptr;
  for (; at < options.words.size(); ++at) {
    const std::string& word = options.words[at];
    if (word == "add" || word == "remove")
      names = word == "add" ? &read.change.add : &read.change.remove;
    else if (names)
      names->push_back(word);
    else
      return fail(ErrorCode::usage, fmt::format("'{}' stands where add or remove was expected: "
                                                "`cleangate tag ASSET add NAME`.",
                                                readable(word)));
  }
  if (read.change.add.empty() && read.change.remove.empty())
    return fail(ErrorCode::usage, "No tag is named: `cleangate tag ASSET add NAME`.");
  return read;
}

Expected<std::vector<dam::AssetNumber>> assets_of(dam::Catalog& catalog, const Wanted& wanted,
                                                  const TagOptions& options) {
  if (options.query) return dam::select_assets(catalog, *options.query);
  auto number = dam::resolve_asset(catalog, *wanted.asset);
  if (!number) return tl::unexpected(number.error());
  return std::vector{*number};
}

void report(const TagOptions& options, std::size_t asked, const dam::Tagged& tagged) {
  if (options.json) {
    Json json = headed("cleangate.tag/1");
    json["dry_run"] = options.dry_run;
    json["assets"] = asked;
    json["changed"] = tagged.assets;
    json["added"] = tagged.added;
    json["removed"] = tagged.removed;
    print(printed(json) + "\n");
    return;
  }
  const std::string of = count_text(static_cast<std::int64_t>(asked), "asset", "assets");
  print(options.dry_run ? fmt::format("{}; nothing was changed (--dry-run).\n", of)
                        : fmt::format("{}: {} changed, {} added, {} removed.\n", of, tagged.assets,
                                      count_text(tagged.added, "tag", "tags"), tagged.removed));
}

ExitStatus tag(const TagOptions& options) {
  const auto what = wanted(options);
  if (!what) return usage_error(what.error().message);
  auto catalog = open_existing_catalog(options.catalog, "tag");
  if (!catalog) return usage_error(catalog.error().message);
  const auto assets = assets_of(*catalog, *what, options);
  if (!assets) return usage_error(assets.error().message);
  dam::Tagged tagged;
  if (!options.dry_run) {
    const auto changed = dam::change_tags(*catalog, *assets, what->change,
                                          options.by.empty() ? acting_person() : options.by);
    if (!changed) return usage_error(changed.error().message);
    tagged = *changed;
  }
  report(options, assets->size(), tagged);
  return finish_output(ExitStatus::pass);
}

}  // namespace

void add_tag(Command program, Chosen& chosen) {
  auto options = std::make_shared<TagOptions>();
  const Command command = program.add_command("tag", "Adds and removes tags");
  command.option("WORDS", options->words,
                 "ASSET add NAME… remove NAME… (without ASSET when --query is given)");
  command.option("--query", options->query, "All assets that this query finds");
  command.option("--by", options->by, "Who does it (default: $CLEANGATE_USER, login name)");
  command.flag("--dry-run", options->dry_run, "Only tell how many assets it would be");
  command.flag("--json", options->json, "One JSON document");
  add_catalog_option(command, options->catalog);
  command.on_given([&chosen, options] { chosen = [options] { return tag(*options); }; });
}

}  // namespace cleangate::app
