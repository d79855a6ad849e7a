// SPDX-License-Identifier: Apache-2.0
#include "dam/query/facets.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "core/text.h"
#include "dam/query/sql.h"

namespace cleangate::dam::query {
namespace {

// As SQLite's NOCASE has it, by which the rows are sorted.
bool same_word(std::string_view a, std::string_view b) {
  const auto small = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [&](char x, char y) { return small(x) == small(y); });
}

// Counts assets of one value after the other: rows come sorted by value.
class Counting {
 public:
  explicit Counting(const AssetSet& found) : found_(found) {}

  // A row of value, asset and, where there is one, number.
  void add(const Statement& row) {
    const AssetNumber asset = row.integer(1);
    if (!found_.contains(asset)) return;
    if (values_.empty() || !same_word(values_.back().value, row.view(0))) begin(row);
    if (asset == last_) return;  // a second stream with the same value
    last_ = asset;
    ++values_.back().count;
  }

  Facet take(std::string field, specs::Unit unit, std::size_t most) {
    std::stable_sort(values_.begin(), values_.end(),
                     [](const FacetValue& a, const FacetValue& b) { return a.count > b.count; });
    Facet facet{std::move(field), unit, std::move(values_), 0};
    if (facet.values.size() > most) {
      facet.others = static_cast<std::int64_t>(facet.values.size() - most);
      facet.values.resize(most);
    }
    return facet;
  }

 private:
  void begin(const Statement& row) {
    const bool has_number = row.columns() > 2 && !row.is_null(2);
    values_.push_back({row.text(0), has_number ? std::optional(row.real(2)) : std::nullopt, 0});
    last_ = -1;
  }

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
  while (rows.step()) counting.add(rows);
  return counting.take(field.id, field.unit, most);
}

// `sql` gives value and asset, sorted by both.
Facet facet_of_rows(Database& database, const AssetSet& found, const std::string& name,
                    const char* sql, std::size_t most) {
  Counting counting(found);
  Statement rows = database.prepare(sql);
  while (rows.step()) counting.add(rows);
  return counting.take(name, specs::Unit::none, most);
}

// Verdicts as they are shown: an asset counts once for each verdict it has.
class VerdictCounting {
 public:
  VerdictCounting(const AssetSet& found, const std::vector<WaivedVerdict>& waived) : found_(found) {
    for (const WaivedVerdict& one : waived)
      if (one.effective != one.stored) changed_[one.judgement] = one.effective;
    for (AssetSet& assets : assets_) assets = AssetSet(found.size());
  }

  // A row of verdict, asset and judgement. Rows of one verdict stand together.
  void add(const Statement& row) {
    const AssetNumber asset = row.integer(1);
    if (!found_.contains(asset)) return;
    specs::VerdictKind verdict = stored(row.view(0));
    if (!changed_.empty())
      if (const auto one = changed_.find(row.integer(2)); one != changed_.end())
        verdict = one->second;
    assets_[static_cast<std::size_t>(verdict)].insert(asset);
  }

  [[nodiscard]] std::vector<FacetValue> values() const {
    std::vector<FacetValue> values;
    for (const auto verdict :
         {specs::VerdictKind::fail, specs::VerdictKind::inconclusive, specs::VerdictKind::pass})
      if (const auto count = assets_[static_cast<std::size_t>(verdict)].count(); count > 0)
        values.push_back({std::string(specs::to_string(verdict)), std::nullopt, count});
    std::stable_sort(values.begin(), values.end(),
                     [](const FacetValue& a, const FacetValue& b) { return a.count > b.count; });
    return values;
  }

 private:
  static specs::VerdictKind stored(std::string_view word) {
    if (word == "pass") return specs::VerdictKind::pass;
    return word == "fail" ? specs::VerdictKind::fail : specs::VerdictKind::inconclusive;
  }

  const AssetSet& found_;
  std::unordered_map<std::int64_t, specs::VerdictKind> changed_;
  std::array<AssetSet, 3> assets_;  // by verdict
};

Facet facet_of_verdicts(Database& database, Evaluation& evaluation, const AssetSet& found,
                        const std::string& name, const std::string& spec) {
  VerdictCounting counting(found, evaluation.waived());
  Statement rows = database.prepare(
      std::string("SELECT verdict, asset, id FROM judgement INDEXED BY judgement_by_verdict WHERE "
                  "latest = 1") +
      (spec.empty() ? "" : " AND spec = ?1"));
  if (!spec.empty()) rows.bind(spec);
  while (rows.step()) counting.add(rows);
  return {name, specs::Unit::none, counting.values(), 0};
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
      return rows("SELECT status, id FROM asset WHERE merged_into IS NULL ORDER BY status, id");
    case About::kind:
      return rows("SELECT kind, id FROM asset WHERE merged_into IS NULL ORDER BY kind, id");
    case About::depth:
      return rows("SELECT depth, id FROM asset ORDER BY depth, id");
    case About::tag:
      return rows("SELECT name, asset FROM tag ORDER BY name, asset");
    case About::spec:
      return rows(
          "SELECT spec, asset FROM judgement INDEXED BY judgement_by_verdict WHERE latest = 1 "
          "ORDER BY spec, asset");
    case About::verdict:
    case About::verdict_of_spec:
      return {facet_of_verdicts(database, evaluation, found, name, of.spec)};
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
