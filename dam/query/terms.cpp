// SPDX-License-Identifier: Apache-2.0
#include "dam/query/terms.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/text.h"
#include "dam/query/values.h"

namespace cleangate::dam::query {
namespace {

// ---- words --------------------------------------------------------------------------------------

// A phrase as FTS5 reads it: quotation marks doubled, nothing inside is syntax.
std::string phrase(const Value& value) {
  std::string text = "\"";
  for (const char c : value.text) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + (value.prefix ? "\"*" : "\"");
}

bool has_letters(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           static_cast<unsigned char>(c) >= 0x80;
  });
}

struct WordTable {
  Words where;
  std::string_view sql;
};

constexpr WordTable kWordTables[] = {
    {Words::names,
     "SELECT location.asset FROM location_words CROSS JOIN location ON location.id = "
     "location_words.rowid WHERE location.state <> 'replaced' AND location_words MATCH ?"},
    {Words::anywhere,
     "SELECT tag.asset FROM tag_words CROSS JOIN tag ON tag.id = tag_words.rowid WHERE tag_words "
     "MATCH ?"},
    {Words::notes,
     "SELECT note.asset FROM note_words CROSS JOIN note ON note.id = note_words.rowid WHERE "
     "note_words MATCH ?"},
    {Words::cues, "SELECT rowid >> 36 FROM cue_words WHERE cue_words MATCH ?"},
    {Words::findings, "SELECT rowid >> 36 FROM finding_words WHERE finding_words MATCH ?"}};

// ---- fields -------------------------------------------------------------------------------------

std::vector<Sql> quantity_searches(const Term& term, const Meaning& meaning, KnownValues& known) {
  std::vector<Sql> searches;
  for (const SearchField& field : meaning.fields) {
    const Column column = values_of_field(field.row);
    const auto values = [&]() -> const KnownValues::Values& { return known.of(column); };
    for (const Sql& condition : field_conditions(field, term, values))
      searches.push_back(select_from("asset", column).add(" AND ").add(condition));
  }
  return searches;
}

// A bracket is a bracket: only * and ? are wildcards.
Sql path_glob(const Value& value) {
  std::string pattern;
  for (const char c : value.text) pattern += c == '[' ? std::string("[[]") : std::string(1, c);
  require_short_pattern(pattern, value);
  return Sql().add("SELECT asset FROM location WHERE state <> 'replaced' AND path_text GLOB ?",
                   std::move(pattern));
}

// A path with wildcards is compared whole; one without is the file itself or a folder above it.
Sql path_search(const Value& value) {
  if (has_wildcard(value)) return path_glob(value);
  std::string folder = value.text;
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  const auto bytes = [](const std::string& text) {
    const auto view = std::as_bytes(std::span(text));
    return std::vector<std::byte>(view.begin(), view.end());
  };
  if (folder == "/") folder.clear();
  return Sql()
      .add("SELECT asset FROM location WHERE state <> 'replaced' AND (path = ?", bytes(folder))
      .add(" OR (path > ?", bytes(folder + "/"))
      .add(" AND path < ?", bytes(folder + "0"))  // '0' follows '/'
      .add("))");
}

// An asterisk at the end asks for words that begin so.
Value as_words(Value value) {
  if (!value.quoted && value.text.ends_with('*')) {
    value.prefix = true;
    value.text.pop_back();
  }
  return value;
}

// Of a master by its number, its path (which has a slash in it) or words of its name.
std::vector<Sql> sidecar_searches(Value value) {
  const auto of = [](const Sql& masters) {
    return Sql()
        .add("SELECT asset FROM relation WHERE kind = 'sidecar_of' AND other IN (")
        .add(masters)
        .add(")");
  };
  if (value.text == "*" && !value.quoted)
    return {Sql().add("SELECT asset FROM relation WHERE kind = 'sidecar_of'")};
  if (value.text.find('/') != std::string::npos) return {of(path_search(value))};
  const bool number = !value.quoted && value.text.size() < 19 &&
                      std::all_of(value.text.begin(), value.text.end(),
                                  [](char c) { return c >= '0' && c <= '9'; });
  if (number && !value.text.empty())
    return {of(Sql().add("SELECT id FROM asset WHERE id = ?",
                         static_cast<std::int64_t>(std::stoll(value.text))))};
  std::vector<Sql> searches;
  for (const Sql& words : word_searches(as_words(std::move(value)), Words::names))
    searches.push_back(of(words));
  return searches;
}

