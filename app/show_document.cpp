// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "app/json_text.h"
#include "app/measurements.h"
#include "app/show_text.h"
#include "core/text.h"

namespace cleangate::app {
namespace {

Json stored_json(const dam::StoredAsset& stored) {
  Json json = {{"number", stored.number},
               {"kind", stored.kind},
               {"first_seen", stored.first_seen},
               {"measured_at", stored.measured_at}};
  if (stored.pruned_at) json["pruned_at"] = *stored.pruned_at;
  json["locations"] = Json::array();
  for (const dam::StoredLocation& place : stored.locations) {
    Json one = {{"path", to_valid_utf8(place.location.path)}};
    if (!is_utf8(place.location.path)) one["path_bytes"] = to_base64(place.location.path);
    one["volume"] = to_valid_utf8(place.location.stat.volume);
    one["bytes"] = place.location.stat.bytes;
    one["state"] = place.state;
    one["first_seen"] = place.first_seen;
    one["last_seen"] = place.last_seen;
    json["locations"].push_back(std::move(one));
  }
  json["tags"] = Json::array();
  for (const dam::StoredTag& tag : stored.tags)
    json["tags"].push_back({{"tag", tag.name}, {"by", tag.by}, {"time", tag.time}});
  json["notes"] = Json::array();
  for (const dam::StoredNote& note : stored.notes)
    json["notes"].push_back(
        {{"note", note.id}, {"text", note.text}, {"by", note.by}, {"time", note.time}});
  json["relations"] = Json::array();
  for (const dam::StoredRelation& one : stored.relations) {
    Json relation = {{"number", one.number},
                     {"kind", one.kind},
                     {"other", one.other},
                     {"path", to_valid_utf8(one.path)}};
    if (!is_utf8(one.path)) relation["path_bytes"] = to_base64(one.path);
    json["relations"].push_back(std::move(relation));
  }
  return json;
}

Json events_json(const std::vector<dam::StoredEvent>& events) {
  Json json = Json::array();
  for (const dam::StoredEvent& event : events)
    json.push_back({{"event", event.id},
                    {"type", event.type},
                    {"time", event.time},
                    {"outcome", event.outcome},
                    {"detail", event.detail},
                    {"agent", event.agent},
                    {"object", event.object}});
  return json;
}

Json against_json(const AgainstOther& against, const probes::AssetFacts& facts) {
  const auto findings = [&](const std::vector<specs::Finding>& all) {
    Json list = Json::array();
    for (const specs::Finding& finding : all) list.push_back(parsed(finding_json(facts, finding)));
    return list;
  };
  Json json = {{"name", to_valid_utf8(against.name)}, {"specs", Json::array()}};
  for (const Comparison& one : against.comparisons) {
    Json same = Json::array();
    for (const Comparison::Pair& pair : one.same)
      same.push_back({{"changed", pair.changed},
                      {"before", parsed(finding_json(facts, pair.before))},
                      {"now", parsed(finding_json(facts, pair.now))}});
    json["specs"].push_back({{"spec", one.spec},
                             {"before", std::string(specs::to_string(one.before))},
                             {"now", std::string(specs::to_string(one.now))},
                             {"new", findings(one.fresh)},
                             {"gone", findings(one.gone)},
                             {"same", std::move(same)}});
  }
  json["not_comparable"] = against.missing;
  return json;
}

}  // namespace

std::string show_document(const RememberedAsset& asset, const std::vector<dam::StoredEvent>& events,
                          FindingsShown shown, const AgainstOther* against, JsonShape shape) {
  const ToldAsset told = asset.told();
  Json json = headed("cleangate.show/1");
  const Json stored = stored_json(asset.stored);
  for (const auto& [key, value] : stored.items()) json[key] = value;
  json["asset"] = parsed(
      asset_json(told, asset.evidence ? take_measurements(*asset.evidence) : Measurements{}));
  if (!asset.evidence) {
    json["asset"]["bytes"] = asset.stored.bytes;
    json["asset"]["content_id"] =
        asset.stored.content_id ? Json(to_content_id(*asset.stored.content_id)) : Json();
  }
  json["verdicts"] = Json::array();
  for (const RememberedVerdict& one : asset.verdicts) {
    ToldAsset named = told;
    if (asset.evidence) named.path = path_of(one.verdict, asset.evidence->paths());
    Json verdict = parsed(verdict_json(named, one.verdict, shown, &one.remembered));
    verdict["time"] = one.time;
    verdict["confirmed"] = one.confirmed;
    verdict["program"] = one.program;
    json["verdicts"].push_back(std::move(verdict));
  }
  json["events"] = events_json(events);
  if (against) json["against"] = against_json(*against, asset.stored.facts);
  return printed(json, shape) + "\n";
}

}  // namespace cleangate::app
