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
  std::vector<RememberedVerdict> verdicts;        // by spec

  [[nodiscard]] ToldAsset told() const;
};

[[nodiscard]] RememberedVerdict remembered_verdict(const dam::StoredJudgement& judgement);
[[nodiscard]] Expected<RememberedAsset> load_remembered(dam::Catalog& catalog,
                                                        dam::AssetNumber number);

}  // namespace cleangate::app
