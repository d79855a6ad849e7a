// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "core/error.h"
#include "dam/catalog.h"
#include "dam/series.h"
#include "probes/facts.h"

namespace cleangate::dam {

// The rows `id` of an asset with these facts (essence digests known), whoever they were measured
// for, wholly in memory; the newest epoch there is. Null: nobody measured them. Errors: damaged,
// not_found (a row names a file that is gone), io.
[[nodiscard]] Expected<std::unique_ptr<Series>> stored_series(Catalog& catalog,
                                                              const probes::AssetFacts& facts,
                                                              const probes::SeriesId& id);

}  // namespace cleangate::dam
