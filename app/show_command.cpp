// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <set>

#include <fmt/core.h>

#include "app/catalog_option.h"
#include "app/command_line.h"
#include "app/commands.h"
#include "app/show_text.h"
#include "core/text.h"

namespace cleangate::app {
namespace {

struct ShowOptions {
  CatalogOption catalog;
  std::string asset, against;
  bool json = false, all = false;
};

using Verdicts = std::map<std::string, specs::Verdict>;

// Of several by one spec, the one for the name that is shown.
Verdicts latest_of(const RememberedAsset& asset) {
  const std::string shown = file_name(asset.told().path);
  Verdicts verdicts;
  for (const RememberedVerdict& one : asset.verdicts)
    if (const auto [at, added] = verdicts.try_emplace(one.verdict.spec, one.verdict);
        !added && one.verdict.name == shown)
      at->second = one.verdict;
  return verdicts;
}

// The judgement before the latest one of each spec, with the waivers that hold now.
Expected<Verdicts> earlier_of(dam::Catalog& catalog, dam::AssetNumber number,
                              const Verdicts& latest) {
  const auto judgements = dam::load_judgements(catalog, number, "", false);
  if (!judgements) return tl::unexpected(judgements.error());
  Verdicts verdicts;  // newest first: the first that is not the latest is the one before
  for (const dam::StoredJudgement& judgement : *judgements)
    if (const auto now = latest.find(judgement.verdict.spec);
        !judgement.latest && (now == latest.end() || same_name(judgement.verdict, now->second)))
      verdicts.try_emplace(judgement.verdict.spec, remembered_verdict(judgement).verdict);
  return verdicts;
}

AgainstOther compared(std::string name, const Verdicts& before, const Verdicts& now) {
  AgainstOther against{std::move(name), {}, {}};
  std::set<std::string> specs;
  for (const auto* verdicts : {&before, &now})
    for (const auto& [spec, verdict] : *verdicts) specs.insert(spec);
  for (const std::string& spec : specs) {
    const auto old = before.find(spec), present = now.find(spec);
    if (old == before.end() || present == now.end())
      against.missing.push_back(spec);
    else
      against.comparisons.push_back(compare(old->second, present->second));
  }
  return against;
}

// `--against previous` is the asset itself as it was judged before; else another asset.
Expected<AgainstOther> against(dam::Catalog& catalog, const RememberedAsset& asset,
                               const std::string& name) {
  if (name == "previous") {
    const Verdicts now = latest_of(asset);
    const auto before = earlier_of(catalog, asset.stored.number, now);
    if (!before) return tl::unexpected(before.error());
    return compared("the judgements before", *before, now);
  }
  const auto number = dam::resolve_asset(catalog, name);
  if (!number) return tl::unexpected(number.error());
  const auto other = load_remembered(catalog, *number);
  if (!other) return tl::unexpected(other.error());
  return compared(fmt::format("asset {}, {}", *number, other->told().path), latest_of(*other),
                  latest_of(asset));
}

ExitStatus show(const ShowOptions& options) {
  auto catalog = open_catalog(options.catalog, dam::Access::read, "show");
  if (!catalog) return usage_error(catalog.error().message);
  const auto number = dam::resolve_asset(*catalog, options.asset);
  if (!number) return usage_error(number.error().message);
  const auto asset = load_remembered(*catalog, *number);
  if (!asset) return usage_error(asset.error().message);
  const auto events = dam::load_events(*catalog, *number);
  if (!events) return usage_error(events.error().message);
  std::optional<AgainstOther> other;
  if (!options.against.empty()) {
    auto compared = against(*catalog, *asset, options.against);
    if (!compared) return usage_error(compared.error().message);
    other = std::move(*compared);
  }
  const FindingsShown shown = options.all ? FindingsShown::all : FindingsShown::notable;
  if (options.json) {
    print(show_document(*asset, *events, shown, other ? &*other : nullptr, JsonShape::pretty));
  } else {
    const Layout layout = layout_of(STDOUT_FILENO);
    print(show_text(layout, *asset, *events, shown));
    if (other) print(against_text(layout, *other));
  }
  return finish_output(ExitStatus::pass);
}

}  // namespace

void add_show(Command program, Chosen& chosen) {
  auto options = std::make_shared<ShowOptions>();
  const Command command =
      program.add_command("show", "One asset: facts, verdicts, findings, places, history");
  command.option("ASSET", options->asset, "Path, content id (8 or more digits) or number")
      .required();
  command.option("--against", options->against,
                 "Compare findings with another ASSET, or with `previous` judgements");
  command.flag("--all", options->all, "List every requirement, the met ones too");
  command.flag("--json", options->json, "One JSON document");
  add_catalog_option(command, options->catalog);
  command.on_given([&chosen, options] { chosen = [options] { return show(*options); }; });
}

}  // namespace cleangate::app
