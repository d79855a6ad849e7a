// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/error.h"
#include "dam/assets.h"
#include "dam/catalog.h"
#include "dam/stored_evidence.h"
#include "specs/evidence.h"
#include "specs/judge.h"
#include "specs/profile.h"

// Judging again from the catalog alone: no media is opened.
namespace cleangate::run {

// Whether there is anything to judge: what could not be read, and what is no media, has no verdict.
[[nodiscard]] bool can_be_judged(const specs::Evidence& evidence);

struct RejudgeRequest {
  std::vector<dam::AssetNumber> numbers;
  std::vector<specs::Profile> profiles;
  specs::OrderData order;
  int threads = 1;
  bool compare = false;  // tell what the last judgements said
};

struct Rejudged {
  std::size_t position = 0;  // in `numbers`
  dam::AssetNumber number = 0;
  std::shared_ptr<const dam::StoredEvidence> evidence;  // null with an error
  std::optional<Error> error;
  // One a profile, and one for each name the asset lies under where a rule is about the name; with
  // the waivers that hold now. Empty with an error, and where there is nothing to judge
  // (can_be_judged()).
  std::vector<dam::StoredJudgement> judgements;
  // With `compare`: the latest of these specs before, with the waivers that held then.
  std::vector<dam::StoredJudgement> last;
};

// Judges many assets at once and records what comes of it in groups; `finished` is told, from one
// thread at a time and in no order, when it is on disk. An asset whose facts cannot be read has an
// error and disturbs no other. Fails when the catalog cannot be opened or written.
[[nodiscard]] Expected<void> rejudge(const std::string& catalog, const dam::CatalogOptions& options,
                                     const RejudgeRequest& request,
                                     const std::function<void(const Rejudged&)>& finished,
                                     const std::stop_token& stop);

}  // namespace cleangate::run
