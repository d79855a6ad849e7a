// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/error.h"
#include "dam/catalog.h"

namespace cleangate::app {

class Command;

// `--catalog FILE`, as given on the command line; empty: not given.
struct CatalogOption {
  std::string path;
};

void add_catalog_option(Command command, CatalogOption& option);

// --catalog, else $CLEANGATE_CATALOG, else $XDG_DATA_HOME/cleangate/catalog.db, else
// ~/.local/share/cleangate/catalog.db. Empty where none of these is set (open_catalog says so).
[[nodiscard]] std::string catalog_path(const CatalogOption& option);

// The same; usage where none of these is set.
[[nodiscard]] Expected<std::string> known_catalog_path(const CatalogOption& option);

// How a catalog is opened for one purpose.
[[nodiscard]] dam::CatalogOptions catalog_options(dam::Access access, const std::string& purpose);

// Opens it. Access::read wants a catalog that is there (not_found names its path and `cleangate
// ingest`); Access::write makes one. `purpose` ("ingest") is what others are told while they wait
// for us; while we wait for them, stderr tells for whom.
[[nodiscard]] Expected<dam::Catalog> open_catalog(const CatalogOption& option, dam::Access access,
                                                  const std::string& purpose);

// The same for verbs that change assets that are known (tag, note, waive): writes, but never makes
// a catalog.
[[nodiscard]] Expected<dam::Catalog> open_existing_catalog(const CatalogOption& option,
                                                           const std::string& purpose);

// Who acts, for what people add: $CLEANGATE_USER, else the login name, else "unknown".
[[nodiscard]] std::string acting_person();

}  // namespace cleangate::app
