// SPDX-License-Identifier: Apache-2.0
#include "dam/seals.h"

#include <fmt/format.h>

#include <vector>

#include "dam/files.h"

namespace cleangate::dam {
namespace {

// quote() writes integers, text and blobs the same in every version of SQLite; of a field its
// nearest double is left out, which an index holds a second time.
constexpr const char* kSealed[] = {
    "SELECT quote(bytes), quote(kind), quote(status), quote(depth), quote(container), "
    "quote(error_code), quote(error_message), quote(content_hint), quote(isolation), "
    "quote(measured_at) FROM asset WHERE id = ?1",
    "SELECT quote(number), quote(kind), quote(native_id), quote(codec), quote(profile), "
    "quote(language), quote(essence_hint) FROM stream WHERE asset = ?1 ORDER BY number",
    "SELECT quote(field_name.name), quote(part), quote(text) FROM field JOIN field_name ON "
    "field_name.id = field.name WHERE asset = ?1 ORDER BY field_name.name, part, text"};

Sha256 asset_seal(Database& database, AssetNumber asset) {
  std::string text;
  for (const char* sql : kSealed) {
    const Query query = database.query(sql, asset);
    while (query->step()) {
      for (int column = 0; column < query->columns(); ++column)
        text.append(query->view(column)).append(" ");
      text += '\n';
    }
  }
  return sha256_of(text);
}

void check_events(Database& database, const std::function<void(const std::string&)>& wrong) {
  const Query query = database.query(
      "SELECT type, outcome, detail, object, time, agent, asset, seal, id FROM event WHERE seal IS "
      "NOT NULL");
  while (query->step()) {
    const Event event{query->text(0), query->text(1), query->text(2), query->text(3)};
    if (query->digest(7) !=
        event_seal(event, query->text(4), query->text(5), query->optional_integer(6)))
      wrong(fmt::format("event {} is not what was written", query->integer(8)));
  }
}

}  // namespace

void seal_asset(Database& database, AssetNumber asset) {
  const Sha256 seal = asset_seal(database, asset);
  database.run("UPDATE asset SET seal = ?2 WHERE id = ?1", asset, seal);
}

Sha256 event_seal(const Event& event, const std::string& time, const std::string& agent,
                  std::optional<AssetNumber> asset) {
  return sha256_of(fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}", event.type, time, event.outcome,
                               event.detail, agent, asset.value_or(0), event.object));
}

void check_seals(Database& database, const std::function<void(const std::string&)>& wrong) {
  std::vector<std::pair<AssetNumber, Sha256>> sealed;
  {
    const Query query = database.query("SELECT id, seal FROM asset WHERE seal IS NOT NULL");
    while (query->step())
      sealed.emplace_back(query->integer(0), query->digest(1).value_or(Sha256{}));
  }
  for (const auto& [asset, seal] : sealed)
    if (asset_seal(database, asset) != seal)
      wrong(fmt::format("what is searched of asset {} is not what was written", asset));
  check_events(database, wrong);
}

}  // namespace cleangate::dam
