// SPDX-License-Identifier: Apache-2.0
#include "dam/query/facets.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <unordered_map>

#include "core/text.h"
#include "dam/query/functions.h"
#include "dam/query/known_values.h"
#include "dam/query/sql.h"

namespace cleangate::dam::query {
namespace {

using specs::VerdictKind;

// As SQLite's NOCASE has it, by which the rows are sorted.
std::string without_case(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool same_word(std::string_view a, std::string_view b) {
  const auto small = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [&](char x, char y) { return small(x) == small(y); });
}

// Looking up every found asset costs less than looking through all rows.
bool are_few(const AssetSet& found, Evaluation& evaluation) {
  return found.count() * 64 < evaluation.size();
}

// Where the values of a facet stand.
struct Source {
  Column column;
  std::string_view asset = "asset";  // the other column that counts
  std::string_view of_asset = {};    // instead of column.rows, to be entered by the asset
  std::string_view number = "NULL";
  std::string_view part = "NULL";  // of several rows of one value and asset the first is shown
  enum class Values { sorted_by_index, not_sorted } values = Values::sorted_by_index;
};

// A value in any case, and the first asset that has it.
struct Counted {
  std::string value;
  AssetNumber first = 0;
  std::int64_t count = 0;
};
using Counts = std::vector<Counted>;  // in the order of values

// ---- three ways to count ------------------------------------------------------------------------

// Few values: each one's assets.
Counts count_by_value(Database& database, const AssetSet& found, const Source& source,
                      const std::vector<std::string>& values) {
  Counts counts;
  for (const std::string& value : values) {
    AssetSet assets(found.size());
    gather(database,
           select_from(source.asset, source.column)
               .add(fmt::format(" AND {} = ?", source.column.value), value),
           assets);
    assets &= found;
    if (const auto count = assets.count(); count > 0)
      counts.push_back({value, assets.first(), count});
  }
  return counts;
}

// Few assets: each one's values.
Counts count_by_asset(Database& database, const AssetSet& found, const Source& source) {
  Column column = source.column;
  if (!source.of_asset.empty()) column.rows = source.of_asset;
  Sql sql = select_from(column.value, column).add(fmt::format(" AND {} = ?", source.asset));
  Statement rows = database.prepare(sql.text);
  struct Entry {
    Counted counted;
    AssetNumber last = 0;
  };
  std::map<std::string, Entry> entries;
  found.for_each([&](AssetNumber asset) {
    rows.reset();
    bind(rows, sql);
    rows.put(static_cast<int>(sql.values.size()) + 1, asset);
    while (rows.step()) {
      Entry& entry = entries[without_case(rows.view(0))];
      if (entry.counted.count == 0) entry.counted = {rows.text(0), asset, 0};
      if (entry.last != asset) ++entry.counted.count;
      entry.last = asset;
    }
  });
  Counts counts;
  for (auto& [word, entry] : entries) counts.push_back(std::move(entry.counted));
  return counts;
}

// Many of both: all rows, sorted by value and asset.
Counts count_by_rows(Database& database, const AssetSet& found, const Source& source) {
  Counts counts;
  AssetNumber last = -1;
  const auto row = [&](std::string_view value, AssetNumber asset) {
    if (!found.contains(asset)) return;
    if (counts.empty() || !same_word(counts.back().value, value)) {
      counts.push_back({std::string(value), asset, 0});
      last = -1;
    }
    if (asset == last) return;  // a second stream with the same value
    last = asset;
    ++counts.back().count;
  };
  visit(database,
        select_from(fmt::format("{}, {}", source.column.value, source.asset), source.column)
            .add(fmt::format(" ORDER BY {}, {}", source.column.value, source.asset)),
        row);
  return counts;
}

Counts count(Database& database, Evaluation& evaluation, const AssetSet& found,
             const Source& source) {
  if (are_few(found, evaluation)) return count_by_asset(database, found, source);
  if (source.values == Source::Values::sorted_by_index)
    if (const auto& values = evaluation.known().of(source.column))
      return count_by_value(database, found, source, *values);
  return count_by_rows(database, found, source);
}

// The most frequent ones, ties in the order of values.
void keep_most(Counts& counts, std::size_t most) {
  std::vector<std::size_t> order(counts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(std::min(most, order.size()));
  std::partial_sort(order.begin(), end, order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(-counts[a].count, a) < std::pair(-counts[b].count, b);
  });
  order.erase(end, order.end());
  Counts kept;
  for (const std::size_t at : order) kept.push_back(std::move(counts[at]));
  counts = std::move(kept);
}

// As the first asset has written it.
FacetValue shown(Database& database, const Source& source, const Counted& counted) {
  const Sql sql =
      select_from(fmt::format("{}, {}", source.column.value, source.number), source.column)
          .add(fmt::format(" AND {} = ?", source.column.value), counted.value)
          .add(fmt::format(" AND {} = ?", source.asset), counted.first)
          .add(fmt::format(" ORDER BY {} LIMIT 1", source.part));
  Statement row = database.prepare(sql.text);
  bind(row, sql);
  if (!row.step()) return {counted.value, std::nullopt, counted.count};
  return {row.text(0), row.is_null(1) ? std::nullopt : std::optional(row.real(1)), counted.count};
}

Facet facet_of(Database& database, Evaluation& evaluation, const AssetSet& found,
               const Source& source, std::size_t most) {
  Counts counts = count(database, evaluation, found, source);
  Facet facet;
  facet.others = static_cast<std::int64_t>(counts.size() - std::min(counts.size(), most));
  keep_most(counts, most);
  for (const Counted& counted : counts) facet.values.push_back(shown(database, source, counted));
  return facet;
}

// ---- sources ------------------------------------------------------------------------------------

Source source_of_field(const SearchField& field) {
  Source source{values_of_field(field.row)};
  source.number = "number";
  source.part = "part";
  return source;
}

Source source_of_assets(std::string_view column) {
  return {{"asset WHERE merged_into IS NULL", column}, "id"};
}

// No index has depths in order: one look at all assets.
Source source_of_depths() {
  Source source = source_of_assets("depth");
  source.values = Source::Values::not_sorted;
  return source;
}

Source source_of_specs() {
  return {{"judgement INDEXED BY judgement_by_verdict WHERE latest = 1", "spec"},
          "asset",
          "judgement INDEXED BY judgement_latest WHERE latest = 1"};
}

// ---- verdicts -----------------------------------------------------------------------------------

// Verdicts as they are shown: an asset counts once for each verdict it has.
class VerdictCounting {
 public:
  // `spec`: its verdicts; empty: those of any.
  VerdictCounting(Database& database, Evaluation& evaluation, const AssetSet& found,
                  std::string spec)
      : evaluation_(evaluation),
        found_(found),
        spec_(std::move(spec)),
        of_asset_(database.prepare(
            "SELECT verdict, id FROM judgement INDEXED BY judgement_latest WHERE latest = 1 AND "
            "asset = ?1 AND (?2 = '' OR spec = ?2)")) {
    for (AssetSet& assets : assets_) assets = AssetSet(found.size());
    for (const WaivedVerdict& one : evaluation.waived())
      if (one.effective != one.stored) changed_[one.judgement] = one.effective;
    if (are_few(found, evaluation))
      found.for_each([&](AssetNumber asset) { count(asset); });
    else
      count_all(database);
  }

