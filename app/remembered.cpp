// SPDX-License-Identifier: Apache-2.0
#include "app/remembered.h"

#include <algorithm>
#include <tuple>

#include "core/text.h"
#include "dam/waivers.h"

namespace cleangate::app {

const std::string& path_of(const specs::Verdict& verdict, const std::vector<std::string>& paths) {
  const auto found = std::find_if(paths.begin(), paths.end(), [&](const std::string& path) {
    return verdict.name == file_name(path);
  });
  return found == paths.end() ? paths.front() : *found;
}

RememberedVerdict remembered_verdict(const dam::StoredJudgement& judgement) {
  RememberedVerdict shown;
  shown.verdict = dam::with_waivers(judgement);
  shown.remembered.before_waivers = judgement.verdict.verdict;
  for (const dam::StoredFinding& finding : judgement.findings)
    if (finding.waiver) shown.remembered.waivers[finding.finding.finding_id] = *finding.waiver;
  shown.time = judgement.time;
  shown.confirmed = judgement.confirmed;
  shown.program = judgement.program;
  return shown;
}

ToldAsset RememberedAsset::told() const {
  ToldAsset told;
  if (!stored.locations.empty()) told.path = stored.locations.front().location.path;
  told.status = stored.status;
  told.error = stored.error;
  told.isolation = stored.isolation;
  told.evidence = evidence.get();
  told.has_header = evidence != nullptr;
  told.has_facts = evidence && (stored.status == probes::Status::measured ||
                                stored.status == probes::Status::partial);
  return told;
}

Expected<RememberedAsset> load_remembered(dam::Catalog& catalog, dam::AssetNumber number) {
  RememberedAsset asset;
  auto stored = dam::load_asset(catalog, number);
  if (!stored) return tl::unexpected(stored.error());
  asset.stored = std::move(*stored);
  // Without a container nothing of the file was understood: there are no facts to load.
  if (!asset.stored.facts.container.format.empty()) {
    auto evidence = dam::StoredEvidence::load(catalog, number);
    if (!evidence) return tl::unexpected(evidence.error());
    asset.evidence = std::move(*evidence);
  }
  const auto judgements = dam::load_judgements(catalog, number, "", true);
  if (!judgements) return tl::unexpected(judgements.error());
  for (const dam::StoredJudgement& judgement : *judgements)
    asset.verdicts.push_back(remembered_verdict(judgement));
  std::sort(asset.verdicts.begin(), asset.verdicts.end(), [](const auto& a, const auto& b) {
    return std::tie(a.verdict.spec, a.verdict.name) < std::tie(b.verdict.spec, b.verdict.name);
  });
  const std::string shown = file_name(asset.told().path);
  for (RememberedVerdict& one : asset.verdicts)
    if (asset.evidence && (asset.evidence->paths().size() > 1 || one.verdict.name != shown))
      one.remembered.name = one.verdict.name;
  return asset;
}

}  // namespace cleangate::app
