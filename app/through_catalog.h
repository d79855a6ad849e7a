// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/batch.h"
#include "app/catalog_option.h"
#include "core/error.h"
#include "specs/judge.h"
#include "specs/profile.h"

namespace cleangate::app {

// What `measure` and `check` do with a catalog.
struct CatalogedBatch {
  CatalogOption catalog;
  std::string purpose;  // what others are told while they wait for us
  std::vector<specs::Profile> profiles;
  specs::OrderData order;
  bool rehash = false;
  std::optional<std::set<std::string>> rows_asked;  // run::IngestRequest
};

// measure_all() through the catalog: what is known is not read again; what is new is measured
// whole, whatever the profiles need, and remembered with its verdicts. Files only. An Error when
// the catalog refuses; what was measured until then has been concluded and emitted all the same.
[[nodiscard]] Expected<void> measure_through(const CatalogedBatch& cataloged,
                                             const std::vector<std::string>& paths,
                                             const BatchOptions& options, ProgressBar& progress,
                                             const std::stop_token& stop,
                                             const std::function<Piece(const ToldAsset&)>& conclude,
                                             const std::function<void(const Piece&)>& emit);

}  // namespace cleangate::app
