// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "dam/record.h"
#include "dam/record_prepare.h"
#include "dam/sqlite.h"

// The rows of one record, inside a write transaction. Failures are thrown.
namespace cleangate::dam {

struct WriteContext {
  Database& database;
  std::string now;    // one time for the whole transaction
  std::string agent;  // program and version, for events and judgements
};

[[nodiscard]] Recorded write_asset(const WriteContext& to, const PreparedAsset& asset);
[[nodiscard]] bool has_content(Database& database, AssetNumber asset);
// An asset whose content was not known turns out to be another: what people added goes along.
void merge_assets(Database& database, AssetNumber from, AssetNumber into);
// True: it was not known there.
bool write_location(const WriteContext& to, AssetNumber asset, const Location& location);
// True: it says something new; false: the last judgement of its spec said the same, and was
// confirmed.
bool write_judgement(const WriteContext& to, AssetNumber asset, const PreparedVerdict& judged,
                     const Sha256& evidence);
void write_event(const WriteContext& to, std::optional<AssetNumber> asset, const Event& event);

// "sha256:…", or the path it was last seen at.
[[nodiscard]] std::string object_name(Database& database, AssetNumber asset);

}  // namespace cleangate::dam
