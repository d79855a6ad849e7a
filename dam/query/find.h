// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/digest.h"
#include "core/error.h"
#include "dam/catalog.h"
#include "dam/record.h"
#include "specs/judge.h"

// Asks the catalog. The language of queries: docs/query.md. A wrong query is ErrorCode::usage with
// a message of three lines: what is wrong and in which column, the query, and a caret below.
namespace cleangate::dam {

// Numbers of all assets a query finds, ascending; an empty query finds every asset.
[[nodiscard]] Expected<std::vector<AssetNumber>> select_assets(Catalog& catalog,
                                                               const std::string& query);

struct FindRequest {
  std::string query = {};
  std::string sort = "-number";  // a field; with a minus in front the largest first
  std::size_t limit = 50;        // assets a page; 0: none, only total and facets
  std::string cursor = {};       // `next` of the page before, of the same query and sort
  std::vector<std::string> facets = {};
  std::size_t facet_values = 20;         // the most frequent ones of each facet
  std::vector<std::string> fields = {};  // quantities to give with each asset
};

// One value of a field of an asset, or of a facet.
struct FoundValue {
  std::string text;              // exact: "24000/1001", "prores", "true"
  std::optional<double> number;  // where it is one
  int part = -1;                 // stream index or soundfield id
};

struct FoundVerdict {
  std::string spec;
  specs::VerdictKind verdict = specs::VerdictKind::inconclusive;  // with waivers applied
  specs::VerdictKind stored = specs::VerdictKind::inconclusive;
  int waived = 0;  // failures that are waived
  // Bytes of the file's name it holds for, where a rule is about it: other names have their own.
  std::optional<std::string> name;
};

struct FoundAsset {
  AssetNumber number = 0;
  std::optional<Sha256> content_id;
  std::string path;  // bytes; where it was seen last, empty if nowhere
  bool present = false;
  std::string kind, status, container;
  std::uint64_t bytes = 0;
  std::map<std::string, std::vector<FoundValue>> fields;  // those asked for that it has
  std::vector<std::string> tags;
  std::vector<FoundVerdict> verdicts;  // latest ones, by spec and name
};

struct FacetValue {
  std::string value;  // as in FoundValue::text
  std::optional<double> number;
  std::int64_t count = 0;  // assets
};

struct Facet {
  std::string field;  // full id: `codec` gives video.codec and audio.codec
  specs::Unit unit = specs::Unit::none;
  std::vector<FacetValue> values;
  std::int64_t others = 0;  // values left out beyond `facet_values`
};

// A quantity that a name of a field stands for.
struct NamedField {
  std::string id;
  specs::Unit unit = specs::Unit::none;
};

struct Found {
  std::int64_t total = 0;
  std::vector<NamedField> fields;  // what the request's `fields` stand for ("codec": two)
  std::vector<FoundAsset> assets;
  std::vector<Facet> facets;
  std::optional<std::string> next;  // cursor of the next page
};

// Pages stay right while assets come and go: the cursor says behind which asset to go on, not how
// many to skip. Sorting by a field with several values of an asset takes the first in the order
// asked for; assets without the field come last.
[[nodiscard]] Expected<Found> find(Catalog& catalog, const FindRequest& request);

// Every name that may stand before a colon in this catalog.
[[nodiscard]] Expected<std::vector<std::string>> query_names(Catalog& catalog);

}  // namespace cleangate::dam
