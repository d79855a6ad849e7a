// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "dam/assets.h"
#include "probes/facts.h"
#include "specs/evidence.h"

namespace cleangate::app {

// An asset that is told of, whether it was measured just now or is remembered.
struct ToldAsset {
  std::string path;  // bytes
  probes::Status status = probes::Status::unreadable;
  std::optional<Error> error;
  std::string isolation;                      // level of the sandbox it was measured in
  const specs::Evidence* evidence = nullptr;  // where there are facts
  bool has_header = false;                    // facts of the tables are known
  bool has_facts = false;                     // the complete facts are known
  struct Cataloged {
    dam::AssetNumber number = 0;
    std::string known;  // by stat, content or essence: not decoded now; empty: measured now
  };
  std::optional<Cataloged> cataloged;  // with a catalog
  // Where it has been judged already (and recorded); else whoever tells of it judges.
  const std::vector<dam::StoredJudgement>* judgements = nullptr;
};

// What the catalog adds to a verdict that it remembers.
struct Remembered {
  // Those that hold now, by finding id: shown beside the finding, never instead of it.
  std::map<std::string, dam::StoredWaiver> waivers;
  // Said where others hold for other names: bytes of the file's name this one holds for.
  std::optional<std::string> name;
  // What the verdict was without them; the verdict shown takes them into account (dam/waivers.h).
  specs::VerdictKind before_waivers = specs::VerdictKind::inconclusive;
};

}  // namespace cleangate::app