// Merged ones are taken out of every answer: with the condition the indexes of those that are not
// serve, without it the others need no row.
Sql asset_search(const Sql& condition) {
  return Sql().add("SELECT id FROM asset WHERE merged_into IS NULL AND ").add(condition);
}
Sql any_asset_search(const Sql& condition) {
  return Sql().add("SELECT id FROM asset WHERE ").add(condition);
}

// Thousands of ranges in one condition take seconds to be planned: they are searched for in pieces.
template <class Condition>
std::vector<Sql> in_pieces(const Term& term, Condition&& condition) {
  constexpr std::size_t kPiece = 500;
  std::vector<Sql> searches;
  Term piece = term;
  const std::size_t step = term.comparison == Comparison::differs
                               ? term.operands.size()
                               : std::min(kPiece, term.operands.size());
  for (std::size_t from = 0; from < term.operands.size(); from += step) {
    const auto begin = term.operands.begin() + static_cast<std::ptrdiff_t>(from);
    const auto left = term.operands.size() - from;
    piece.operands.assign(begin, begin + static_cast<std::ptrdiff_t>(std::min(step, left)));
    searches.push_back(any_asset_search(condition(piece)));
  }
  return searches;
}

Sql tag_search(const Term& term, KnownValues& known) {
  const Column column = values_of_tags();
  const auto values = [&]() -> const KnownValues::Values& { return known.of(column); };
  return select_from("asset", column).add(" AND ").add(text_condition(column.value, term, values));
}

Sql word_condition(std::string_view column, const Term& term,
                   const std::vector<std::string>& allowed) {
  require_plain(term);
  for (const Operand& operand : term.operands)
    if (!has_wildcard(*operand.low)) [[maybe_unused]]
      const std::string known = one_of(*operand.low, allowed);
  return text_condition(column, term);
}

const std::vector<std::string>& statuses() {
  static const std::vector<std::string> kAll{"measured",  "partial",       "unreadable",
                                             "not_media", "refused",       "crashed",
                                             "timed_out", "out_of_memory", "cancelled"};
  return kAll;
}

// ---- judgements ---------------------------------------------------------------------------------

std::string ids_json(const std::vector<WaivedVerdict>& waived,
                     const std::function<bool(const WaivedVerdict&)>& which) {
  std::string json = "[";
  for (const WaivedVerdict& one : waived)
    if (which(one)) json += fmt::format("{}{}", json.size() > 1 ? "," : "", one.judgement);
  return json + "]";
}

// The verdict that is shown: waivers taken into account.
Sql verdict_is(const std::string& verdict, const std::vector<WaivedVerdict>& waived) {
  const auto changed = [](const WaivedVerdict& one) { return one.effective != one.stored; };
  Sql sql;
  if (std::none_of(waived.begin(), waived.end(), changed)) return sql.add("verdict = ?", verdict);
  return sql.add("((verdict = ?", verdict)
      .add(" AND id NOT IN (SELECT value FROM json_each(?)", ids_json(waived, changed))
      .add(")) OR id IN (SELECT value FROM json_each(?)",
           ids_json(waived,
                    [&](const WaivedVerdict& one) {
                      return changed(one) && specs::to_string(one.effective) == verdict;
                    }))
      .add("))");
}

Sql verdict_condition(const Term& term, const std::vector<WaivedVerdict>& waived) {
  require_plain(term);
  std::vector<Sql> any;
  std::set<std::string> words;
  for (const Operand& operand : term.operands)
    if (operand.low->text == "*" && !operand.low->quoted)
      any.push_back({"1", {}});
    else
      words.insert(one_of(*operand.low, {"pass", "fail", "inconclusive"}));
  for (const std::string& word : words) any.push_back(verdict_is(word, waived));
  const Sql either = joined(any, " OR ");
  return term.comparison == Comparison::differs ? Sql().add("NOT ").add(either) : either;
}

