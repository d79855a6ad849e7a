// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "dam/query/known_values.h"
#include "dam/query/number_set.h"
#include "dam/query/syntax.h"
#include "dam/query/vocabulary.h"
#include "dam/sqlite.h"
#include "dam/waivers.h"

namespace cleangate::dam::query {

// Answers queries inside one read transaction: every term is one index search, and, or and not are
// taken over sets.
class Evaluation {
 public:
  explicit Evaluation(Database& database);

  // Every asset that is one: not merged into another.
  [[nodiscard]] const AssetSet& everything();
  // One more than the highest catalog number.
  [[nodiscard]] AssetNumber size() const { return size_; }
  // Throws Mistake.
  [[nodiscard]] AssetSet evaluate(const Node& node);

  [[nodiscard]] Vocabulary& vocabulary() { return vocabulary_; }
  [[nodiscard]] KnownValues& known() { return known_; }
  // Verdicts that waivers change or might change; read once.
  [[nodiscard]] const std::vector<WaivedVerdict>& waived();

 private:
  AssetSet set(const Node& node);
  AssetSet all_of(const std::vector<Node>& parts);
  AssetSet term(const Term& term);
  AssetSet judged(const std::vector<const Node*>& conditions);
  [[nodiscard]] AssetSet none() const { return AssetSet(size_); }
  // One more than the highest judgement.id.
  [[nodiscard]] std::int64_t judgements_end();
  const Meaning& meaning(const Term& term);
  // Do only judgements decide this node?
  bool is_of_judgement(const Node& node);

  Database& database_;
  Vocabulary vocabulary_;
  KnownValues known_;
  AssetNumber size_;
  AssetSet merged_;
  std::optional<AssetSet> everything_;
  std::optional<std::vector<WaivedVerdict>> waived_;
  std::map<std::string, Meaning> meanings_;
};

}  // namespace cleangate::dam::query
