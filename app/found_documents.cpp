// SPDX-License-Identifier: Apache-2.0
#include "app/found_documents.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/json_text.h"
#include "core/rational.h"
#include "core/text.h"

namespace cleangate::app {
namespace {

constexpr const char* kDuration = "file.duration";

// Numbers as in every document: rates and ratios exact, others rounded to 1e-6; flags are bools.
Json value_json(const std::string& text, const std::optional<double>& number, specs::Unit unit) {
  if (!number) return to_valid_utf8(text);
  if (text == "true" || text == "false") return text == "true";
  if (unit == specs::Unit::frames_per_second || unit == specs::Unit::ratio) return text;
  const auto exact = Rational::parse(text);
  if (exact && exact->is_integer()) return exact->num();
  return std::round(*number * 1e6) / 1e6;
}

Json duration_json(const dam::FoundAsset& asset) {
  const auto field = asset.fields.find(kDuration);
  if (field == asset.fields.end() || !field->second.front().number) return nullptr;
  return std::round(*field->second.front().number * 1e6) / 1e6;
}

Json verdicts_json(const dam::FoundAsset& asset) {
  Json json = Json::array();
  for (const dam::FoundVerdict& one : asset.verdicts) {
    json.push_back({{"spec", one.spec}, {"verdict", std::string(specs::to_string(one.verdict))}});
    if (one.stored != one.verdict)
      json.back()["verdict_before_waivers"] = std::string(specs::to_string(one.stored));
    if (one.waived > 0) json.back()["waived"] = one.waived;
    if (one.name) json.back()["name"] = to_valid_utf8(*one.name);
  }
  return json;
}

Json fields_json(const dam::FoundAsset& asset, const std::vector<dam::NamedField>& fields) {
  Json json = Json::object();
  for (const dam::NamedField& field : fields) {
    const auto found = asset.fields.find(field.id);
    if (found == asset.fields.end()) continue;
    Json values = Json::array();
    for (const dam::FoundValue& value : found->second) {
      Json one = {{"value", value_json(value.text, value.number, field.unit)}};
      if (value.part >= 0) one["part"] = value.part;
      values.push_back(std::move(one));
    }
    json[field.id] = std::move(values);
  }
  return json;
}

Json asset_json(const dam::FoundAsset& asset, const std::vector<dam::NamedField>& fields) {
  Json json = {{"number", asset.number},
               {"content_id", asset.content_id ? Json(to_content_id(*asset.content_id)) : Json()},
               {"path", to_valid_utf8(asset.path)}};
  if (!is_utf8(asset.path)) json["path_bytes"] = to_base64(asset.path);
  json["present"] = asset.present;
  json["kind"] = asset.kind;
  json["status"] = asset.status;
  json["bytes"] = asset.bytes;
  json["duration_s"] = duration_json(asset);
  json["tags"] = asset.tags;
  json["verdicts"] = verdicts_json(asset);
  if (Json values = fields_json(asset, fields); !values.empty()) json["fields"] = std::move(values);
  return json;
}

Json facets_json(const std::vector<dam::Facet>& facets) {
  Json json = Json::object();
  for (const dam::Facet& facet : facets) {
    json[facet.field] = Json::array();
    for (const dam::FacetValue& value : facet.values)
      json[facet.field].push_back(
          {{"value", value_json(value.value, value.number, facet.unit)}, {"count", value.count}});
  }
  return json;
}

// A value for CSV and the like: exact rates, decimals for the rest.
std::string plain_text(const dam::FoundValue& value, specs::Unit unit) {
  const Json json = value_json(value.text, value.number, unit);
  return json.is_string() ? json.get<std::string>() : printed(json, JsonShape::line);
}

}  // namespace

std::string of_name(const dam::FoundAsset& asset, const dam::FoundVerdict& verdict) {
  const bool alone = std::count_if(asset.verdicts.begin(), asset.verdicts.end(),
                                   [&](const auto& one) { return one.spec == verdict.spec; }) == 1;
  if (!verdict.name || (alone && *verdict.name == file_name(asset.path))) return {};
  return fmt::format(" (as {})", readable(*verdict.name));
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string found_document(const std::string& query, const dam::Found& found) {
  Json json = {{"schema", "cleangate.find/1"},
               {"version", CLEANGATE_VERSION},
               {"query", to_valid_utf8(query)},
               {"total", found.total},
               {"assets", Json::array()}};
  std::vector<dam::NamedField> shown;
  for (const dam::NamedField& field : found.fields)
    if (field.id != kDuration) shown.push_back(field);
  for (const dam::FoundAsset& asset : found.assets)
    json["assets"].push_back(asset_json(asset, shown));
  if (!found.facets.empty()) json["facets"] = facets_json(found.facets);
  if (found.next) json["next"] = *found.next;
  return printed(json) + "\n";
}

std::string found_csv(const dam::Found& found) {
  std::string out = "number,content_id,path,kind,status,bytes,duration_s";
  std::vector<dam::NamedField> shown;
  for (const dam::NamedField& field : found.fields)
    if (field.id != kDuration) shown.push_back(field);
  for (const dam::NamedField& field : shown) out += "," + csv_field(field.id);
  out += ",tags,verdicts\r\n";
  for (const dam::FoundAsset& asset : found.assets) {
    const Json duration = duration_json(asset);
    out += fmt::format("{},{},{},{},{},{},{}", asset.number,
                       asset.content_id ? to_content_id(*asset.content_id) : "",
                       csv_field(to_valid_utf8(asset.path)), asset.kind, asset.status, asset.bytes,
                       duration.is_null() ? "" : printed(duration, JsonShape::line));
    for (const dam::NamedField& field : shown) {
      std::string values;
      if (const auto at = asset.fields.find(field.id); at != asset.fields.end())
        for (const dam::FoundValue& value : at->second)
          values += (values.empty() ? "" : "; ") + plain_text(value, field.unit);
      out += "," + csv_field(values);
    }
    std::string verdicts;
    for (const dam::FoundVerdict& one : asset.verdicts)
      verdicts += fmt::format("{}{}={}{}", verdicts.empty() ? "" : "; ", one.spec,
                              specs::to_string(one.verdict), of_name(asset, one));
    out += fmt::format(",{},{}\r\n", csv_field(fmt::format("{}", fmt::join(asset.tags, "; "))),
                       csv_field(verdicts));
  }
  return out;
}

}  // namespace cleangate::app
