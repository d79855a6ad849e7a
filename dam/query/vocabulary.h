// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "dam/sqlite.h"
#include "specs/quantity.h"

// What the names before a colon mean in this catalog.
namespace cleangate::dam::query {

// A quantity as it is searched: a row of `field_name`, or one that this program knows and no asset
// has yet (row 0).
struct SearchField {
  std::string id;
  std::int64_t row = 0;
  specs::Unit unit = specs::Unit::none;
  specs::ValueKind kind = specs::ValueKind::text;  // number, text, flag or timecode
};

enum class About {
  quantity,
  number,
  content_id,
  status,
  kind,
  depth,
  path,
  name,
  tag,
  note,
  cue,
  finding,
  spec,
  verdict,
  requirement,
  waived,
  added,
  measured,
  sidecar_of,
  verdict_of_spec  // the name is the id of a spec: `ebu-r128:fail`
};

struct Meaning {
  About about = About::quantity;
  std::vector<SearchField> fields;  // quantity: any of these
  std::string spec;                 // verdict_of_spec
};

// Does the judgement decide it, so that it combines with its like on one judgement?
[[nodiscard]] bool is_about_judgement(About about);

class Vocabulary {
 public:
  // `database` must outlive it and stay in one read transaction.
  explicit Vocabulary(Database& database);

  // The meaning of a name in lower case, or a sentence that says why there is none, with the
  // nearest name.
  [[nodiscard]] std::variant<Meaning, std::string> look_up(const std::string& name);
  // Every name, for docs and completion.
  [[nodiscard]] std::vector<std::string> names();
  // Ids of specs that have latest judgements, in order.
  [[nodiscard]] const std::vector<std::string>& specs();

 private:
  [[nodiscard]] std::vector<SearchField> ending_with(const std::string& name) const;
  [[nodiscard]] std::string unknown(const std::string& name);

  Database& database_;
  std::map<std::string, SearchField> fields_;
  std::vector<std::string> specs_;
  bool specs_loaded_ = false;
};

}  // namespace cleangate::dam::query
