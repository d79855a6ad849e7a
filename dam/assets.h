// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dam/catalog.h"
#include "dam/record.h"
#include "probes/facts.h"
#include "specs/judge.h"

// One asset, and everything the catalog knows of it: `show`, `judge`, `verify`, `report`.
namespace cleangate::dam {

struct StoredLocation {
  Location location;
  std::string state;  // present | mismatched | missing | moved | replaced
  std::string first_seen, last_seen;
};

struct StoredWaiver {
  std::int64_t id = 0;
  std::string scope, finding_id, spec, requirement, reason, by, time;
  std::optional<std::string> until;
};

struct StoredFinding {
  specs::Finding finding;
  std::string basis;                   // what was measured: a waiver holds while it is the same
  std::optional<StoredWaiver> waiver;  // one that holds now
};

struct StoredJudgement {
  std::int64_t id = 0;
  specs::Verdict verdict;  // findings as they were, in the profile's order, waivers not applied
  specs::OrderData order;
  std::string program, time, confirmed;
  bool latest = true;
  probes::Status status = probes::Status::measured;  // of the asset
  std::vector<StoredFinding> findings;  // those that are neither pass nor not_applicable
};

struct StoredEvent {
  std::int64_t id = 0;
  std::string type, time, outcome, detail, agent, object;
};

struct StoredTag {
  std::string name, by, time;
};

struct StoredNote {
  std::int64_t id = 0;
  std::string text, by, time;
};

// This asset is the `kind` of the other ("sidecar_of"), or the other of this one.
struct StoredRelation {
  AssetNumber number = 0;
  std::string kind;
  AssetNumber other = 0;
  std::string path;  // bytes; where the one that is not shown was seen last
};

struct StoredAsset {
  AssetNumber number = 0;
  std::optional<Sha256> content_id;
  std::uint64_t bytes = 0;
  std::string kind, isolation, first_seen, measured_at;
  probes::Status status = probes::Status::measured;
  std::optional<Error> error;
  std::optional<std::string> pruned_at;
  probes::AssetFacts facts;
  std::vector<StoredLocation> locations;  // present ones first
  std::vector<StoredTag> tags;
  std::vector<StoredNote> notes;
  std::vector<StoredRelation> relations;  // first those of this asset, then those of others to it
};

// An ASSET as users name it: a path (absolute or from here), a content id with or without "sha256:"
// or 8 or more hex digits of one, or a catalog number. not_found; usage when a prefix fits several.
[[nodiscard]] Expected<AssetNumber> resolve_asset(Catalog& catalog, const std::string& name);

// Where assets lie as far as is known: present places, and those where they were missing last time;
// not those they were moved from.
// An asset without any has one row with the path where it was seen last.
struct SeenPlace {
  AssetNumber asset = 0;
  std::optional<Sha256> content_id;
  std::string volume, path;  // path: bytes
  bool missing = false;      // or not what it was, last time
  bool taken = false;        // other content lies there now
};
[[nodiscard]] Expected<std::vector<SeenPlace>> places_of(Catalog& catalog,
                                                         std::span<const AssetNumber> assets);

[[nodiscard]] Expected<StoredAsset> load_asset(Catalog& catalog, AssetNumber number);
// Newest first; `spec` empty: of all specs.
[[nodiscard]] Expected<std::vector<StoredJudgement>> load_judgements(Catalog& catalog,
                                                                     AssetNumber number,
                                                                     const std::string& spec,
                                                                     bool only_latest);
// Oldest first; those of assets too that turned out to be this one.
[[nodiscard]] Expected<std::vector<StoredEvent>> load_events(Catalog& catalog, AssetNumber number);

}  // namespace cleangate::dam