  [[nodiscard]] std::vector<FacetValue> values() const {
    std::vector<FacetValue> values;
    for (const auto verdict : kShown)
      if (const auto count = assets_[static_cast<std::size_t>(verdict)].count(); count > 0)
        values.push_back({std::string(specs::to_string(verdict)), std::nullopt, count});
    std::stable_sort(values.begin(), values.end(),
                     [](const FacetValue& a, const FacetValue& b) { return a.count > b.count; });
    return values;
  }

 private:
  static constexpr std::array kShown{VerdictKind::fail, VerdictKind::inconclusive,
                                     VerdictKind::pass};

  void count_all(Database& database) {
    const std::vector<std::string> wanted{spec_};
    for (const std::string& spec : spec_.empty() ? evaluation_.vocabulary().specs() : wanted)
      for (const auto verdict : kShown)
        gather(database,
               Sql()
                   .add("SELECT asset FROM judgement INDEXED BY judgement_by_verdict WHERE latest "
                        "= 1 AND spec = ?",
                        spec)
                   .add(" AND verdict = ?", std::string(specs::to_string(verdict))),
               assets_[static_cast<std::size_t>(verdict)]);
    for (AssetSet& assets : assets_) assets &= found_;
    for (const WaivedVerdict& one : evaluation_.waived()) {
      if (one.effective == one.stored || !found_.contains(one.asset)) continue;
      for (AssetSet& assets : assets_) assets.erase(one.asset);
      count(one.asset);
    }
  }

  void count(AssetNumber asset) {
    of_asset_.reset();
    of_asset_.bind(asset, spec_);
    while (of_asset_.step()) {
      VerdictKind verdict = stored(of_asset_.view(0));
      if (const auto one = changed_.find(of_asset_.integer(1)); one != changed_.end())
        verdict = one->second;
      assets_[static_cast<std::size_t>(verdict)].insert(asset);
    }
  }

  static VerdictKind stored(std::string_view word) {
    if (word == "pass") return VerdictKind::pass;
    return word == "fail" ? VerdictKind::fail : VerdictKind::inconclusive;
  }

  Evaluation& evaluation_;
  const AssetSet& found_;
  std::string spec_;
  Statement of_asset_;
  std::unordered_map<std::int64_t, VerdictKind> changed_;
  std::array<AssetSet, 3> assets_;  // by verdict
};

}  // namespace

std::vector<Facet> facets_of(Database& database, Evaluation& evaluation, const AssetSet& found,
                             const std::string& name, std::size_t most) {
  auto meaning = evaluation.vocabulary().look_up(name);
  if (const auto* why = std::get_if<std::string>(&meaning))
    throw_failure(ErrorCode::usage, fmt::format("Facet {}: {}", readable(name), *why));
  const auto& of = std::get<Meaning>(meaning);
  const auto facet = [&](const Source& source, const std::string& id, specs::Unit unit) {
    Facet made = facet_of(database, evaluation, found, source, most);
    made.field = id;
    made.unit = unit;
    return made;
  };
  const auto rows = [&](const Source& source) {
    return std::vector{facet(source, name, specs::Unit::none)};
  };
  switch (of.about) {
    case About::quantity: {
      std::vector<Facet> facets;
      for (const SearchField& field : of.fields)
        facets.push_back(facet(source_of_field(field), field.id, field.unit));
      return facets;
    }
    case About::status:
      return rows(source_of_assets("status"));
    case About::kind:
      return rows(source_of_assets("kind"));
    case About::depth:
      return rows(source_of_depths());
    case About::tag:
      return rows({values_of_tags()});
    case About::spec:
      return rows(source_of_specs());
    case About::verdict:
    case About::verdict_of_spec:
      return {{name, specs::Unit::none,
               VerdictCounting(database, evaluation, found, of.spec).values(), 0}};
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
