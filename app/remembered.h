// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/told_asset.h"
#include "dam/assets.h"
#include "dam/stored_evidence.h"

namespace cleangate::app {

// A verdict of the catalog as it is shown: waivers applied.
struct RememberedVerdict {
  specs::Verdict verdict;
  Remembered remembered;
  std::string time, confirmed, program;  // when it was first and last found so
};

// One asset of the catalog with its latest verdicts.
struct RememberedAsset {
  dam::StoredAsset stored;
  std::unique_ptr<dam::StoredEvidence> evidence;  // null: there are no facts
  std::vector<RememberedVerdict> verdicts;        // by spec and name

  [[nodiscard]] ToldAsset told() const;
};

// Whether both hold for one name, as far as it is known.
[[nodiscard]] inline bool same_name(const specs::Verdict& a, const specs::Verdict& b) {
  return !a.name || !b.name || *a.name == *b.name;
}
// The place of `paths` with the name a verdict holds for; the first where it holds for all.
[[nodiscard]] const std::string& path_of(const specs::Verdict& verdict,
                                         const std::vector<std::string>& paths);
[[nodiscard]] RememberedVerdict remembered_verdict(const dam::StoredJudgement& judgement);
[[nodiscard]] Expected<RememberedAsset> load_remembered(dam::Catalog& catalog,
                                                        dam::AssetNumber number);

}  // namespace cleangate::app
