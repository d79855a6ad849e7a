// SPDX-License-Identifier: Apache-2.0
#include "dam/query/vocabulary.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/text.h"

namespace cleangate::dam::query {
namespace {

struct Name {
  std::string_view name;
  About about;
};

constexpr Name kNames[] = {{"number", About::number},
                           {"id", About::content_id},
                           {"content_id", About::content_id},
                           {"status", About::status},
                           {"kind", About::kind},
                           {"depth", About::depth},
                           {"path", About::path},
                           {"name", About::name},
                           {"tag", About::tag},
                           {"note", About::note},
                           {"cue", About::cue},
                           {"finding", About::finding},
                           {"spec", About::spec},
                           {"verdict", About::verdict},
                           {"requirement", About::requirement},
                           {"waived", About::waived},
                           {"added", About::added},
                           {"measured", About::measured},
                           {"sidecar_of", About::sidecar_of}};

// Short names of quantities; the last part of an id needs none where only one quantity has it.
struct Alias {
  std::string_view name;
  std::array<std::string_view, 2> ids;
};

constexpr Alias kAliases[] = {{"codec", {"video.codec", "audio.codec"}},
                              {"language", {"audio.language", "soundfield.language"}},
                              {"loudness", {"loudness.integrated", ""}},
                              {"duration", {"file.duration", ""}},
                              {"bytes", {"file.bytes", ""}},
                              {"size", {"file.bytes", ""}},
                              {"container", {"container.format", ""}},
                              {"fps", {"video.frame_rate", ""}},
                              {"bit_depth", {"video.bit_depth", ""}},
                              {"aspect", {"video.display_aspect", ""}},
                              {"timecode", {"timecode.start", ""}},
                              {"black", {"picture.black.count", ""}},
                              {"freeze", {"picture.freeze.count", ""}}};

specs::Unit unit_named(std::string_view name) {
  for (int unit = 0; unit <= static_cast<int>(specs::Unit::ppm); ++unit)
    if (specs::to_string(static_cast<specs::Unit>(unit)) == name)
      return static_cast<specs::Unit>(unit);
  return specs::Unit::none;
}

specs::ValueKind kind_named(std::string_view name) {
  if (name == "number") return specs::ValueKind::number;
  if (name == "flag") return specs::ValueKind::flag;
  return name == "timecode" ? specs::ValueKind::timecode : specs::ValueKind::text;
}

void add_known(std::map<std::string, SearchField>& fields) {
  for (const specs::Quantity* quantity : specs::quantities()) {
    const std::string id(quantity->id);
    if (id == "file.name") continue;  // names are of locations: `name:`, `path:`
    if (quantity->kind != specs::ValueKind::spans) {
      fields[id] = {id, 0, quantity->unit, quantity->kind};
      continue;
    }
    fields[id + ".count"] = {id + ".count", 0, specs::Unit::count, specs::ValueKind::number};
    fields[id + ".seconds"] = {id + ".seconds", 0, specs::Unit::seconds, specs::ValueKind::number};
  }
}

}  // namespace

bool is_about_judgement(About about) {
  return about == About::spec || about == About::verdict || about == About::requirement ||
         about == About::waived || about == About::verdict_of_spec;
}

Vocabulary::Vocabulary(Database& database) : database_(database) {
  add_known(fields_);
  const Query rows = database.query("SELECT id, name, unit, kind FROM field_name");
  while (rows->step()) {
    const std::string name = rows->text(1);
    fields_[name] = {name, rows->integer(0), unit_named(rows->text(2)), kind_named(rows->text(3))};
  }
}

const std::vector<std::string>& Vocabulary::specs() {
  if (specs_loaded_) return specs_;
  const Query rows = database_.query(
      "WITH RECURSIVE one(spec) AS (SELECT min(spec) FROM judgement WHERE latest = 1 UNION ALL "
      "SELECT (SELECT min(spec) FROM judgement WHERE latest = 1 AND spec > one.spec) FROM one "
      "WHERE "
      "one.spec IS NOT NULL) SELECT spec FROM one WHERE spec IS NOT NULL");
  while (rows->step()) specs_.push_back(rows->text(0));
  specs_loaded_ = true;
  return specs_;
}

std::vector<SearchField> Vocabulary::ending_with(const std::string& name) const {
  std::vector<SearchField> found;
  for (const auto& [id, field] : fields_)
    if (id.ends_with("." + name)) found.push_back(field);
  return found;
}

std::vector<std::string> Vocabulary::names() {
  std::vector<std::string> all;
  for (const Name& one : kNames) all.emplace_back(one.name);
  for (const Alias& one : kAliases) all.emplace_back(one.name);
  for (const auto& [id, field] : fields_) {
    all.push_back(id);
    const std::string last = id.substr(id.rfind('.') + 1);
    if (ending_with(last).size() == 1) all.push_back(last);
  }
  for (const std::string& spec : specs()) all.push_back(spec);
  return all;
}

std::string Vocabulary::unknown(const std::string& name) {
  const auto near = nearest(name, names());
  return fmt::format(
      "There is no field {}{} To look for the word itself, put it in quotation marks.",
      readable(name), near ? fmt::format("; did you mean {}?", *near) : ".");
}

std::variant<Meaning, std::string> Vocabulary::look_up(const std::string& name) {
  for (const Name& one : kNames)
    if (one.name == name) return Meaning{one.about, {}, {}};
  for (const Alias& one : kAliases) {
    if (one.name != name) continue;
    Meaning meaning;
    for (const std::string_view id : one.ids)
      if (const auto field = fields_.find(std::string(id)); field != fields_.end())
        meaning.fields.push_back(field->second);
    return meaning;
  }
  if (const auto field = fields_.find(name); field != fields_.end())
    return Meaning{About::quantity, {field->second}, {}};
  if (auto fields = ending_with(name); fields.size() == 1)
    return Meaning{About::quantity, std::move(fields), {}};
  else if (fields.size() > 1) {
    std::vector<std::string> ids;
    ids.reserve(fields.size());
    for (const SearchField& field : fields) ids.push_back(field.id);
    return fmt::format("{} can mean {}: write one of them.", name, fmt::join(ids, " or "));
  }
  for (const std::string& spec : specs())
    if (spec == name) return Meaning{About::verdict_of_spec, {}, spec};
  return unknown(name);
}

}  // namespace cleangate::dam::query
