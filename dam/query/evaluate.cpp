// SPDX-License-Identifier: Apache-2.0
#include "dam/query/evaluate.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include "dam/query/functions.h"
#include "dam/query/terms.h"

namespace cleangate::dam::query {
namespace {

// One more than the highest catalog number.
AssetNumber size_of(Database& database) {
  return database.integer("SELECT coalesce(max(id), 0) + 1 FROM asset");
}

// Numbers without gaps (assets are not deleted) need no look at all assets: SQLite counts without
// reading rows.
AssetSet every_asset(Database& database, AssetNumber size) {
  AssetSet all(size);
  if (database.integer("SELECT count(*) FROM asset") == size - 1)
    all.fill(1);
  else
    gather(database,
           {"SELECT id FROM asset INDEXED BY asset_by_kind WHERE merged_into IS NULL", {}}, all);
  return all;
}

AssetSet merged_assets(Database& database, AssetNumber size) {
  AssetSet merged(size);
  gather(database, {"SELECT id FROM asset WHERE merged_into IS NOT NULL", {}}, merged);
  return merged;
}

// Specs that stand in one condition each time one is asked for: of 500 terms, and SQLite binds
// 32,766 values.
constexpr std::size_t kFewSpecs = 25;

// Verdicts stand in the index by spec: with all specs named it is entered at the verdict of each.
Sql of_specs(const KnownValues::Values& specs) {
  if (!specs || specs->empty()) return {};
  Sql sql;
  for (const std::string& spec : *specs)
    sql.add(sql.values.empty() ? " AND spec IN (?" : ", ?", spec);
  return sql.add(")");
}

}  // namespace

Evaluation::Evaluation(Database& database)
    : database_(database),
      vocabulary_(database),
      known_(database),
      size_(size_of(database)),
      merged_(merged_assets(database, size_)) {}

const AssetSet& Evaluation::everything() {
  if (!everything_) {
    everything_ = every_asset(database_, size_);
    *everything_ -= merged_;
  }
  return *everything_;
}

const std::vector<WaivedVerdict>& Evaluation::waived() {
  if (!waived_) waived_ = waived_verdicts(database_);
  return *waived_;
}

const Meaning& Evaluation::meaning(const Term& term) {
  if (const auto known = meanings_.find(term.field); known != meanings_.end()) return known->second;
  auto found = vocabulary_.look_up(term.field);
  if (const auto* why = std::get_if<std::string>(&found))
    throw Mistake(term.at, term.field.size(), *why);
  return meanings_.emplace(term.field, std::get<Meaning>(std::move(found))).first->second;
}

bool Evaluation::is_of_judgement(const Node& node) {
  switch (node.kind) {
    case Node::Kind::everything:
      return false;
    case Node::Kind::term:
      return !node.term.field.empty() && is_about_judgement(meaning(node.term).about);
    case Node::Kind::all_of:
    case Node::Kind::any_of:
    case Node::Kind::none_of:
      break;
  }
  return std::all_of(node.parts.begin(), node.parts.end(),
                     [&](const Node& part) { return is_of_judgement(part); });
}

AssetSet Evaluation::evaluate(const Node& node) {
  AssetSet found = set(node);
  found -= merged_;
  return found;
}

AssetSet Evaluation::set(const Node& node) {
  switch (node.kind) {
    case Node::Kind::everything:
      return everything();
    case Node::Kind::term:
      return is_of_judgement(node) ? judged({&node}) : term(node.term);
    case Node::Kind::all_of:
      return all_of(node.parts);
    case Node::Kind::any_of: {
      AssetSet found = none();
      for (const Node& part : node.parts) found |= set(part);
      return found;
    }
    case Node::Kind::none_of:
      break;
  }
  AssetSet found = everything();
  found -= set(node.parts.front());
  return found;
}

// Conditions on judgements that stand side by side must hold for one judgement: `spec:a
// verdict:fail` finds what a failed, not what some spec failed. A `not` joins them when something
// beside it says which judgement is meant; alone it speaks of assets.
AssetSet Evaluation::all_of(const std::vector<Node>& parts) {
  std::vector<const Node*> of_judgement, others;
  bool positive = false;
  for (const Node& part : parts) {
    const bool joins = is_of_judgement(part);
    (joins ? of_judgement : others).push_back(&part);
    positive = positive || (joins && part.kind != Node::Kind::none_of);
  }
  if (!positive) {
    others.insert(others.end(), of_judgement.begin(), of_judgement.end());
    of_judgement.clear();
  }
  std::optional<AssetSet> found;
  if (!of_judgement.empty()) found = judged(of_judgement);
  const auto leaves_out = [](const Node* part) { return part->kind == Node::Kind::none_of; };
  std::stable_partition(others.begin(), others.end(), std::not_fn(leaves_out));
  for (const Node* part : others)
    if (!found)
      found = set(*part);
    else if (leaves_out(part))
      *found -= set(part->parts.front());
    else
      *found &= set(*part);
  return *std::move(found);
}

AssetSet Evaluation::term(const Term& term) {
  AssetSet found = none();
  const std::vector<Sql> searches = term.field.empty()
                                        ? word_searches(*term.operands.front().low, Words::anywhere)
                                        : asset_searches(term, meaning(term), known_);
  for (const Sql& search : searches) gather(database_, search, found);
  return found;
}

AssetSet Evaluation::judged(const std::vector<const Node*>& conditions) {
  Sql sql;
  // This index holds all that verdicts and specs are asked by; SQLite's own guess reads whole rows.
  sql.add("SELECT asset FROM judgement INDEXED BY judgement_by_verdict WHERE latest = 1");
  KnownValues::Values specs;
  if (vocabulary_.specs().size() <= kFewSpecs) specs = vocabulary_.specs();
  const bool by_verdict = std::any_of(conditions.begin(), conditions.end(), [&](const Node* node) {
    return node->kind == Node::Kind::term && meaning(node->term).about == About::verdict;
  });
  if (by_verdict) sql.add(of_specs(specs));
  const JudgementTerms terms{[this](const Term& term) -> const Meaning& { return meaning(term); },
                             [this](const Sql& search) {
                               auto judgements = std::make_shared<JudgementSet>(judgements_end());
                               gather(database_, search, *judgements);
                               return judgements;
                             },
                             waived(), known_, specs};
  for (const Node* node : conditions) sql.add(" AND ").add(judgement_condition(*node, terms));
  AssetSet found = none();
  gather(database_, sql, found);
  return found;
}

std::int64_t Evaluation::judgements_end() {
  return database_.integer("SELECT coalesce(max(id), 0) + 1 FROM judgement");
}

}  // namespace cleangate::dam::query
