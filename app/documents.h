// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/measurements.h"
#include "app/told_asset.h"
#include "specs/judge.h"
#include "specs/profile.h"

// The JSON of the public contract (docs/schema/), as text: one element each, UTF-8, keys in the
// contract's order.
namespace cleangate::app {

enum class FindingsShown { notable, all };  // notable: neither pass nor not_applicable

// An ASSET of cleangate.measurement/1.
[[nodiscard]] std::string asset_json(const ToldAsset& asset, const Measurements& measurements);
// {path, path_bytes?, status, error?}: an input without a verdict.
[[nodiscard]] std::string input_json(const ToldAsset& asset);
// An element of `verdicts` in cleangate.verdict/1.
[[nodiscard]] std::string verdict_json(const ToldAsset& asset, const specs::Verdict& verdict,
                                       FindingsShown shown, const Remembered* remembered = nullptr);
// One FINDING.
[[nodiscard]] std::string finding_json(const probes::AssetFacts& facts,
                                       const specs::Finding& finding,
                                       const Remembered* remembered = nullptr);

// `specs list --json` and `specs show --json`, whole documents.
[[nodiscard]] std::string spec_list_document(const std::vector<specs::SpecLibrary::Entry>& entries);
[[nodiscard]] std::string spec_document(const specs::Profile& profile,
                                        const std::vector<specs::RequirementLine>& lines);

// {"schema": "cleangate.<kind>/1", "version": …, "<key>": [elements…], …}
struct DocumentList {
  std::string_view key;
  std::vector<std::string> elements;
};
enum class JsonShape { pretty, line };  // line: without a line break inside
[[nodiscard]] std::string document(std::string_view kind, const std::vector<DocumentList>& lists,
                                   JsonShape shape);

}  // namespace cleangate::app
