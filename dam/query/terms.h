// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "dam/query/known_values.h"
#include "dam/query/sql.h"
#include "dam/query/syntax.h"
#include "dam/query/vocabulary.h"
#include "dam/waivers.h"

// Terms as SQL.
namespace cleangate::dam::query {

enum class Words { anywhere, names, notes, cues, findings };

// Searches of the word index that each give numbers of assets; the answer is their union. The
// tokenizer folds case and diacritics; a word with signs in it ("S01_E02") is a phrase.
[[nodiscard]] std::vector<Sql> word_searches(const Value& value, Words where);

// The same for `field:value` of everything but judgements.
[[nodiscard]] std::vector<Sql> asset_searches(const Term& term, const Meaning& meaning,
                                              KnownValues& known);

struct JudgementTerms {
  std::function<const Meaning&(const Term&)> meaning;
  std::function<Sql::Set(const Sql&)> judgements;  // a search's judgements
  const std::vector<WaivedVerdict>& waived;
  KnownValues& known;
  const KnownValues::Values& specs;  // if they are few
};

// A condition on rows of `judgement`, from a node that speaks of nothing else.
[[nodiscard]] Sql judgement_condition(const Node& node, const JudgementTerms& terms);

}  // namespace cleangate::dam::query
