// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dam/assets.h"
#include "dam/catalog.h"
#include "specs/judge.h"

// What waivers make of verdicts. A stored judgement says what was found and stays as it is; whoever
// shows or counts a verdict shows what is left of it after the waivers that hold now.
namespace cleangate::dam {

// The verdict with its waived failures taken out: `counts.waived` counts them, `counts.fail`,
// `counts.warn` and `counts.info` no longer do, and a verdict that was fail is fail if an unwaived
// reject fails, else inconclusive if a reject is or the asset is not whole, else pass. A verdict
// that was not fail stays what it was. Findings stay as they were.
[[nodiscard]] specs::Verdict with_waivers(const StoredJudgement& judgement);

// A verdict that was just reached and recorded, as load_judgements would give it back: with the
// waivers that hold now. `id` and times are not set; `findings` are left out where the catalog has
// no waiver at all.
[[nodiscard]] Expected<StoredJudgement> just_judged(Catalog& catalog, AssetNumber asset,
                                                    const specs::Verdict& verdict,
                                                    probes::Status status);

// A judgement with the waivers that held when it was last confirmed, in the place of those that
// hold now.
[[nodiscard]] Expected<StoredJudgement> as_confirmed(Catalog& catalog, AssetNumber asset,
                                                     StoredJudgement judgement);

// Whether there is one that was not taken back; most catalogs have none. Inside a read.
[[nodiscard]] bool any_waiver(Database& database);

// The newest waiver that holds for a finding now. Inside a read.
[[nodiscard]] std::optional<StoredWaiver> holding_waiver(Database& database, AssetNumber asset,
                                                         const std::string& spec,
                                                         const StoredFinding& found);

// A latest judgement with at least one failure that is waived now.
struct WaivedVerdict {
  std::int64_t judgement = 0;
  AssetNumber asset = 0;
  std::string spec;
  specs::VerdictKind stored = specs::VerdictKind::inconclusive;
  specs::VerdictKind effective = specs::VerdictKind::inconclusive;
  int waived = 0;
};

// All of them; waivers are few, so this costs little whatever the catalog's size. Inside a read.
[[nodiscard]] std::vector<WaivedVerdict> waived_verdicts(Database& database);

}  // namespace cleangate::dam
