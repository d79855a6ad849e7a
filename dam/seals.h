// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "dam/record.h"
#include "dam/sqlite.h"

// SHA-256 over rows that nothing else vouches for: to SQLite any text is a good text.
namespace cleangate::dam {

// Seals what was measured of an asset: its row, its streams and its fields as they are now.
void seal_asset(Database& database, AssetNumber asset);

[[nodiscard]] Sha256 event_seal(const Event& event, const std::string& time,
                                const std::string& agent, std::optional<AssetNumber> asset);

// One line for each asset and event that is not what was sealed; rows of before there were seals
// are passed over.
void check_seals(Database& database, const std::function<void(const std::string&)>& wrong);

}  // namespace cleangate::dam
