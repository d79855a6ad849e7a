// SPDX-License-Identifier: Apache-2.0
#include "dam/query/find.h"

#include <algorithm>
#include <unordered_map>

#include "dam/query/evaluate.h"
#include "dam/query/facets.h"
#include "dam/query/paging.h"
#include "dam/query/syntax.h"
#include "dam/sqlite.h"

namespace cleangate::dam {
namespace {

using query::AssetSet;
using query::Evaluation;

// Runs `body` in one read; mistakes in the query become errors that show where.
template <class Body>
Expected<void> asking(Catalog& catalog, const std::string& text, Body&& body) {
  return catalog.read([&](Database& database) {
    try {
      body(database);
    } catch (const query::Mistake& mistake) {
      throw Failure(query::mistake_error(text, mistake));
    }
  });
}

std::vector<query::SearchField> fields_named(query::Vocabulary& vocabulary,
                                             const std::string& name) {
  auto meaning = vocabulary.look_up(name);
  if (const auto* why = std::get_if<std::string>(&meaning)) throw_failure(ErrorCode::usage, *why);
  auto& found = std::get<query::Meaning>(meaning);
  if (found.about != query::About::quantity)
    throw_failure(ErrorCode::usage, name + " is no quantity.");
  return found.fields;
}

// ---- one asset of a page ------------------------------------------------------------------------

void load_row(Database& database, FoundAsset& asset) {
  const Query row = database.query(
      "SELECT content_id, kind, status, container, bytes FROM asset WHERE id = ?1", asset.number);
  if (!row->step()) return;
  asset.content_id = row->digest(0);
  asset.kind = row->text(1);
  asset.status = row->text(2);
  asset.container = row->text(3);
  asset.bytes = static_cast<std::uint64_t>(row->integer(4));
}

void load_path(Database& database, FoundAsset& asset) {
  const Query row = database.query(
      "SELECT path, state = 'present' AND found IS NULL FROM location WHERE asset = ?1 ORDER BY "
      "state = 'present' "
      "DESC, state = 'missing' DESC, last_seen DESC, id LIMIT 1",
      asset.number);
  if (!row->step()) return;
  const auto bytes = row->blob(0);
  asset.path.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  asset.present = row->integer(1) != 0;
}

void load_fields(Database& database, FoundAsset& asset,
                 const std::vector<query::SearchField>& wanted) {
  for (const query::SearchField& field : wanted) {
    if (asset.fields.contains(field.id)) continue;  // asked for by two names
    const Query rows = database.query(
        "SELECT text, number, part FROM field WHERE asset = ?1 AND name = ?2 ORDER BY part",
        asset.number, field.row);
    while (rows->step())
      asset.fields[field.id].push_back(
          {rows->text(0), rows->is_null(1) ? std::nullopt : std::optional(rows->real(1)),
           static_cast<int>(rows->integer(2))});
  }
}

void load_tags(Database& database, FoundAsset& asset) {
  const Query rows =
      database.query("SELECT name FROM tag WHERE asset = ?1 ORDER BY name", asset.number);
  while (rows->step()) asset.tags.push_back(rows->text(0));
}

void load_verdicts(Database& database, FoundAsset& asset,
                   const std::unordered_map<std::int64_t, const WaivedVerdict*>& waived) {
  const Query rows = database.query(
      "SELECT spec, verdict, id, name FROM judgement WHERE asset = ?1 AND latest = 1 ORDER BY "
      "spec, name",
      asset.number);
  while (rows->step()) {
    const std::string word = rows->text(1);
    FoundVerdict found;
    found.spec = rows->text(0);
    const std::vector<std::byte> name = rows->blob(3);
    if (!name.empty()) found.name.emplace(reinterpret_cast<const char*>(name.data()), name.size());
    for (const auto kind : {specs::VerdictKind::pass, specs::VerdictKind::fail})
      if (word == specs::to_string(kind)) found.stored = found.verdict = kind;
    if (word == "inconclusive") found.stored = found.verdict;
    if (const auto one = waived.find(rows->integer(2)); one != waived.end()) {
      found.verdict = one->second->effective;
      found.waived = one->second->waived;
    }
    asset.verdicts.push_back(std::move(found));
  }
}

void load_assets(Database& database, Evaluation& evaluation,
                 const std::vector<AssetNumber>& numbers, const FindRequest& request, Found& into) {
  std::vector<query::SearchField> wanted;
  for (const std::string& name : request.fields)
    for (query::SearchField& field : fields_named(evaluation.vocabulary(), name)) {
      into.fields.push_back({field.id, field.unit});
      wanted.push_back(std::move(field));
    }
  if (numbers.empty()) return;
  std::unordered_map<std::int64_t, const WaivedVerdict*> waived;
  for (const WaivedVerdict& one : evaluation.waived()) waived[one.judgement] = &one;
  for (const AssetNumber number : numbers) {
    FoundAsset asset;
    asset.number = number;
    load_row(database, asset);
    load_path(database, asset);
    load_fields(database, asset, wanted);
    load_tags(database, asset);
    load_verdicts(database, asset, waived);
    into.assets.push_back(std::move(asset));
  }
}

}  // namespace

Expected<std::vector<AssetNumber>> select_assets(Catalog& catalog, const std::string& text) {
  std::vector<AssetNumber> numbers;
  const auto done = asking(catalog, text, [&](Database& database) {
    const query::Node node = query::parse(text);
    Evaluation(database).evaluate(node).for_each(
        [&](AssetNumber asset) { numbers.push_back(asset); });
  });
  if (!done) return tl::unexpected(done.error());
  return numbers;
}

Expected<Found> find(Catalog& catalog, const FindRequest& request) {
  Found found;
  const auto done = asking(catalog, request.query, [&](Database& database) {
    const query::Node node = query::parse(request.query);
    Evaluation evaluation(database);
    const AssetSet assets = evaluation.evaluate(node);
    found.total = assets.count();
    query::Page page = query::page_of(database, evaluation.vocabulary(), assets, request);
    found.next = std::move(page.next);
    load_assets(database, evaluation, page.assets, request, found);
    for (const std::string& name : request.facets)
      for (Facet& facet :
           query::facets_of(database, evaluation, assets, name, request.facet_values))
        found.facets.push_back(std::move(facet));
  });
  if (!done) return tl::unexpected(done.error());
  return found;
}

Expected<std::vector<std::string>> query_names(Catalog& catalog) {
  std::vector<std::string> names;
  const auto done =
      catalog.read([&](Database& database) { names = query::Vocabulary(database).names(); });
  if (!done) return tl::unexpected(done.error());
  return names;
}

}  // namespace cleangate::dam
