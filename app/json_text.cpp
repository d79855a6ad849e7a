// SPDX-License-Identifier: Apache-2.0
#include "app/json_text.h"

#include <nlohmann/json.hpp>

#include "app/documents.h"

namespace cleangate::app {

std::string printed(const Json& json) { return printed(json, JsonShape::pretty); }

std::string printed(const Json& json, JsonShape shape) {
  return json.dump(shape == JsonShape::pretty ? 2 : -1, ' ', false, Json::error_handler_t::replace);
}

Json parsed(const std::string& text) { return Json::parse(text); }

Json headed(const std::string& schema) {
  Json json = Json::object();
  json["schema"] = schema;
  json["version"] = CLEANGATE_VERSION;
  return json;
}

}  // namespace cleangate::app
