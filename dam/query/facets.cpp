// SPDX-License-Identifier: Apache-2.0
#include "dam/query/facets.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "core/text.h"
#include "dam/query/sql.h"

namespace cleangate::dam::query {
namespace {

// Counts assets of one value after the other: rows come sorted by value.
class Counting {
 public:
  explicit Counting(const AssetSet& found) : found_(found) {}

  void add(std::string_view value, std::optional<double> number, AssetNumber asset) {
    if (!found_.contains(asset)) return;
    if (values_.empty() || values_.back().value != value) {
      values_.push_back({std::string(value), number, 0});
      last_ = -1;
    }
    if (asset == last_) return;  // a second stream with the same value
    last_ = asset;
    ++values_.back().count;
  }

  Facet take(std::string field, std::string unit, std::size_t most) {
    std::stable_sort(values_.begin(), values_.end(),
                     [](const FacetValue& a, const FacetValue& b) { return a.count > b.count; });
    Facet facet{std::move(field), std::move(unit), std::move(values_), 0};
    if (facet.values.size() > most) {
      facet.others = static_cast<std::int64_t>(facet.values.size() - most);
      facet.values.resize(most);
    }
    return facet;
  }

 private:
  const AssetSet& found_;
  std::vector<FacetValue> values_;
  AssetNumber last_ = -1;
};

Facet facet_of_field(Database& database, const AssetSet& found, const SearchField& field,
                     std::size_t most) {
  Counting counting(found);
  Statement rows = database.prepare(
      "SELECT text, asset, number FROM field WHERE name = ?1 ORDER BY text, asset");
  rows.bind(field.row);
  while (rows.step())
    counting.add(rows.view(0), rows.is_null(2) ? std::nullopt : std::optional(rows.real(2)),
                 rows.integer(1));
  return counting.take(field.id, std::string(specs::to_string(field.unit)), most);
}

// `sql` gives value and asset, sorted by both.
Facet facet_of_rows(Database& database, const AssetSet& found, const std::string& name,
                    const char* sql, std::size_t most) {
  Counting counting(found);
  Statement rows = database.prepare(sql);
  while (rows.step()) counting.add(rows.view(0), std::nullopt, rows.integer(1));
  return counting.take(name, "", most);
}

// Verdicts as they are shown: an asset counts once for each verdict it has.
Facet facet_of_verdicts(Database& database, Evaluation& evaluation, const AssetSet& found,
                        const std::string& name, const std::string& spec, std::size_t most) {
  std::unordered_map<std::int64_t, specs::VerdictKind> changed;
  for (const WaivedVerdict& one : evaluation.waived())
    if (one.effective != one.stored) changed[one.judgement] = one.effective;
  std::map<std::string, AssetSet> assets;
  Statement rows = database.prepare(
      spec.empty() ? "SELECT verdict, asset, id FROM judgement WHERE latest = 1"
                   : "SELECT verdict, asset, id FROM judgement WHERE latest = 1 AND spec = ?1");
  if (!spec.empty()) rows.bind(spec);
  const auto of = [&](std::string_view verdict) -> AssetSet& {
    return assets.try_emplace(std::string(verdict), found.size()).first->second;
  };
  while (rows.step()) {
    const AssetNumber asset = rows.integer(1);
    if (!found.contains(asset)) continue;
    const auto waived = changed.empty() ? changed.end() : changed.find(rows.integer(2));
    of(waived == changed.end() ? rows.view(0) : specs::to_string(waived->second)).insert(asset);
  }
  Facet facet{name, "", {}, 0};
  for (const auto& [verdict, set] : assets)
    facet.values.push_back({verdict, std::nullopt, set.count()});
  std::stable_sort(facet.values.begin(), facet.values.end(),
                   [](const FacetValue& a, const FacetValue& b) { return a.count > b.count; });
  if (facet.values.size() > most) facet.values.resize(most);
  return facet;
}

}  // namespace

std::vector<Facet> facets_of(Database& database, Evaluation& evaluation, const AssetSet& found,
                             const std::string& name, std::size_t most) {
  auto meaning = evaluation.vocabulary().look_up(name);
  if (const auto* why = std::get_if<std::string>(&meaning))
    throw_failure(ErrorCode::usage, fmt::format("Facet {}: {}", readable(name), *why));
  const auto& of = std::get<Meaning>(meaning);
  const auto rows = [&](const char* sql) {
    return std::vector{facet_of_rows(database, found, name, sql, most)};
  };
  switch (of.about) {
    case About::quantity: {
      std::vector<Facet> facets;
      for (const SearchField& field : of.fields)
        facets.push_back(facet_of_field(database, found, field, most));
      return facets;
    }
    case About::status:
      return rows("SELECT status, id FROM asset ORDER BY status, id");
    case About::kind:
      return rows("SELECT kind, id FROM asset ORDER BY kind, id");
    case About::depth:
      return rows("SELECT depth, id FROM asset ORDER BY depth, id");
    case About::tag:
      return rows("SELECT name, asset FROM tag ORDER BY name, asset");
    case About::spec:
      return rows("SELECT spec, asset FROM judgement WHERE latest = 1 ORDER BY spec, asset");
    case About::verdict:
    case About::verdict_of_spec:
      return {facet_of_verdicts(database, evaluation, found, name, of.spec, most)};
    default:
      break;
  }
  throw_failure(
      ErrorCode::usage,
      fmt::format("Facet {}: only quantities, status, kind, depth, tag, spec, verdict and "
                  "the ids of specs have facets.",
                  readable(name)));
}

}  // namespace cleangate::dam::query
