// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/digest.h"

// Catalogs that a restore replaced lie beside the one that is in use now, as
// "<catalog>.before-restore-<time>", and share its store of series.
namespace cleangate::dam {

// Gives what is at `target` such a name too. It stays where it is until the restored one takes its
// place in one step: at no time is there no catalog. Its log is emptied first, because a log must
// never meet another database. Throws a Failure.
void keep_aside(const std::string& target);

// The catalog that this one was, if it was put aside; else its own path.
[[nodiscard]] std::string catalog_before(const std::string& path);

[[nodiscard]] std::vector<std::string> kept_aside(const std::string& catalog);
// The series that they name. Nothing: one of them cannot be read, and what it needs is not known.
[[nodiscard]] std::optional<std::set<Sha256>> series_kept_aside(const std::string& catalog);

}  // namespace cleangate::dam
