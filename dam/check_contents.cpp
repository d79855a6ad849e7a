// SPDX-License-Identifier: Apache-2.0
#include "dam/check_contents.h"

#include <fmt/format.h>

#include <map>
#include <vector>

#include "core/text.h"
#include "dam/assets.h"
#include "dam/evidence_rows.h"
#include "dam/reading_memo.h"
#include "dam/record_prepare.h"
#include "dam/seals.h"
#include "dam/sqlite.h"

namespace cleangate::dam {
namespace {

using Wrong = std::function<void(const std::string&)>;

std::vector<AssetNumber> numbers_of(Catalog& catalog, const char* sql) {
  std::vector<AssetNumber> numbers;
  unwrap(catalog.read([&](Database& database) {
    const Query query = database.query(sql);
    while (query->step()) numbers.push_back(query->integer(0));
  }));
  return numbers;
}

void check_facts(Catalog& catalog, AssetNumber asset, const Wrong& wrong) {
  const auto read = catalog.read([&](Database& database) {
    [[maybe_unused]] const probes::AssetFacts facts = load_facts(database, asset);
    if (const std::int64_t bad = count_damaged_memos(database, asset); bad > 0)
      wrong(fmt::format("{} remembered readings of asset {} are not what was written", bad, asset));
  });
  if (!read) wrong(fmt::format("asset {}: {}", asset, read.error().message));
}

std::map<std::int64_t, Sha256> outcomes_of(Catalog& catalog, AssetNumber asset) {
  std::map<std::int64_t, Sha256> outcomes;
  unwrap(catalog.read([&](Database& database) {
    const Query query =
        database.query("SELECT id, outcome_digest FROM judgement WHERE asset = ?1", asset);
    while (query->step()) outcomes[query->integer(0)] = query->digest(1).value_or(Sha256{});
  }));
  return outcomes;
}

void check_judgements(Catalog& catalog, AssetNumber asset, const Wrong& wrong) {
  const auto outcomes = outcomes_of(catalog, asset);
  const auto judgements = load_judgements(catalog, asset, "", false);
  if (!judgements)
    return wrong(fmt::format("a judgement of asset {} cannot be read: {}", asset,
                             judgements.error().message));
  for (const StoredJudgement& judgement : *judgements) {
    const auto written = outcomes.find(judgement.id);
    if (written != outcomes.end() &&
        prepare(RecordedVerdict{judgement.verdict, judgement.order}).outcome == written->second)
      continue;
    wrong(fmt::format("judgement {} ({}) of asset {} is not what was written", judgement.id,
                      readable(judgement.verdict.spec), asset));
  }
}

}  // namespace

void check_contents(Catalog& catalog, const Wrong& wrong) {
  unwrap(catalog.read([&](Database& database) { check_seals(database, wrong); }));
  for (const AssetNumber asset : numbers_of(catalog, "SELECT asset FROM facts"))
    check_facts(catalog, asset, wrong);
  for (const AssetNumber asset : numbers_of(catalog, "SELECT DISTINCT asset FROM judgement"))
    check_judgements(catalog, asset, wrong);
}

}  // namespace cleangate::dam