// The judgements are looked for first: a list of them in SQL would be sorted before it serves.
Sql requirement_condition(const Term& term, const JudgementTerms& terms) {
  const Column column = values_of_requirements();
  const auto values = [&]() -> const KnownValues::Values& { return terms.known.of(column); };
  const Sql failing = select_from("judgement", column)
                          .add(" AND outcome IN ('fail', 'inconclusive') AND ")
                          .add(text_condition(column.value, term, values));
  return Sql().add("holds(?, id)", terms.judgements(failing));
}

Sql term_condition(const Term& term, const JudgementTerms& terms) {
  const Meaning& meaning = terms.meaning(term);
  switch (meaning.about) {
    case About::spec:
      return text_condition("spec", term,
                            [&]() -> const KnownValues::Values& { return terms.specs; });
    case About::verdict:
      return verdict_condition(term, terms.waived);
    case About::verdict_of_spec:
      return Sql()
          .add("(spec = ?", meaning.spec)
          .add(" AND ")
          .add(verdict_condition(term, terms.waived))
          .add(")");
    case About::requirement:
      return requirement_condition(term, terms);
    default:
      break;
  }
  const bool wanted = flag_of(single_value(term));
  return Sql()
      .add(wanted ? "id" : "NOT id")
      .add(" IN (SELECT value FROM json_each(?)",
           ids_json(terms.waived, [](const WaivedVerdict&) { return true; }))
      .add(")");
}

// SQLite's parser remembers 100 things at once: what is nested deeper is looked for first.
Sql nested_condition(const Node& node, const JudgementTerms& terms, int depth) {
  constexpr int kDeepest = 3;
  if (node.kind == Node::Kind::term) return term_condition(node.term, terms);
  if (depth > kDeepest) {
    const Sql search =
        Sql()
            .add("SELECT id FROM judgement INDEXED BY judgement_by_verdict WHERE latest = 1 AND ")
            .add(nested_condition(node, terms, 0));
    return Sql().add("holds(?, id)", terms.judgements(search));
  }
  if (node.kind == Node::Kind::none_of)
    return Sql().add("NOT ").add(nested_condition(node.parts.front(), terms, depth + 1));
  std::vector<Sql> each;
  for (const Node& part : node.parts) each.push_back(nested_condition(part, terms, depth + 1));
  return joined(each, node.kind == Node::Kind::any_of ? " OR " : " AND ");
}

}  // namespace

std::vector<Sql> word_searches(const Value& value, Words where) {
  if (!has_letters(value.text))
    throw Mistake(value.at, std::max<std::size_t>(value.length, 1),
                  "A word to look for needs at least one letter or digit.");
  std::vector<Sql> searches;
  for (const WordTable& table : kWordTables)
    if (where == Words::anywhere || where == table.where)
      searches.push_back(Sql().add(table.sql, phrase(value)));
  return searches;
}

std::vector<Sql> asset_searches(const Term& term, const Meaning& meaning, KnownValues& known) {
  const auto words = [&](Words where) {
    return word_searches(as_words(single_value(term)), where);
  };
  switch (meaning.about) {
    case About::quantity:
      return quantity_searches(term, meaning, known);
    case About::number:
      return in_pieces(term, [](const Term& part) { return integer_condition("id", part); });
    case About::content_id:
      return in_pieces(term, [](const Term& part) { return digest_condition("content_id", part); });
    case About::status:
      return {asset_search(word_condition("status", term, statuses()))};
    case About::kind:
      return {asset_search(word_condition("kind", term, {"video", "audio", "captions", "other"}))};
    case About::depth:
      return {asset_search(word_condition("depth", term, {"header", "packets", "decode"}))};
    case About::added:
      return in_pieces(term, [](const Term& part) { return time_condition("first_seen", part); });
    case About::measured:
      return in_pieces(term, [](const Term& part) { return time_condition("measured_at", part); });
    case About::path:
      return {path_search(single_value(term))};
    case About::sidecar_of:
      return sidecar_searches(single_value(term));
    case About::tag:
      return {tag_search(term, known)};
    case About::name:
      return words(Words::names);
    case About::note:
      return words(Words::notes);
    case About::cue:
      return words(Words::cues);
    default:
      break;
  }
  return words(Words::findings);
}

Sql judgement_condition(const Node& node, const JudgementTerms& terms) {
  return nested_condition(node, terms, 0);
}

}  // namespace cleangate::dam::query
