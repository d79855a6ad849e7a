// SPDX-License-Identifier: Apache-2.0
#include "dam/query/evaluate.h"

#include <algorithm>

#include "dam/query/terms.h"

namespace cleangate::dam::query {
namespace {

// One more than the highest catalog number.
AssetNumber size_of(Database& database) {
  return database.integer("SELECT coalesce(max(id), 0) + 1 FROM asset");
}

// Numbers without gaps (assets are not deleted) need no scan: SQLite counts without reading rows.
AssetSet current_assets(Database& database) {
  AssetSet all(size_of(database));
  if (database.integer("SELECT count(*) FROM asset") == all.size() - 1) {
    all.fill(1);
    const Query merged = database.query("SELECT id FROM asset WHERE merged_into IS NOT NULL");
    while (merged->step()) all.erase(merged->integer(0));
    return all;
  }
  const Query rows =
      database.query("SELECT id FROM asset INDEXED BY asset_by_kind WHERE merged_into IS NULL");
  while (rows->step()) all.insert(rows->integer(0));
  return all;
}

void collect(Database& database, const Sql& sql, AssetSet& into) {
  Statement statement = database.prepare(sql.text);
  bind(statement, sql);
  while (statement.step()) into.insert(statement.integer(0));
}

}  // namespace

Evaluation::Evaluation(Database& database)
    : database_(database), vocabulary_(database), everything_(current_assets(database)) {}

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
  found &= everything_;
  return found;
}

AssetSet Evaluation::set(const Node& node) {
  switch (node.kind) {
    case Node::Kind::everything:
      return everything_;
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
  AssetSet found = everything_;
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
  AssetSet found = of_judgement.empty() ? everything_ : judged(of_judgement);
  for (const Node* part : others) found &= set(*part);
  return found;
}

AssetSet Evaluation::term(const Term& term) {
  AssetSet found = none();
  const std::vector<Sql> searches = term.field.empty()
                                        ? word_searches(*term.operands.front().low, Words::anywhere)
                                        : asset_searches(term, meaning(term));
  for (const Sql& search : searches) collect(database_, search, found);
  return found;
}

AssetSet Evaluation::judged(const std::vector<const Node*>& conditions) {
  Sql sql;
  // This index holds all that verdicts and specs are asked by; SQLite's own guess reads whole rows.
  sql.add("SELECT asset FROM judgement INDEXED BY judgement_by_verdict WHERE latest = 1");
  const JudgementTerms terms{[this](const Term& term) -> const Meaning& { return meaning(term); },
                             waived()};
  for (const Node* node : conditions) sql.add(" AND ").add(judgement_condition(*node, terms));
  AssetSet found = none();
  collect(database_, sql, found);
  return found;
}

}  // namespace cleangate::dam::query
